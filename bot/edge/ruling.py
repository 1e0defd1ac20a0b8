"""From a wanted rule to the text that is sent, and from a text back to its tree."""

from dataclasses import dataclass

from bot.edge.parsing import parse
from bot.edge.printing import to_text
from bot.model.expression import Expression
from bot.model.rule import PathException, WantedRule
from bot.model.rule_budget import Fit, fit, paths_that_fit


@dataclass(frozen=True)
class PlannedRule:
    """A rule as it will be sent, and what of the wish went into it."""

    text: str
    enabled: bool
    fit: Fit


def plan(wanted: WantedRule, unconfirmed: int = 0) -> PlannedRule:
    """Plan a rule; its first ``unconfirmed`` fingerprints are those that may never leave.

    Raises:
        ExpressionTooLong: hosts and open paths alone are too long.
    """
    fitted = fit(wanted, unconfirmed, _length)
    return PlannedRule(to_text(fitted.expression), wanted.enabled, fitted)


def more_paths(wanted: WantedRule, path: PathException) -> int:
    """How many more open paths like ``path`` the rule takes."""
    return paths_that_fit(wanted, path, _length)


def reads_as(text: str) -> Expression:
    """The tree of an expression: two texts of one tree say the same."""
    return parse(text)


def _length(expression: Expression) -> int:
    return len(to_text(expression))
