"""Somebody else's hand in the zone: what a person does in Cloudflare's dashboard without asking the bot."""

from typing import Final

from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.rules import Rule
from sandbox.page.rulebook import is_ours

SKIP: Final = "Let the app in"
_SKIPPED: Final = 'starts_with(http.request.uri.path, "/api/")'
# A free plan has five custom rules.
_MOST_RULES: Final = 5


class Hand:
    """Three ways of spoiling the lock, each done once and left to the bot to find."""

    def __init__(self, cloudflare: CloudflareStandin) -> None:
        self._cloudflare = cloudflare

    @property
    def possible(self) -> list[str]:
        """What can be done to Latchkey's rule as it stands: ``disable``, ``skip``, ``delete``."""
        rule = self._ours()
        if rule is None:
            return []
        above = self._cloudflare.rules[0]["description"] == SKIP
        room = len(self._cloudflare.rules) < _MOST_RULES
        can = {"disable": rule["enabled"], "skip": room and not above, "delete": True}
        return [kind for kind, so in can.items() if so]

    def do(self, kind: str) -> None:
        """Do it.

        Raises:
            LookupError: it cannot be done now, or is none of the three.
        """
        rule = self._ours()
        if rule is None or kind not in self.possible:
            raise LookupError("nobody can do that to the rule as it stands")
        if kind == "disable":
            self._cloudflare.edit_rule_by_hand(rule["id"], enabled=False)
        elif kind == "skip":
            whole = {"ruleset": "current"}
            self._cloudflare.add_rule(_SKIPPED, action="skip", first=True, action_parameters=whole, description=SKIP)
        else:
            self._cloudflare.delete_rule_by_hand(rule["id"])

    def _ours(self) -> Rule | None:
        return next((rule for rule in self._cloudflare.rules if is_ours(rule)), None)
