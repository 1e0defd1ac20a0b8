"""What can be done to the zone, over the API or by hand in the dashboard, and the zone's peculiarities."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sandbox.clock import SandboxClock
from sandbox.cloudflare.certificates import LIVE, ClientCertificate, SerialFormat, signed
from sandbox.cloudflare.envelope import Refusal, bad_body
from sandbox.cloudflare.graphql import plan_settings
from sandbox.cloudflare.manual_rules import EarlierByHand
from sandbox.cloudflare.operations import PERMISSIONS
from sandbox.cloudflare.records import dns_records
from sandbox.cloudflare.rules import Rule
from sandbox.cloudflare.zone import Preset, Zone, identifier
from sandbox.edge.events import FirewallEvents
from sandbox.standin import Standin

# User tokens begin with cfut_, account tokens with cfat_ (token formats, Cloudflare's fundamentals).
DEFAULT_TOKEN = "cfut_sandboxSANDBOXsandboxSANDBOXsandbox0123456789abcd"

UNKNOWN_CERTIFICATE = 1415
ALREADY_REVOKED = 1407
# Not documented, so of the stand-in's own choice.
NOT_REVOKED = 1416
BAD_HOST = 1420


class Desk(EarlierByHand, Standin):
    """The zone with its peculiarities, all of them attributes that may change while it runs.

    ``pending_seconds``: how long revoking and reactivating take, by the sandbox's clock.
    ``listed_late_seconds``: how long a new certificate is missing from lists.
    ``pages_repeated``: whether a list's further pages tell the page before them again.
    ``reactivate_revoked``: whether a revoked certificate can come back (else only one still pending).
    ``validity_cap_days``: the longest validity, whatever was asked for.
    ``quota``: how many live certificates the zone may have; one more is refused with ``quota_code``.
    ``default_status``: the list's filter when the caller gives none; the documents do not say it.
    ``status_ignored``: whether the list is not filtered at all, whatever the caller gives.
    ``unknown_id_status``: the HTTP status that comes with code 1415.
    ``refused_fields``: fields that the zone takes in no rule; with ``trials_are_blind`` a ``dry_run`` takes them.
    ``vanishing_hosts``: hosts that an association accepts and forgets.
    ``zone_lists_account_rules``: whether the zone's list of IP Access rules shows the account's too; not documented.
    ``permissions``: what the token may do; ``x:edit`` includes ``x:read``.
    ``other_zones``: names of further zones that the token sees; only the zone itself can be worked on.
    ``analytics``: what the plan allows of ``firewallEventsAdaptive``.
    ``token_status``: active, disabled or expired. ``date_ahead_seconds``: error of the answers' ``Date``.
    """

    def __init__(
        self,
        clock: SandboxClock,
        directory: Path,
        *,
        zone_name: str = "example.com",
        preset: Preset = "documented",
        plan: str = "free",
        token: str = DEFAULT_TOKEN,
        pending_seconds: float = 0.0,
        reactivate_revoked: bool = True,
        accept_ec: bool = True,
        quota: int = 100,
        validity_cap_days: int | None = None,
        serial_format: SerialFormat = "decimal",
        listed_late_seconds: float = 0.0,
    ) -> None:
        super().__init__(clock)
        self.zone = Zone(clock, directory, zone_name, plan)
        self.zone.serial_format = serial_format
        self.token = token
        self.token_id = identifier(f"token {zone_name}")
        self.token_status = "active"
        self.permissions = set(PERMISSIONS)
        self.other_zones: list[str] = []
        self.pending_seconds = pending_seconds
        self.reactivate_revoked = reactivate_revoked
        self.accept_ec = accept_ec
        self.refused_fields: list[str] = []
        self.trials_are_blind = False
        self.zone.custom.refused = lambda dry_run: [] if dry_run and self.trials_are_blind else self.refused_fields
        self.quota = quota
        self.quota_code = 1445
        self.validity_cap_days = validity_cap_days
        self.listed_late_seconds = listed_late_seconds
        self.default_status = "all"
        self.status_ignored = False
        self.pages_repeated = False
        self.unknown_id_status = 400
        self.zone_lists_account_rules = True
        self.vanishing_hosts: set[str] = set()
        self.date_ahead_seconds = 0.0
        self.analytics = plan_settings()
        self.firewall_events = FirewallEvents(directory)
        self.dns_records = dns_records(zone_name, clock.now())
        # A record of its own goes before a wildcard.
        self.zone.services = {record["name"]: record["name"] for record in self.dns_records}
        self.zone.open(preset)

    @property
    def zone_id(self) -> str:
        """The zone's id."""
        return self.zone.id

    @property
    def account_id(self) -> str:
        """The account's id."""
        return self.zone.account_id

    @property
    def plan(self) -> str:
        """The zone's plan: free, pro, business or enterprise."""
        return self.zone.plan

    @plan.setter
    def plan(self, plan: str) -> None:
        self.zone.plan = plan

    @property
    def serial_format(self) -> SerialFormat:
        """How the API prints serial numbers: ``decimal`` or ``hex``."""
        return self.zone.serial_format

    @serial_format.setter
    def serial_format(self, serial_format: SerialFormat) -> None:
        self.zone.serial_format = serial_format
        self.zone.save()

    @property
    def certificates(self) -> list[ClientCertificate]:
        """All certificates ever signed, oldest first."""
        return list(self.zone.certificates)

    @property
    def hosts(self) -> list[str]:
        """The hosts associated with Cloudflare's managed CA."""
        return list(self.zone.hosts[""])

    @property
    def rules(self) -> list[Rule]:
        """The custom rules in their order."""
        return list(self.zone.custom.rules)

    @property
    def ca_pem(self) -> str:
        """The managed CA's certificate."""
        return self.zone.authority.pem

    def certificate(self, certificate_id: str) -> ClientCertificate:
        """The certificate with that id; raises ``Refusal`` 1415."""
        for record in self.zone.certificates:
            if record.id == certificate_id:
                return record
        message = "Invalid Certificate ID in request"
        raise Refusal(self.unknown_id_status, UNKNOWN_CERTIFICATE, message)

    def issue(self, csr: str, validity_days: int) -> ClientCertificate:
        """Sign a request; the same one may be signed again and again. Raises ``Refusal``."""
        if validity_days < 1:
            raise bad_body("validity_days must be at least 1", pointer="/validity_days")
        self._check_quota()
        days = min(validity_days, self.validity_cap_days or validity_days)
        certificate = self.zone.authority.sign(csr, self.clock.now(), days, accept_ec=self.accept_ec)
        record = signed(certificate, csr, days, self.clock)
        self.zone.certificates.append(record)
        self.zone.save()
        return record

    def revoke_by_hand(self, certificate_id: str) -> ClientCertificate:
        """Revoke as the API and the dashboard do. Raises ``Refusal`` 1407 for a revoked one."""
        record = self.certificate(certificate_id)
        if record.status not in LIVE:
            raise Refusal(400, ALREADY_REVOKED, "This certificate has already been deleted.")
        record.move("pending_revocation", self.pending_seconds)
        self.zone.save()
        return record

    def reactivate_by_hand(self, certificate_id: str) -> ClientCertificate:
        """Bring a revoked certificate back. Raises ``Refusal`` where that is not possible."""
        record = self.certificate(certificate_id)
        allowed = {"pending_revocation", "revoked"} if self.reactivate_revoked else {"pending_revocation"}
        if record.status not in allowed:
            raise Refusal(400, NOT_REVOKED, f"A certificate that is {record.status} cannot be reactivated.")
        self._check_quota()
        record.move("pending_reactivation", self.pending_seconds)
        self.zone.save()
        return record

    def issue_by_hand(self, common_name: str = "Cloudflare", days: int = 3650) -> ClientCertificate:
        """A certificate made in the dashboard: its key is made there and shown once."""
        key = ec.generate_private_key(ec.SECP256R1())
        parts = ((NameOID.COMMON_NAME, common_name), (NameOID.COUNTRY_NAME, "US"))
        subject = x509.Name([x509.NameAttribute(oid, text) for oid, text in parts])
        csr = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
        return self.issue(csr.public_bytes(serialization.Encoding.PEM).decode("ascii"), days)

    def associate(self, hosts: list[str], ca: str = "") -> list[str]:
        """Replace the hosts associated with a CA ("" is the managed one). Raises ``Refusal``."""
        for index, host in enumerate(hosts):
            inside = host == self.zone.name or host.endswith(f".{self.zone.name}")
            if not inside or not all(host.split(".")) or "*" in host or host != host.lower():
                raise Refusal(
                    400,
                    BAD_HOST,
                    f"{host!r} is not a hostname of zone {self.zone.name}",
                    pointer=f"/hostnames/{index}",
                )
        # Sorted: the documents give the order no meaning, so nobody shall lean on it.
        self.zone.hosts[ca] = sorted(set(hosts) - self.vanishing_hosts)
        self.zone.save()
        return self.zone.hosts[ca]

    def associate_by_hand(self, *hosts: str) -> None:
        """Add hosts in the dashboard."""
        self.associate([*self.hosts, *hosts])

    def dissociate_by_hand(self, *hosts: str) -> None:
        """Take hosts away in the dashboard."""
        self.associate([host for host in self.hosts if host not in hosts])

    def add_rule(self, expression: str, *, action: str = "block", first: bool = False, **fields: Any) -> Rule:
        """Add a custom rule in the dashboard, last or first; makes the ruleset when there is none."""
        if self.zone.custom.ruleset is None:
            self.zone.custom.put({"rules": []})
        position = {"position": {"before": ""}} if first else {}
        body = {"action": action, "expression": expression, **fields}
        ruleset = self.zone.custom.add(self._ruleset_id, body | position)
        self.zone.save()
        rules: list[Rule] = ruleset["rules"]
        return rules[0] if first else rules[-1]

    def edit_rule_by_hand(self, rule_id: str, **changes: Any) -> Rule:
        """Change some fields of a rule (or its ``position``); the rest stays, as in the dashboard."""
        rule = next(rule for rule in self.rules if rule["id"] == rule_id)
        plain = {name: value for name, value in rule.items() if name not in ("version", "last_updated")}
        if changes.get("action", rule["action"]) != rule["action"]:
            plain = {name: plain[name] for name in plain if name not in ("action_parameters", "logging")}
        self.zone.custom.edit(self._ruleset_id, rule_id, {**plain, **changes})
        self.zone.save()
        return next(rule for rule in self.rules if rule["id"] == rule_id)

    def delete_rule_by_hand(self, rule_id: str) -> None:
        """Delete a rule in the dashboard."""
        self.zone.custom.delete(self._ruleset_id, rule_id)
        self.zone.save()

    def delete_ruleset_by_hand(self) -> None:
        """Be as a zone that never had a custom rule."""
        self.zone.custom.ruleset = None
        self.zone.save()

    def set_by_hand(self, setting: str, value: str) -> None:
        """Change a setting of the zone (``http3``, ``0rtt``, …)."""
        self.zone.settings[setting] = value
        self.zone.save()

    def listed(self, status: str) -> list[ClientCertificate]:
        """The certificates with that status (or ``all``) as lists show them now, newest first."""
        late = timedelta(seconds=self.listed_late_seconds)
        # A clock that is set back hides nothing that was there already.
        seen = self.clock.now() - late
        records = [record for record in reversed(self.zone.certificates) if not late or record.signed_at <= seen]
        return [record for record in records if self.status_ignored or status in ("all", record.status)]

    @property
    def _ruleset_id(self) -> str:
        ruleset_id: str = self.zone.custom.entrypoint()["id"]
        return ruleset_id

    def _check_quota(self) -> None:
        if self.zone.live >= self.quota:
            message = f"Hit maximum certificate allocation: {self.quota} certificates per zone are allowed"
            raise Refusal(400, self.quota_code, message)
