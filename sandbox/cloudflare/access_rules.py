"""IP Access rules of the zone and of its account, as the API lists them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.cloudflare.envelope import bad_body
from sandbox.cloudflare.rules import new_id

AccessRule = dict[str, Any]
MODES = ("block", "challenge", "whitelist", "js_challenge", "managed_challenge")
TARGETS = ("ip", "ip6", "ip_range", "asn", "country")


class AccessRules:
    """All rules, oldest first; each knows its scope by ``scope.type``, as the SDK describes it."""

    def __init__(self) -> None:
        self.rules: list[AccessRule] = []

    def add(
        self,
        target: str,
        value: str,
        *,
        now: datetime,
        account: bool = False,
        scope_id: str,
        mode: str = "whitelist",
        notes: str = "",
    ) -> AccessRule:
        """Add one, as in the dashboard."""
        if mode not in MODES or target not in TARGETS:
            raise ValueError(f"{mode} or {target} is unknown")
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        rule = {
            "id": new_id(),
            "mode": mode,
            "allowed_modes": list(MODES),
            "configuration": {"target": target, "value": value},
            "notes": notes,
            "scope": {"id": scope_id, "type": "organization" if account else "zone"},
            "created_on": stamp,
            "modified_on": stamp,
        }
        self.rules.append(rule)
        return rule

    def remove(self, value: str) -> None:
        """Delete all rules for a value, as in the dashboard; raises ``LookupError`` where there is none."""
        kept = [rule for rule in self.rules if rule["configuration"]["value"] != value]
        if len(kept) == len(self.rules):
            raise LookupError(f"there is no IP Access rule for {value}")
        self.rules = kept

    def listed(self, scopes: tuple[str, ...], query: Mapping[str, str]) -> list[AccessRule]:
        """Those of some scopes that fit the filters of a list (``mode``, ``notes``, ``configuration.…``)."""
        if query.get("mode", MODES[0]) not in MODES:
            raise bad_body("mode is unknown")
        if query.get("configuration.target", TARGETS[0]) not in TARGETS:
            raise bad_body("configuration.target is unknown")
        return [rule for rule in self.rules if rule["scope"]["type"] in scopes and _fits(rule, query)]

    def published(self) -> list[dict[str, str]]:
        """What the edge needs of them."""
        return [{"id": rule["id"], "mode": rule["mode"], **rule["configuration"]} for rule in self.rules]


def _fits(rule: AccessRule, query: Mapping[str, str]) -> bool:
    has = {
        "mode": rule["mode"],
        "configuration.target": rule["configuration"]["target"],
        "configuration.value": rule["configuration"]["value"],
    }
    noted = query.get("notes", "").lower() in rule["notes"].lower()
    return noted and all(query.get(name, value) == value for name, value in has.items())
