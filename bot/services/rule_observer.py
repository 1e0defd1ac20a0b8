"""Seeing from here whether the edge has a version of the rule."""

from typing import Protocol

from bot.model.proofs.probe_results import RuleVisibility


class RuleObserver(Protocol):
    """Looks at the edge with the bot's own certificate that is valid."""

    async def rule_is_visible(self, host: str, beacon: str, *, everything: bool) -> RuleVisibility:
        """Whether the version with that beacon is in force at ``host``.

        It is when a request to ``BEACON_PATH + beacon`` is blocked and one to another nonce is not; under
        ``everything`` (nobody gets in) both are. Never raises for what the network does: that is ``UNCLEAR``.
        """


class NoRuleObserver:
    """Where there is nothing to look with: never seen."""

    async def rule_is_visible(self, host: str, beacon: str, *, everything: bool) -> RuleVisibility:
        """See ``RuleObserver.sees``."""
        del host, beacon, everything
        return RuleVisibility.UNCLEAR
