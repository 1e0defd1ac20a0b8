"""From a wanted rule to the text that is sent, and from a text back to its tree."""

import hashlib
from dataclasses import dataclass
from ipaddress import ip_network

from bot.model.protection.expression import Expression
from bot.model.protection.parser import parse
from bot.model.protection.printer import to_text
from bot.model.protection.rule import DesiredRule, PathCheck, PathException, expression_of
from bot.model.protection.rule_budget import FittedRule, fit, paths_that_fit
from bot.model.protection.rule_budget import check_fits as _check_fits

_SAMPLE = DesiredRule(
    hosts=("a.example", "b.example"),
    beacon="sample",
    exceptions=(
        PathException(
            host="a.example",
            path="/a%2C",
            sent="/%61%2c",
            query="b",
            method="POST",
            networks=(ip_network("192.0.2.0/24"),),
            closes_at=0,
        ),
    ),
    fingerprints=("0" * 64,),
)
_SAMPLES = "\n".join(to_text(expression_of(_SAMPLE.telling_paths_by(check))) for check in PathCheck)

FORM = hashlib.sha256(_SAMPLES.encode()).hexdigest()[:16]
"""Stands for how rules are printed: it changes with that, so that a rule printed in an older way is known by it."""


@dataclass(frozen=True)
class PlannedRule:
    """A rule as it will be sent, and what of the wish went into it."""

    text: str
    enabled: bool
    fit: FittedRule


def plan(wanted: DesiredRule, unconfirmed: int = 0) -> PlannedRule:
    """Plan a rule; its first ``unconfirmed`` fingerprints are those that may never leave.

    Raises:
        ExpressionTooLong: hosts and open paths alone are too long.
    """
    fitted = fit(wanted, unconfirmed, _length)
    return PlannedRule(to_text(fitted.expression), wanted.enabled, fitted)


def check_fits(wanted: DesiredRule) -> None:
    """Return when something may be added that makes the rule this one.

    Raises:
        ExpressionTooLong: hosts and open paths are too long.
    """
    _check_fits(wanted, _length)


def more_paths(wanted: DesiredRule, path: PathException) -> int:
    """How many more open paths like ``path`` the rule takes."""
    return paths_that_fit(wanted, path, _length)


def parse_rule(text: str) -> Expression:
    """The tree of an expression: two texts of one tree say the same."""
    return parse(text)


def _length(expression: Expression) -> int:
    return len(to_text(expression))
