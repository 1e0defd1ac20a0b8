"""A household whose services are called straight: a database, a clock that is held, and nobody at the other end.

There is no Telegram and no Cloudflare here, so whatever asks them fails the test. What decides without them is tried
at the very moment at which it turns; see ``tests.still_family`` for what needs phones.
"""

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.chat.outbound.connection import connect
from bot.chat.outbound.notifier import TelegramCourier
from bot.edge.client import CloudflareClient
from bot.edge.zone import CloudflareZone
from bot.errors import LatchkeyError
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import Certificate, KeyType, Origin, RevokeReason, State
from bot.model.certificates.names import device_name
from bot.model.jobs import Job, JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.model.people.people import Account, Person, Role
from bot.services.context import AppContext, HouseholdPolicy
from bot.services.people.identify import reader
from bot.services.vault import Vault
from bot.store.engine.database import Store
from bot.store.protection.rule_lock import RuleLock
from sandbox.bot import lay_down
from tests.still_family import HeldClock
from tests.store.open_store import TOKEN

MONDAY_NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)
NOWHERE = "http://127.0.0.1:9"
"""Where nothing listens."""

HERE = MessageRef(1, 7)


class QuietHome:
    """Anna is a permanent admin, Ben an admin, Mia is trusted, Tom and Kim are members; Eve is a stranger."""

    def __init__(self, app: AppContext, clock: HeldClock) -> None:
        self.parts = app
        self.clock = clock

    def policy(self, **values: Any) -> None:
        """Change what the settings say."""
        self.parts = replace(self.parts, policy=replace(self.parts.policy, **values))

    def account(self, name: str) -> Account:
        """What Telegram tells of somebody."""
        return account_of(name)

    async def who(self, name: str) -> Person:
        """Somebody as the record knows them, met now if never before."""
        async with self.parts.store.write() as tx:
            return await tx.people.upsert_from_telegram(self.account(name))

    async def changed(self, name: str, **values: Any) -> Person:
        """Change somebody's row."""
        person = await self.who(name)
        async with self.parts.store.write() as tx:
            return await tx.people.change(person, tag=AuditTag.PERSON_LIMIT_SET, **values)

    async def certificate(self, name: str, device: str, state: State = State.ACTIVE, **facts: Any) -> Certificate:
        """A certificate of somebody's in that state. One in use was sent to ``HERE`` and is known to work."""
        owner = await self.who(name)
        origin = facts.pop("origin", Origin.MADE_HERE)
        ordering = {key: facts.pop(key) for key in ("replaces", "renews", "again_until") if key in facts}
        async with self.parts.store.write() as tx:
            made = await tx.certificates.order(
                owner, device_name(device), key_type=KeyType.P256, days=730, origin=origin, **ordering
            )
            if state in {State.ISSUING, State.FAILED}:
                tag = AuditTag.CERTIFICATE_FAILED
                return made if state is State.ISSUING else await tx.certificates.move(made, state, tag=tag, **facts)
            now = tx.now
            in_use: dict[str, Any] = {
                "issued_at": now,
                "expires_at": now + timedelta(days=730),
                "chat_id": HERE.chat_id,
                "message_id": HERE.message_id,
                "sent_at": now,
                "password_shown_at": now,
                "works_at": now,
                "cleaned_at": now,
            }
            if state is not State.ACTIVE:
                in_use |= {"revoke_reason": RevokeReason.PLAIN, "revoke_asked_at": now, "revoked_by": owner.id}
            made = await tx.certificates.move(
                made, State.ACTIVE, tag=AuditTag.CERTIFICATE_ISSUED, **{**in_use, **facts}
            )
            for step in _STEPS[state]:
                made = await tx.certificates.move(made, step, tag=AuditTag.CERTIFICATE_REVOKED)
            return made

    async def now(self, certificate: Certificate) -> Certificate:
        """A certificate as it is now."""
        async with self.parts.store.read() as tx:
            return await tx.certificates.of(certificate.public_id)

    async def chores(self, kind: JobKind, subject: str) -> list[Job]:
        """What waits to be done."""
        async with self.parts.store.read() as tx:
            return list(await tx.jobs.of_subject(kind, subject))

    async def told(self, notice: type[Notice], name: str) -> list[dict[str, Any]]:
        """What waits to be told to somebody."""
        waiting = await self.chores(JobKind.NOTICE, str(self.account(name).telegram_id))
        return [chore.payload for chore in waiting if chore.payload["notice"] == notice.__name__]


_STEPS: dict[State, tuple[State, ...]] = {
    State.ACTIVE: (),
    State.EXPIRED: (State.EXPIRED,),
    State.REVOKING: (State.REVOKING,),
    State.REVOKED: (State.REVOKING, State.REVOKED),
    State.RESTORING: (State.REVOKING, State.RESTORING),
}


async def answer(doing: Awaitable[object]) -> str:
    """The name of the refusal, or "done"."""
    try:
        await doing
    except LatchkeyError as refusal:
        return type(refusal).__name__
    return "done"


@asynccontextmanager
async def quiet_home(directory: Path, **settings: Any) -> AsyncIterator[QuietHome]:
    """The household, on Monday at noon."""
    file = directory / "latchkey.sqlite3"
    clock = HeldClock(MONDAY_NOON)
    await _move_in(file, clock)
    store, client = Store(file, clock, TOKEN), CloudflareClient(TOKEN, NOWHERE, clock)
    policy = HouseholdPolicy(
        zone="example.com",
        key_type=KeyType.P256,
        validity_days=730,
        device_limit=5,
        flavour="compat",
        cleanup=timedelta(minutes=15),
    )

    async def voice(telegram_id: int) -> Any:
        return await reader(parts, telegram_id)

    parts = AppContext(
        store=store,
        edge=CloudflareZone(client, policy.zone, clock),
        notifier=TelegramCourier(connect(TOKEN, NOWHERE), voice, clock),
        clock=clock,
        vault=Vault(),
        policy=replace(policy, **settings),
        rule_lock=RuleLock(file, clock),
    )
    try:
        yield QuietHome(parts, clock)
    finally:
        await client.close()
        await store.close()


async def _move_in(file: Path, clock: HeldClock) -> None:
    """Write the household down: once in a process, and after that its database is copied."""
    lay_down(file)
    if not _LIVED_IN:
        store = Store(file, clock, TOKEN)
        async with store.write() as tx:
            for name in ("Anna", "Ben", "Mia", "Tom", "Kim"):
                role = Role.ADMIN if name in {"Anna", "Ben"} else Role.MEMBER
                made = await tx.people.register(account_of(name), role, tag=AuditTag.PERSON_LET_IN, actor=SYSTEM)
                if name in {"Anna", "Mia"}:
                    change: dict[str, Any] = {"permanent": True} if name == "Anna" else {"trusted": True}
                    await tx.people.change(made, tag=AuditTag.PERSON_TRUSTED, **change)
        await store.close()
        assert not file.with_name(file.name + "-wal").exists()
        _LIVED_IN.append(file.read_bytes())
    file.write_bytes(_LIVED_IN[0])


def account_of(name: str) -> Account:
    """What Telegram tells of somebody."""
    return Account(telegram_id=sum(map(ord, name)), name=name, language="en")


_LIVED_IN: list[bytes] = []
