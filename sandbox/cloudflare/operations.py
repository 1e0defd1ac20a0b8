"""What the stand-in serves: each call's method, path, right, query, body and the fields of its result.

The server takes nothing that is not in this table, so comparing the table with a published description of
the API compares the server.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.cloudflare.envelope import bad_body

PHASE = "http_request_firewall_custom"

ENTRYPOINT = "/zones/{zone_id}/rulesets/phases/{ruleset_phase}/entrypoint"
CERTIFICATES = "/zones/{zone_id}/client_certificates"
CERTIFICATE = CERTIFICATES + "/{client_certificate_id}"
ASSOCIATIONS = "/zones/{zone_id}/certificate_authorities/hostname_associations"
RULESETS = "/zones/{zone_id}/rulesets"
RULESET = RULESETS + "/{ruleset_id}"
RULES = RULESET + "/rules"
RULE = RULES + "/{rule_id}"
ACCESS_RULES = "/firewall/access_rules/rules"
SETTING = "/zones/{zone_id}/settings/{setting_id}"


@dataclass(frozen=True)
class Field:
    """One field of a body: its JSON type, whether it must be there."""

    kind: type
    required: bool = False


Fields = Mapping[str, Field]


@dataclass(frozen=True)
class Operation:
    """One call: ``handler`` is the method that carries it out, ``right`` what the token must be allowed.

    ``result`` are the fields of the result, or of its items where the call answers a list.
    """

    method: str
    path: str
    handler: str
    right: str | None
    result: frozenset[str]
    query: frozenset[str] = frozenset()
    body: Fields = field(default_factory=dict)


PERMISSIONS = frozenset(
    {
        "ssl:read",
        "ssl:edit",
        "waf:edit",
        "waf:read",
        "zone:read",
        "settings:edit",
        "settings:read",
        "dns:read",
        "analytics:read",
        "access-rules:read",
        "account-access-rules:read",
        "transform:read",
    }
)

RULE_BODY: Fields = {
    "action": Field(str, required=True),
    "expression": Field(str, required=True),
    "action_parameters": Field(dict),
    "description": Field(str),
    "enabled": Field(bool),
    "id": Field(str),
    "logging": Field(dict),
    "ref": Field(str),
}
POSITIONED_RULE_BODY: Fields = {**RULE_BODY, "position": Field(dict)}
RULESET_BODY: Fields = {
    "rules": Field(list, required=True),
    "name": Field(str),
    "kind": Field(str),
    "phase": Field(str),
    "description": Field(str),
}
NEW_RULESET_BODY: Fields = {
    name: Field(taken.kind, required=taken.required or name in {"name", "kind", "phase"})
    for name, taken in RULESET_BODY.items()
}
# The phase is in the path there.
ENTRYPOINT_BODY: Fields = {name: RULESET_BODY[name] for name in ("rules", "name", "description")}

RULE_RESULT = frozenset(RULE_BODY) | {"version", "last_updated"}
_RULESET_HEAD = frozenset({"id", "name", "description", "kind", "phase", "version", "last_updated"})
_RULESET = _RULESET_HEAD | {"rules"}
_CERTIFICATE = frozenset(
    [
        "id",
        "certificate_authority",
        "certificate",
        "csr",
        "ski",
        "serial_number",
        "signature",
        "common_name",
        "organization",
        "organizational_unit",
        "country",
        "state",
        "location",
        "expires_on",
        "issued_on",
        "fingerprint_sha256",
        "validity_days",
        "status",
    ]
)
_ZONE = frozenset(
    [
        "id",
        "name",
        "account",
        "activated_on",
        "created_on",
        "development_mode",
        "meta",
        "modified_on",
        "name_servers",
        "original_dnshost",
        "original_name_servers",
        "original_registrar",
        "owner",
        "paused",
        "plan",
        "status",
        "type",
    ]
)
_SETTING = frozenset({"id", "value", "editable", "modified_on"})
_RECORD = frozenset(
    [
        "id",
        "type",
        "name",
        "content",
        "proxied",
        "proxiable",
        "ttl",
        "tags",
        "meta",
        "created_on",
        "modified_on",
    ]
)
_ACCESS_RULE = frozenset(
    ["id", "mode", "allowed_modes", "configuration", "notes", "scope", "created_on", "modified_on"]
)
_TOKEN = frozenset({"id", "status", "not_before", "expires_on"})
_PAGE = frozenset({"page", "per_page"})
_DRY = frozenset({"dry_run"})
_ACCESS_QUERY = _PAGE | {
    *("mode", "notes", "match", "order", "direction"),
    *("configuration.target", "configuration.value"),
}

OPERATIONS = (
    Operation("GET", "/user/tokens/verify", "verify_user_token", None, _TOKEN),
    Operation("GET", "/accounts/{account_id}/tokens/verify", "verify_account_token", None, _TOKEN),
    Operation("GET", "/zones", "list_zones", "zone:read", _ZONE, query=_PAGE | {"name", "status", "account.id"}),
    Operation("GET", "/zones/{zone_id}", "get_zone", "zone:read", _ZONE),
    Operation(
        "GET",
        CERTIFICATES,
        "list_certificates",
        "ssl:read",
        _CERTIFICATE,
        query=_PAGE | {"status", "limit", "offset"},
    ),
    Operation(
        "POST",
        CERTIFICATES,
        "create_certificate",
        "ssl:edit",
        _CERTIFICATE,
        body={"csr": Field(str, required=True), "validity_days": Field(int, required=True)},
    ),
    Operation("GET", CERTIFICATE, "get_certificate", "ssl:read", _CERTIFICATE),
    Operation("DELETE", CERTIFICATE, "revoke_certificate", "ssl:edit", _CERTIFICATE),
    Operation(
        "PATCH",
        CERTIFICATE,
        "reactivate_certificate",
        "ssl:edit",
        _CERTIFICATE,
        body={"reactivate": Field(bool, required=True)},
    ),
    Operation(
        "GET",
        ASSOCIATIONS,
        "get_associations",
        "ssl:read",
        frozenset({"hostnames"}),
        query=frozenset({"mtls_certificate_id"}),
    ),
    Operation(
        "PUT",
        ASSOCIATIONS,
        "put_associations",
        "ssl:edit",
        frozenset({"hostnames"}),
        body={"hostnames": Field(list, required=True), "mtls_certificate_id": Field(str)},
    ),
    Operation("GET", RULESETS, "list_rulesets", "waf:read", _RULESET_HEAD),
    Operation("POST", RULESETS, "create_ruleset", "waf:edit", _RULESET, query=_DRY, body=NEW_RULESET_BODY),
    Operation("GET", RULESET, "get_ruleset", "waf:read", _RULESET),
    Operation("GET", ENTRYPOINT, "get_entrypoint", "waf:read", _RULESET),
    Operation("PUT", ENTRYPOINT, "put_entrypoint", "waf:edit", _RULESET, query=_DRY, body=ENTRYPOINT_BODY),
    Operation("POST", RULES, "create_rule", "waf:edit", _RULESET, query=_DRY, body=POSITIONED_RULE_BODY),
    # A rule's fields are judged by the handler: a body with only ``position`` moves the rule.
    Operation(
        "PATCH",
        RULE,
        "edit_rule",
        "waf:edit",
        _RULESET,
        query=_DRY,
        body={name: Field(taken.kind) for name, taken in POSITIONED_RULE_BODY.items()},
    ),
    Operation("DELETE", RULE, "delete_rule", "waf:edit", _RULESET, query=_DRY),
    Operation(
        "GET",
        f"/zones/{{zone_id}}{ACCESS_RULES}",
        "list_access_rules",
        "access-rules:read",
        _ACCESS_RULE,
        query=_ACCESS_QUERY,
    ),
    Operation(
        "GET",
        f"/accounts/{{account_id}}{ACCESS_RULES}",
        "list_account_access_rules",
        "account-access-rules:read",
        _ACCESS_RULE,
        query=_ACCESS_QUERY,
    ),
    Operation("GET", SETTING, "get_setting", "settings:read", _SETTING),
    Operation(
        "PATCH",
        SETTING,
        "edit_setting",
        "settings:edit",
        _SETTING,
        body={"value": Field(str, required=True)},
    ),
    Operation(
        "GET",
        "/zones/{zone_id}/dns_records",
        "list_records",
        "dns:read",
        _RECORD,
        query=_PAGE | {"name", "name.exact", "type", "proxied"},
    ),
)


def check_fields(body: Any, fields: Fields, pointer: str = "") -> dict[str, Any]:
    """The body as it is, when it is an object of these fields and of these types; else a ``Refusal``."""
    if not isinstance(body, dict):
        raise bad_body("The body must be a JSON object.", pointer=pointer or None)
    for name, value in body.items():
        if name not in fields:
            raise bad_body(f"unknown field {name!r}", pointer=f"{pointer}/{name}")
        kind = fields[name].kind
        # JSON's true is an int to Python, and not to the API.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise bad_body(f"field {name!r} has the wrong type", pointer=f"{pointer}/{name}")
    for name, taken in fields.items():
        if taken.required and name not in body:
            raise bad_body(f"field {name!r} is required", pointer=f"{pointer}/{name}")
    return body
