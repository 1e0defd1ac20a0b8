"""What the use cases work with."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.errors import EdgeTrouble
from bot.model.certificates.certificates import KeyType
from bot.model.protection.zone_lock import LockState
from bot.services.edge_gateway import EdgeGateway
from bot.services.metrics import Meter, NoMeter
from bot.services.notifier import Notifier
from bot.services.prober import NoProber, Prober
from bot.services.rate_limit import RateLimiter
from bot.services.rule_observer import NoRuleObserver, RuleObserver
from bot.services.vault import Vault
from bot.store.engine.database import Store
from bot.store.protection.rule_lock import RuleLock

_UTC = ZoneInfo("UTC")


@dataclass(frozen=True, kw_only=True)
class HouseholdPolicy:
    """What the settings decide for the use cases."""

    zone: str
    key_type: KeyType
    validity_days: int
    device_limit: int
    flavour: Literal["compat", "modern"]
    cleanup: timedelta
    request_life: timedelta = timedelta(hours=72)
    trusted_may_report: bool = True
    most_open: timedelta = timedelta(days=30)
    time_zone: ZoneInfo = _UTC
    digest: bool = True


@dataclass(frozen=True, kw_only=True)
class AppContext:
    """Built once by ``bot.app``. ``computing`` lets one key be made or one file be packed at a time: the one takes a
    core, the other holds the interpreter.

    Whoever writes the rule holds ``rule_lock``; ``rule_observer`` sees from here whether the edge has it,
    and ``prober`` sends any request through it.
    """

    store: Store
    edge: EdgeGateway
    notifier: Notifier
    clock: Clock
    vault: Vault
    policy: HouseholdPolicy
    rule_lock: RuleLock
    rule_observer: RuleObserver = field(default_factory=NoRuleObserver)
    prober: Prober = field(default_factory=NoProber)
    admission: RateLimiter = field(default_factory=RateLimiter)
    meter: Meter = field(default_factory=NoMeter)
    computing: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def lock_if_told(self) -> LockState | None:
        """The lock's state for a message; ``None`` when Cloudflare does not tell it now. Messages then say so."""
        try:
            return await self.edge.lock_state()
        except EdgeTrouble:
            return None


FILE_TTL = timedelta(hours=24)
"""How long a file stays in the chat when nobody looks at its password (Telegram deletes only below 48 h)."""

PASSWORD_TTL = timedelta(minutes=15)
UNDO_WINDOW = timedelta(minutes=2)
REISSUE_WINDOW = timedelta(days=7)
"""How long *Make it again* needs no second yes."""

PERMISSION = timedelta(days=7)
"""How long an admin's yes waits for its use."""

INVITATION = timedelta(days=3)
CLAIM_LINK_TTL = timedelta(minutes=15)
MAX_OPEN_REQUESTS = 20
UNAPPROVED_LIMIT = 2
UNAPPROVED_WINDOW = timedelta(hours=24)
"""Trusted people's certificates that need no admin's tap: this many within that time."""

BEFORE_END = timedelta(minutes=10)
"""How long before a path closes its opener is reminded."""

PROMPT_TTL = timedelta(minutes=10)
REQUEST_FILE_TTL = timedelta(hours=24)
STRAYS_WATCHED = timedelta(hours=24)
"""How long a key whose certificate never came is looked for at Cloudflare."""
