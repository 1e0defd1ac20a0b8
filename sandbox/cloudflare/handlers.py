"""What each call answers; one method per row of the table of operations."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.cloudflare.certificates import STATUSES, ClientCertificate
from sandbox.cloudflare.envelope import Refusal, bad_body
from sandbox.cloudflare.operations import PHASE
from sandbox.cloudflare.records import zone_result
from sandbox.cloudflare.rewrites import PHASE as REWRITE_PHASE
from sandbox.cloudflare.rulesets import Ruleset, as_result
from sandbox.cloudflare.state import Desk
from sandbox.cloudflare.zone import identifier

# Not documented, so of the stand-in's own choice.
UNKNOWN_SETTING = 1006
BAD_SETTING = 1007
INVALID_TOKEN = 1000


@dataclass(frozen=True)
class Asked:
    """A call after all that every call goes through: parts of its path, query, body."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    body: dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A result with what goes around it in the envelope."""

    result: Any
    info: dict[str, int] | None = None
    messages: list[dict[str, Any]] = field(default_factory=list)


def _is_wanted(zone: dict[str, Any], query: Mapping[str, str]) -> bool:
    has = {"name": zone["name"], "status": zone["status"], "account.id": zone["account"]["id"]}
    return all(query.get(name, value) == value for name, value in has.items())


