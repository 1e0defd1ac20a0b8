"""URL rewrites: the entry point ruleset of their phase, made by hand; the API serves it to be read."""

from datetime import datetime
from typing import Any

from sandbox.cloudflare.rules import new_id

PHASE = "http_request_transform"


class Rewrites:
    """The ruleset, or none. Paths are rewritten to a fixed one; rewriting by an expression is not modelled."""

    def __init__(self) -> None:
        self.ruleset: dict[str, Any] | None = None

    @property
    def rules(self) -> list[dict[str, Any]]:
        """The rules in their order."""
        return self.ruleset["rules"] if self.ruleset else []

    def add(self, expression: str, path: str, *, now: datetime, description: str = "") -> dict[str, Any]:
        """Add one, last."""
        stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if self.ruleset is None:
            head = {"name": "default", "description": "", "kind": "zone", "phase": PHASE}
            self.ruleset = {"id": new_id(), **head, "version": "1", "last_updated": stamp, "rules": []}
        rule = {
            "id": new_id(),
            "ref": new_id(),
            "version": "1",
            "action": "rewrite",
            "action_parameters": {"uri": {"path": {"value": path}}},
            "expression": expression,
            "description": description,
            "enabled": True,
            "last_updated": stamp,
        }
        self.rules.append(rule)
        return rule

    def published(self) -> list[dict[str, Any]]:
        """What the edge needs of them."""
        return [
            {"expression": rule["expression"], "path": rule["action_parameters"]["uri"]["path"]["value"]}
            for rule in self.rules
            if rule["enabled"]
        ]
