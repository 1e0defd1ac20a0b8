"""How much fits into one expression, and what has to stay out."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import ExpressionTooLong
from bot.model.expression import Expression
from bot.model.rule import PathException, WantedRule, exceptions_part, expression_of, hosts_part

MOST_CHARACTERS = 4096
"""The longest expression Cloudflare takes (ruleset engine, maximum expression length)."""

FOR_HOSTS_AND_PATHS = 2000
"""What hosts and open paths may use of it; the rest is kept for revocations."""

Measure = Callable[[Expression], int]
"""How many characters an expression has when it is printed."""


@dataclass(frozen=True)
class Fit:
    """What of a wanted rule goes into the expression.

    ``left_out`` are fingerprints without room, ``unconfirmed_left_out`` of them those that may never leave: where
    there is one, the rule alone does not turn everybody away, and lockdown is what is left.
    ``room`` is how many more fingerprints would go in.
    """

    rule: WantedRule
    expression: Expression
    left_out: tuple[str, ...]
    unconfirmed_left_out: tuple[str, ...]
    room: int

    @property
    def more_than_fit(self) -> bool:
        """Whether somebody who must be turned away by fingerprint is not."""
        return bool(self.unconfirmed_left_out)


def fit(wanted: WantedRule, unconfirmed: int, measure: Measure) -> Fit:
    """Fit a rule into the length there is; its first ``unconfirmed`` fingerprints are those that may never leave.

    Raises:
        ExpressionTooLong: hosts and paths alone are too long.
    """
    used = used_by_hosts_and_paths(wanted, measure)
    if used > FOR_HOSTS_AND_PATHS:
        raise ExpressionTooLong(used, FOR_HOSTS_AND_PATHS)
    if wanted.everything:
        return Fit(wanted.with_fingerprints(()), expression_of(wanted), (), (), 0)
    capacity = _capacity(wanted, measure)
    kept, left = wanted.fingerprints[:capacity], wanted.fingerprints[capacity:]
    rule = wanted.with_fingerprints(kept)
    return Fit(rule, expression_of(rule), left, wanted.fingerprints[capacity:unconfirmed], capacity - len(kept))


def used_by_hosts_and_paths(wanted: WantedRule, measure: Measure) -> int:
    """The characters that hosts and open paths take, in a rule that is not locked down."""
    paths = measure(exceptions_part(wanted)) if wanted.exceptions else 0
    return measure(hosts_part(wanted)) + paths


def paths_that_fit(wanted: WantedRule, path: PathException, measure: Measure) -> int:
    """How many more open paths of the length of ``path`` the rule takes."""
    used = used_by_hosts_and_paths(wanted, measure)
    one_more = WantedRule(hosts=wanted.hosts, beacon=wanted.beacon, exceptions=(*wanted.exceptions, path))
    two_more = WantedRule(hosts=wanted.hosts, beacon=wanted.beacon, exceptions=(*wanted.exceptions, path, path))
    with_one = used_by_hosts_and_paths(one_more, measure)
    if with_one > FOR_HOSTS_AND_PATHS or used > FOR_HOSTS_AND_PATHS:
        return 0
    each = used_by_hosts_and_paths(two_more, measure) - with_one
    return 1 + (FOR_HOSTS_AND_PATHS - with_one) // each


def _capacity(wanted: WantedRule, measure: Measure) -> int:
    # Fingerprints are all of one length: two measurements tell what each costs.
    digest = "0" * 64
    one = measure(expression_of(wanted.with_fingerprints((digest,))))
    two = measure(expression_of(wanted.with_fingerprints((digest, digest))))
    return max(0, (MOST_CHARACTERS - one) // (two - one) + 1)