class Handlers:
    """The calls, carried out on a desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def verify_user_token(self, _: Asked) -> Answer:
        """``GET /user/tokens/verify``: for tokens of a user only."""
        return self._verified(of_account=False)

    def verify_account_token(self, asked: Asked) -> Answer:
        """``GET /accounts/{account_id}/tokens/verify``: for tokens of the account only."""
        if asked.path["account_id"] != self._desk.account_id:
            raise Refusal(403, 10000, "Authentication error")
        return self._verified(of_account=True)

    def list_zones(self, asked: Asked) -> Answer:
        """``GET /zones``, with the one zone there is, and those that are there by name alone."""
        query, zone = asked.query, zone_result(self._desk.zone)
        others = [{**zone, "id": identifier(f"zone {name}"), "name": name} for name in self._desk.other_zones]
        return _paged([one for one in (zone, *others) if _is_wanted(one, query)], query)

    def get_zone(self, _: Asked) -> Answer:
        """``GET /zones/{zone_id}``."""
        return Answer(zone_result(self._desk.zone))

    def list_certificates(self, asked: Asked) -> Answer:
        """``GET …/client_certificates``, newest first."""
        status = asked.query.get("status", self._desk.default_status)
        if status not in ("all", *STATUSES):
            raise bad_body(f"{status!r} is not a status")
        query = dict(asked.query)
        if self._desk.pages_repeated and query.get("page", "1") not in ("0", "1") and query["page"].isdigit():
            query["page"] = str(int(query["page"]) - 1)
        return _paged([self._certificate(record) for record in self._desk.listed(status)], query)

    def create_certificate(self, asked: Asked) -> Answer:
        """``POST …/client_certificates``."""
        return Answer(self._certificate(self._desk.issue(asked.body["csr"], asked.body["validity_days"])))

    def get_certificate(self, asked: Asked) -> Answer:
        """``GET …/client_certificates/{id}``."""
        return Answer(self._certificate(self._desk.certificate(asked.path["client_certificate_id"])))

    def revoke_certificate(self, asked: Asked) -> Answer:
        """``DELETE …/client_certificates/{id}``: revokes; a certificate is never deleted."""
        return Answer(self._certificate(self._desk.revoke_by_hand(asked.path["client_certificate_id"])))

    def reactivate_certificate(self, asked: Asked) -> Answer:
        """``PATCH …/client_certificates/{id}`` with ``{"reactivate": true}``."""
        if not asked.body["reactivate"]:
            raise bad_body("reactivate must be true", pointer="/reactivate")
        return Answer(self._certificate(self._desk.reactivate_by_hand(asked.path["client_certificate_id"])))

    def get_associations(self, asked: Asked) -> Answer:
        """``GET …/hostname_associations``, of the managed CA or of an uploaded one."""
        ca = _uploaded(asked.query.get("mtls_certificate_id"))
        return Answer({"hostnames": self._desk.zone.hosts.get(ca, [])})

    def put_associations(self, asked: Asked) -> Answer:
        """``PUT …/hostname_associations``: the whole list."""
        hosts = asked.body["hostnames"]
        if not all(isinstance(host, str) for host in hosts):
            raise bad_body("hostnames must be strings", pointer="/hostnames")
        ca = _uploaded(asked.body.get("mtls_certificate_id"))
        return Answer({"hostnames": self._desk.associate(hosts, ca)})

    def list_rulesets(self, _: Asked) -> Answer:
        """``GET …/rulesets``, without their rules."""
        ruleset = self._desk.zone.custom.ruleset
        head = [{name: value for name, value in ruleset.items() if name != "rules"}] if ruleset else []
        return Answer(head)

    def get_ruleset(self, asked: Asked) -> Answer:
        """``GET …/rulesets/{id}``."""
        return Answer(as_result(self._desk.zone.custom.by_id(asked.path["ruleset_id"])))

    def list_access_rules(self, asked: Asked) -> Answer:
        """``GET /zones/…/firewall/access_rules/rules``; the account's among them, where the stand-in is told so."""
        scopes = ("zone", "organization") if self._desk.zone_lists_account_rules else ("zone",)
        return self._access_rules(asked, scopes)

    def list_account_access_rules(self, asked: Asked) -> Answer:
        """``GET /accounts/…/firewall/access_rules/rules``."""
        if asked.path["account_id"] != self._desk.account_id:
            raise Refusal(403, 10000, "Authentication error")
        return self._access_rules(asked, ("organization",))

    def get_entrypoint(self, asked: Asked) -> Answer:
        """``GET …/rulesets/phases/{phase}/entrypoint``, of custom rules or of URL rewrites."""
        rewrites = self._desk.zone.rewrites.ruleset
        if asked.path["ruleset_phase"] == REWRITE_PHASE and rewrites is not None:
            return Answer(as_result(rewrites))
        _check_phase(asked)
        return Answer(as_result(self._desk.zone.custom.entrypoint()))

    def put_entrypoint(self, asked: Asked) -> Answer:
        """``PUT …/rulesets/phases/{phase}/entrypoint``: all rules."""
        _check_phase(asked)
        return self._changed(asked, self._desk.zone.custom.put(asked.body, dry_run=_dry(asked)))

    def create_ruleset(self, asked: Asked) -> Answer:
        """``POST …/rulesets``."""
        return self._changed(asked, self._desk.zone.custom.create(asked.body, dry_run=_dry(asked)))

    def create_rule(self, asked: Asked) -> Answer:
        """``POST …/rulesets/{id}/rules``."""
        custom = self._desk.zone.custom
        return self._changed(asked, custom.add(asked.path["ruleset_id"], asked.body, dry_run=_dry(asked)))

    def edit_rule(self, asked: Asked) -> Answer:
        """``PATCH …/rulesets/{id}/rules/{id}``: the whole rule, or only its position."""
        ids = asked.path["ruleset_id"], asked.path["rule_id"]
        return self._changed(asked, self._desk.zone.custom.edit(*ids, asked.body, dry_run=_dry(asked)))

    def delete_rule(self, asked: Asked) -> Answer:
        """``DELETE …/rulesets/{id}/rules/{id}``."""
        ids = asked.path["ruleset_id"], asked.path["rule_id"]
        return self._changed(asked, self._desk.zone.custom.delete(*ids, dry_run=_dry(asked)))

    def get_setting(self, asked: Asked) -> Answer:
        """``GET …/settings/{setting_id}``."""
        name = asked.path["setting_id"]
        if name not in self._desk.zone.settings:
            raise Refusal(400, UNKNOWN_SETTING, f"Undefined zone setting: {name}")
        value = self._desk.zone.settings[name]
        return Answer({"id": name, "value": value, "editable": True, "modified_on": None})

    def edit_setting(self, asked: Asked) -> Answer:
        """``PATCH …/settings/{setting_id}`` with ``{"value": "on"|"off"}``."""
        self.get_setting(asked)
        if asked.body["value"] not in ("on", "off"):
            message = f"Invalid value for zone setting {asked.path['setting_id']}"
            raise Refusal(400, BAD_SETTING, message, pointer="/value")
        self._desk.set_by_hand(asked.path["setting_id"], asked.body["value"])
        return self.get_setting(asked)

    def list_records(self, asked: Asked) -> Answer:
        """``GET …/dns_records``, by name, type and whether they are proxied."""
        query = dict(asked.query)
        if "name.exact" in query:
            query["name"] = query["name.exact"]
        if query.get("proxied", "true") not in ("true", "false"):
            raise bad_body("proxied must be true or false")
        found = [
            record
            for record in self._desk.dns_records
            if query.get("name", record["name"]) == record["name"]
            and query.get("type", record["type"]) == record["type"]
            and query.get("proxied", str(record["proxied"]).lower()) == str(record["proxied"]).lower()
        ]
        # DNS records documentation: pages of 100, from one to five million.
        return _paged(found, query, least=1, default=100, most=5_000_000)

    def _verified(self, *, of_account: bool) -> Answer:
        if self._desk.token.startswith("cfat_") is not of_account:
            raise Refusal(401, INVALID_TOKEN, "Invalid API Token")
        status = self._desk.token_status
        message = {"code": 10000, "message": f"This API Token is valid and {status}"}
        return Answer({"id": self._desk.token_id, "status": status}, messages=[message])

    def _access_rules(self, asked: Asked, scopes: tuple[str, ...]) -> Answer:
        # Pages: the SDK tells no bounds; 1,000 is what public programs ask for.
        return _paged(self._desk.zone.access_rules.listed(scopes, asked.query), asked.query, least=1, most=1000)

    def _certificate(self, record: ClientCertificate) -> dict[str, Any]:
        return record.as_result(self._desk.zone.authority, self._desk.serial_format)

    def _changed(self, asked: Asked, ruleset: Ruleset) -> Answer:
        if _dry(asked):
            return Answer(None)
        self._desk.zone.save()
        return Answer(as_result(ruleset))


