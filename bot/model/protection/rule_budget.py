"""How much fits into one expression, and what has to stay out."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import ExpressionTooLong
from bot.model.protection.expression import Expression
from bot.model.protection.rule import DesiredRule, PathCheck, PathException, exceptions_part, expression_of, hosts_part

MAX_CHARACTERS = 4096
"""The longest expression Cloudflare takes (ruleset engine, maximum expression length)."""

FOR_HOSTS_AND_PATHS = 2000
"""What hosts and open paths may use of it; the rest is kept for revocations."""

_RAW = len("raw.")
"""What a path costs more when it is told by what was sent instead of by what the rules see."""

Measure = Callable[[Expression], int]
"""How many characters an expression has when it is printed."""


@dataclass(frozen=True)
class FittedRule:
    """What of a wanted rule goes into the expression.

    ``left_out`` are fingerprints without room, ``unconfirmed_left_out`` of them those that may never leave: where
    there is one, the rule alone does not turn everybody away, and lockdown is what is left.
    ``room`` is how many more fingerprints would go in.
    """

    rule: DesiredRule
    expression: Expression
    left_out: tuple[str, ...]
    unconfirmed_left_out: tuple[str, ...]
    room: int

    @property
    def more_than_fit(self) -> bool:
        """Whether somebody who must be turned away by fingerprint is not."""
        return bool(self.unconfirmed_left_out)


def fit(wanted: DesiredRule, unconfirmed: int, measure: Measure) -> FittedRule:
    """Fit a rule into the length there is; its first ``unconfirmed`` fingerprints are those that may never leave.

    Its paths are told in the most thorough way that there is room for, so that no revoke waits for a longer way.

    Raises:
        ExpressionTooLong: hosts and paths alone are too long.
    """
    wanted = wanted.telling_paths_by(_most_thorough(wanted, measure))
    if wanted.everything:
        return FittedRule(wanted.with_fingerprints(()), expression_of(wanted), (), (), 0)
    capacity = _capacity(wanted, measure)
    kept, left = wanted.fingerprints[:capacity], wanted.fingerprints[capacity:]
    rule = wanted.with_fingerprints(kept)
    return FittedRule(rule, expression_of(rule), left, wanted.fingerprints[capacity:unconfirmed], capacity - len(kept))


def _most_thorough(wanted: DesiredRule, measure: Measure) -> PathCheck:
    """The most thorough way of telling the paths that leaves room for all fingerprints, or else for the most of them.

    No room is made by letting detours through, unless hosts and paths have none otherwise.
    """
    used = {
        check: used_by_hosts_and_paths(wanted.telling_paths_by(check), measure) for check in wanted.paths_by.or_less
    }
    ways = [check for check, characters in used.items() if characters <= FOR_HOSTS_AND_PATHS]
    if not ways:
        raise ExpressionTooLong(min(used.values()), FOR_HOSTS_AND_PATHS)
    exact = [check for check in ways if check is not PathCheck.NORMALISED] or ways
    if wanted.everything:
        return exact[0]
    enough = len(wanted.fingerprints)
    return next((way for way in exact if _capacity(wanted.telling_paths_by(way), measure) >= enough), exact[-1])


def used_by_hosts_and_paths(wanted: DesiredRule, measure: Measure) -> int:
    """The characters that hosts and open paths take, in a rule that is not locked down.

    What ``PathCheck.RAW`` costs more than ``NORMALISED`` does not count: a rule in which there was room for its paths
    has room for telling them by what was sent.
    """
    paths = measure(exceptions_part(wanted)) if wanted.exceptions else 0
    if wanted.paths_by is PathCheck.RAW:
        paths -= _RAW * len(wanted.exceptions)
    return measure(hosts_part(wanted)) + paths


def check_fits(wanted: DesiredRule, measure: Measure) -> None:
    """Return when hosts and open paths fit with all paths told as they are when they are opened.

    Raises:
        ExpressionTooLong: they do not. What stands in the rule already is written all the same, see ``fit``.
    """
    used = used_by_hosts_and_paths(_as_opened(wanted), measure)
    if used > FOR_HOSTS_AND_PATHS:
        raise ExpressionTooLong(used, FOR_HOSTS_AND_PATHS)


def paths_that_fit(wanted: DesiredRule, path: PathException, measure: Measure) -> int:
    """How many more open paths of the length of ``path`` the rule takes."""
    wanted = _as_opened(wanted)
    used = used_by_hosts_and_paths(wanted, measure)
    one_more = wanted.with_exceptions((*wanted.exceptions, path))
    two_more = wanted.with_exceptions((*wanted.exceptions, path, path))
    with_one = used_by_hosts_and_paths(one_more, measure)
    if with_one > FOR_HOSTS_AND_PATHS or used > FOR_HOSTS_AND_PATHS:
        return 0
    each = used_by_hosts_and_paths(two_more, measure) - with_one
    return 1 + (FOR_HOSTS_AND_PATHS - with_one) // each


def _as_opened(wanted: DesiredRule) -> DesiredRule:
    """The rule with its paths told in the shortest way in which one is opened: by what was sent, where the zone takes
    that.
    """
    return wanted.telling_paths_by(PathCheck.RAW) if wanted.paths_by is PathCheck.BOTH else wanted


def _capacity(wanted: DesiredRule, measure: Measure) -> int:
    # Fingerprints are all of one length: two measurements tell what each costs.
    digest = "0" * 64
    one = measure(expression_of(wanted.with_fingerprints((digest,))))
    two = measure(expression_of(wanted.with_fingerprints((digest, digest))))
    return max(0, (MAX_CHARACTERS - one) // (two - one) + 1)
