"""The gateway to one zone of Cloudflare."""

import asyncio
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any as Anything

from bot.clock import Clock
from bot.edge.associations import SSL_RIGHT, Associations
from bot.edge.certificates import CertificateList, certificate_of, status_of
from bot.edge.client import CloudflareClient, Envelope, Verb
from bot.edge.dns import proxied_names
from bot.edge.earlier_rules import read_earlier_rules
from bot.edge.firewall_events import blocked_requests
from bot.edge.json_guards import objects, require_object
from bot.edge.probe_mark import ProbeMark
from bot.edge.rulesets import CustomRules
from bot.edge.settings import read_setting, turn_off
from bot.edge.zones import ZONE_RIGHT, zones_seen
from bot.errors import CertificateQuotaFull, MissingRight, RefusedByEdge, Unclear
from bot.model.certificates.at_cloudflare import ENTERPRISE_QUOTA, QUOTA, EdgeCertificate, EdgeStatus
from bot.model.protection.earlier_rules import EarlierRules
from bot.model.protection.expression import All, Any, Expression, Member, Not
from bot.model.protection.expression_fields import HOST, REVOKED, VERIFIED
from bot.model.protection.hosts import ZoneNames
from bot.model.protection.plan import PlannedRule
from bot.model.protection.printer import to_text
from bot.model.protection.rule_state import RuleState
from bot.model.protection.zone_lock import LockState, judge
from bot.model.protection.zone_settings import Switch, ZoneSetting
from bot.model.status.blocked_requests import BlockedRequests

_ALREADY_REVOKED = 1407
# "Hit maximum certificate allocation: 100 certificates per zone are allowed".
_QUOTA_FULL = 1445
_NO_CERTIFICATE = "00000000-0000-0000-0000-000000000000"