def _dry(asked: Asked) -> bool:
    value = asked.query.get("dry_run", "false")
    if value not in ("true", "false"):
        raise bad_body("dry_run must be true or false")
    return value == "true"


def _check_phase(asked: Asked) -> None:
    phase = asked.path["ruleset_phase"]
    if phase != PHASE:
        raise Refusal(404, 10003, f"could not find entrypoint ruleset in the {phase} phase")


def _uploaded(certificate_id: str | None) -> str:
    if certificate_id is not None and not re.fullmatch(r"[0-9a-f-]{36}", certificate_id):
        raise bad_body("mtls_certificate_id must have 36 characters", pointer="/mtls_certificate_id")
    return certificate_id or ""


def _paged(
    items: list[dict[str, Any]],
    query: Mapping[str, str],
    *,
    least: int = 5,
    default: int = 20,
    most: int = 50,
) -> Answer:
    page = _number(query, "page", 1, least=1, most=None)
    per_page = _number(query, "per_page", default, least=least, most=most)
    start = (page - 1) * per_page
    if "offset" in query or "limit" in query:
        start = _number(query, "offset", 0, least=0, most=None)
        per_page = _number(query, "limit", default, least=1, most=most)
    shown = items[start : start + per_page]
    info = {"page": page, "per_page": per_page, "count": len(shown), "total_count": len(items)}
    return Answer(shown, info)


def _number(query: Mapping[str, str], name: str, default: int, *, least: int, most: int | None) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= (most or int(text)):
        raise bad_body(f"{name} must be a number from {least} to {most or 'any'}")
    return int(text)
