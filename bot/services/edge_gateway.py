"""What the services ask of the edge, in our own types."""

from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Protocol

from bot.model.certificates.at_cloudflare import EdgeCertificate, EdgeStatus
from bot.model.protection.earlier_rules import EarlierRules
from bot.model.protection.hosts import ZoneNames
from bot.model.protection.plan import PlannedRule
from bot.model.protection.rule_state import RuleState
from bot.model.protection.zone_lock import LockState
from bot.model.protection.zone_settings import Switch, ZoneSetting
from bot.model.status.blocked_requests import BlockedRequests


class EdgeGateway(Protocol):
    """Certificates and rules of one zone.

    Every method may raise ``Unclear`` (nobody knows whether it was done), ``RefusedByEdge``, ``Busy`` (it
    was not done) and ``MissingRight``.
    """

    async def sign(self, csr: str, days: int) -> EdgeCertificate:
        """Have a CSR signed. Never repeated by itself: each call that arrives makes a certificate.

        Also raises ``CertificateQuotaFull``, as does ``reactivate``.
        """

    async def certificate_quota(self) -> int:
        """How many live certificates the zone's plan allows. Cloudflare may say sooner that it is full."""

    async def all_certificates(self) -> tuple[EdgeCertificate, ...]:
        """Every certificate of the zone, revoked ones too: many calls where a household is old."""

    async def live_certificates(self) -> tuple[EdgeCertificate, ...]:
        """Those that hold a slot: whoever has one of them may get in. One that was revoked and given back is among
        them.
        """

    async def revoke(self, cloudflare_id: str) -> EdgeStatus:
        """Ask for a revocation; asking for it again does no harm."""

    async def reactivate(self, cloudflare_id: str) -> EdgeStatus:
        """Ask for a revoked certificate to be taken back."""

    async def status(self, cloudflare_id: str) -> EdgeCertificate:
        """What Cloudflare says of one certificate now."""

    async def names(self) -> ZoneNames:
        """The zone's names that go through Cloudflare, where the token may read them."""

    async def lock_state(self) -> LockState:
        """Which hosts ask for a certificate, and what the rules make of it."""

    async def rule_state(self) -> RuleState:
        """Our rule as it stands now, and the rules around it."""

    async def earlier_rules(self) -> EarlierRules:
        """What Cloudflare decides before our rule is asked, as far as it is told. Raises nothing: what is not told is
        part of the answer.
        """

    async def apply(self, planned: PlannedRule, *, try_first: bool = False) -> RuleState:
        """Make our rule say this, first in the list; the rules of others stay as they are. May be repeated.

        ``try_first`` only where somebody waits for something to be opened or protected, never before what takes away.
        Also raises ``RuleQuotaFull`` and ``EdgeConflict``.
        """

    async def switch_rule(self, rule_id: str, text: str, *, enabled: bool) -> None:
        """Switch somebody else's rule on or off, on order alone; nothing else of it changes. May be repeated.

        ``text`` is its expression as it was agreed on; raises ``EdgeConflict`` where it says something else by now.
        """

    async def remove_rule(self) -> None:
        """Take our rule out, where there is one. May be repeated. Also raises ``EdgeConflict``."""

    async def associated_hosts(self) -> tuple[str, ...]:
        """The hosts at which Cloudflare asks for a certificate, in lower case and in order."""

    async def change_hosts(
        self, *, add: AbstractSet[str] = frozenset(), remove: AbstractSet[str] = frozenset()
    ) -> tuple[str, ...]:
        """Add and remove such hosts; those of others stay. May be repeated. Answers the list after it.

        Also raises ``HostsNotTaken`` and ``EdgeConflict``.
        """

    async def setting(self, setting: ZoneSetting) -> Switch:
        """How a setting of the zone stands, as far as it is told."""

    async def turn_off(self, setting: ZoneSetting) -> None:
        """Turn a setting of the zone off, on order alone. May be repeated."""

    async def missing_rights(self) -> tuple[str, ...]:
        """The rights that the token lacks, in Cloudflare's words; told by trying what changes nothing."""

    async def other_zones(self) -> tuple[str, ...]:
        """Other zones of the same account, as far as the token sees them: they share the certificates' CA."""

    async def blocked_requests(self, hosts: AbstractSet[str]) -> BlockedRequests:
        """The last requests that were turned away at these hosts, as far as the plan tells."""

    async def clock_ahead(self) -> timedelta:
        """By how much our clock is ahead of Cloudflare's now, to a second or two; negative when it is behind."""


"""Live client certificates a zone may have (Cloudflare's plan index, ``ssl.client_certificates.quantity``)."""