class CloudflareZone:
    """An ``EdgeGateway`` for the zone of that name. The zone's id is looked up once; ``mark`` is on our requests."""

    def __init__(self, client: CloudflareClient, name: str, clock: Clock, mark: ProbeMark | None = None) -> None:
        self._client = client
        self._name = name
        self._clock = clock
        self._mark = mark
        self._id: str | None = None
        self._account = ""
        self._full = True
        self._quota = QUOTA
        self._rules = CustomRules(self._call)
        self._associations = Associations(self._call)
        self._certificates = CertificateList(self._call)

    async def zone_id(self) -> str:
        """The zone's id.

        Raises:
            MissingRight: the token does not see the zone (or there is none of that name in the account).
        """
        if self._id is None:
            envelope = await self._client.call("GET", "/zones", right=ZONE_RIGHT, query={"name": self._name})
            found = [zone for zone in objects(envelope.get("result")) if zone.get("name") == self._name]
            if not found:
                raise MissingRight(ZONE_RIGHT)
            if not isinstance(found[0].get("id"), str):
                raise Unclear
            self._id = found[0]["id"]
            self._account = str(require_object(found[0].get("account")).get("id") or "")
            self._full = found[0].get("type") != "partial"
            plan = require_object(found[0].get("plan"))
            self._quota = ENTERPRISE_QUOTA if plan.get("legacy_id") == "enterprise" else QUOTA
        return self._id

    async def sign(self, csr: str, days: int) -> EdgeCertificate:
        """See ``EdgeGateway.sign``."""
        body = {"csr": csr, "validity_days": days}
        envelope = await self._into_slot("POST", "client_certificates", body)
        return certificate_of(envelope.get("result"))

    async def certificate_quota(self) -> int:
        """See ``EdgeGateway.certificate_quota``."""
        await self.zone_id()
        return self._quota

    async def all_certificates(self) -> tuple[EdgeCertificate, ...]:
        """See ``EdgeGateway.all_certificates``."""
        return await self._certificates.everything()

    async def live_certificates(self) -> tuple[EdgeCertificate, ...]:
        """See ``EdgeGateway.live_certificates``."""
        return await self._certificates.live()

    async def revoke(self, cloudflare_id: str) -> EdgeStatus:
        """See ``EdgeGateway.revoke``."""
        try:
            envelope = await self._call("DELETE", f"client_certificates/{cloudflare_id}", SSL_RIGHT, takes_away=True)
        except RefusedByEdge as refusal:
            if _ALREADY_REVOKED in refusal.codes:
                # Said of one whose revocation is pending too: the order was taken, which is not yet that it is done.
                return (await self.status(cloudflare_id)).status
            raise
        return status_of(envelope.get("result"))

    async def reactivate(self, cloudflare_id: str) -> EdgeStatus:
        """See ``EdgeGateway.reactivate``."""
        body = {"reactivate": True}
        envelope = await self._into_slot("PATCH", f"client_certificates/{cloudflare_id}", body)
        return status_of(envelope.get("result"))

    async def status(self, cloudflare_id: str) -> EdgeCertificate:
        """See ``EdgeGateway.status``."""
        envelope = await self._call("GET", f"client_certificates/{cloudflare_id}", SSL_RIGHT, takes_away=True)
        return certificate_of(envelope.get("result"))

    async def check_may_write(self) -> None:
        """Return when the token may issue and revoke: told by asking to revoke a certificate that cannot be.

        Raises:
            MissingRight: it may not.
            Unclear, Busy: nobody knows.
        """
        try:
            await self._call("DELETE", f"client_certificates/{_NO_CERTIFICATE}", SSL_RIGHT)
        except RefusedByEdge:
            return

    async def names(self) -> ZoneNames:
        """See ``EdgeGateway.names``."""
        await self.zone_id()
        told = await proxied_names(self._call)
        if told is None:
            return ZoneNames(full=self._full)
        records, cut = told
        return ZoneNames(full=self._full, proxied=tuple(one.name for one in records), records=records, cut=cut)

    async def check_may_change_rules(self) -> None:
        """Return when the token may change the zone's custom rules; raises as ``check_may_write``."""
        await self._rules.check_may_write()

    async def lock_state(self) -> LockState:
        """See ``EdgeGateway.lock_state``."""
        await self.zone_id()
        hosts, rules = await asyncio.gather(self._associations.hosts(), self._rules.zone_rules())
        now = self._clock.now()
        return LockState(
            hosts=tuple(judge(host, rules, now) for host in hosts),
            recommended=to_text(_recommended(hosts)) if hosts else "",
        )

    async def rule_state(self) -> RuleState:
        """See ``EdgeGateway.rule_state``."""
        return await self._rules.state()

    async def earlier_rules(self) -> EarlierRules:
        """See ``EdgeGateway.earlier_rules``."""
        return await read_earlier_rules(self._call, self._call_account)

    async def apply(self, planned: PlannedRule, *, try_first: bool = False) -> RuleState:
        """See ``EdgeGateway.apply``."""
        return await self._rules.write(planned, try_first=try_first)

    async def switch_rule(self, rule_id: str, text: str, *, enabled: bool) -> None:
        """See ``EdgeGateway.switch_rule``."""
        await self._rules.switch(rule_id, text, enabled=enabled)

    async def remove_rule(self) -> None:
        """See ``EdgeGateway.remove_rule``."""
        await self._rules.remove()

    async def associated_hosts(self) -> tuple[str, ...]:
        """See ``EdgeGateway.associated_hosts``."""
        return await self._associations.hosts()

    async def change_hosts(
        self, *, add: AbstractSet[str] = frozenset(), remove: AbstractSet[str] = frozenset()
    ) -> tuple[str, ...]:
        """See ``EdgeGateway.change_hosts``."""
        return await self._associations.change(add, remove)

    async def setting(self, setting: ZoneSetting) -> Switch:
        """See ``EdgeGateway.setting``."""
        return await read_setting(self._call, setting)

    async def turn_off(self, setting: ZoneSetting) -> None:
        """See ``EdgeGateway.turn_off``."""
        await turn_off(self._call, setting)

    async def missing_rights(self) -> tuple[str, ...]:
        """See ``EdgeGateway.missing_rights``."""
        missing: dict[str, None] = {}
        for trial in (self.check_may_write, self.check_may_change_rules):
            try:
                await trial()
            except MissingRight as lacks:
                missing[lacks.right] = None
        return tuple(missing)

    async def other_zones(self) -> tuple[str, ...]:
        """See ``EdgeGateway.other_zones``."""
        seen = await zones_seen(self._client)
        account = next((zone.account_id for zone in seen if zone.name == self._name), "")
        return tuple(zone.name for zone in seen if zone.name != self._name and zone.account_id == account)

    async def blocked_requests(self, hosts: AbstractSet[str]) -> BlockedRequests:
        """See ``EdgeGateway.blocked_requests``."""
        zone_id = await self.zone_id()
        return await blocked_requests(self._client.ask_graphql, zone_id, hosts, self._clock.now(), self._mark)

    async def clock_ahead(self) -> timedelta:
        """See ``EdgeGateway.clock_ahead``. A fresh answer is asked for: a clock may have been set since the last."""
        await self._client.call("GET", "/zones", right=ZONE_RIGHT, query={"name": self._name})
        return self._client.clock_ahead

    async def _into_slot(self, verb: Verb, path: str, body: Mapping[str, object]) -> Envelope:
        """A call that takes one of the zone's slots."""
        try:
            return await self._call(verb, path, SSL_RIGHT, body=body)
        except RefusedByEdge as refusal:
            if _QUOTA_FULL in refusal.codes:
                raise CertificateQuotaFull(refusal.status, refusal.codes) from None
            raise

    async def _call(self, verb: Verb, path: str, right: str, **options: Anything) -> Envelope:
        return await self._client.call(verb, f"/zones/{await self.zone_id()}/{path}", right=right, **options)

    async def _call_account(self, verb: Verb, path: str, right: str, **options: Anything) -> Envelope:
        await self.zone_id()
        if not self._account:
            raise Unclear
        return await self._client.call(verb, f"/accounts/{self._account}/{path}", right=right, **options)


def _recommended(hosts: tuple[str, ...]) -> Expression:
    return All((Member(HOST, hosts), Any((Not(VERIFIED), REVOKED))))
