"""Requests that a zone's rules cannot tell apart, and what the rules do with each such class.

A rule that compares host, path, query, method and address with given texts alone splits all requests into few classes:
one for each text it names, and one for everything else. Played through, they tell exactly what a set of rules lets in.
A test of any other kind stays unknown, and with it what hangs on it.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Final, TypeAlias

from bot.model.protection.expression import All, Compare, Constant, Expression, Field, Member, Value, Within, truth
from bot.model.protection.expression_fields import (
    CERTIFICATE_TEXTS,
    HOST,
    LOWERED_PATH,
    METHOD,
    PATH,
    PRESENTED,
    QUERY,
    REVOKED,
    SOURCE,
    VERIFIED,
)
from bot.model.protection.rule_state import ForeignRule
from bot.model.takeover.partial_evaluation import ALWAYS, NEVER, canonical, compared_texts, reduced, tests


class Certificate(StrEnum):
    """What a client may show. Those out of their dates and those of somebody else's making are *unverified*."""

    NONE = "none"
    UNVERIFIED = "unverified"
    VALID = "valid"
    REVOKED = "revoked"


class Outcome(StrEnum):
    """What becomes of a request; *unsure* where it hangs on what is not known of it."""

    PASSES = "passes"
    BLOCKED = "blocked"
    UNSURE = "unsure"


class Other(Enum):
    """Any text but those that the rules name."""

    OTHER = "other"


OTHER: Final = Other.OTHER
Settled: TypeAlias = Mapping[Field | Within, str | bool | Other]
"""What is settled of a request; what is not there may be anything."""

_SHOWN: dict[Certificate, dict[str, Value]] = {
    Certificate.NONE: {
        PRESENTED.name: False,
        VERIFIED.name: False,
        REVOKED.name: False,
        **dict.fromkeys(CERTIFICATE_TEXTS, ""),
    },
    Certificate.UNVERIFIED: {PRESENTED.name: True, VERIFIED.name: False, REVOKED.name: False},
    Certificate.VALID: {PRESENTED.name: True, VERIFIED.name: True, REVOKED.name: False},
    # A revoked certificate is still verified (Cloudflare's fields reference).
    Certificate.REVOKED: {PRESENTED.name: True, VERIFIED.name: True, REVOKED.name: True},
}
_CHALLENGES = frozenset({"managed_challenge", "js_challenge", "challenge"})
_TOLD_APART = (PATH, METHOD, QUERY)


@dataclass(frozen=True)
class Line:
    """A rule of somebody else, and what it still says of the requests that are looked at."""

    rule: ForeignRule
    says: Expression

    @property
    def skips(self) -> bool:
        """Whether it lets requests past the rules behind it."""
        return self.rule.skips_ours

    @property
    def lets_past(self) -> bool:
        """Whether some get past the rules behind it: a challenge that is passed ends the evaluation as well (ruleset
        engine, "Actions").
        """
        return self.skips or self.rule.action in _CHALLENGES

    @property
    def decides(self) -> bool:
        """Whether it settles what becomes of the requests that are looked at."""
        return self.says == ALWAYS and self.rule.action not in _CHALLENGES


@dataclass(frozen=True)
class RequestClass:
    """Requests that meet the same ``lines``, by the certificate they show."""

    settled: Settled
    lines: Mapping[Certificate, tuple[Line, ...]]

    def outcome(self, certificate: Certificate) -> Outcome:
        """What becomes of them."""
        return outcome(self.lines[certificate])


def lines_of(rules: Iterable[ForeignRule]) -> tuple[Line, ...]:
    """Rules as they can be played."""
    return tuple(Line(rule, canonical(rule.expression)) for rule in rules)


def narrowed(lines: Sequence[Line], settled: Settled, certificate: Certificate) -> tuple[Line, ...]:
    """What the lines still say, as far as a request gets: without those that do not hold, up to one that decides."""
    known: dict[str, Value] = dict(_SHOWN[certificate])
    known |= {key.name: value for key, value in settled.items() if isinstance(key, Field) and isinstance(value, str)}
    kept = []
    for line in lines:
        says = reduced(line.says, lambda test: _settle(test, settled, known))
        if says == NEVER:
            continue
        kept.append(Line(line.rule, says))
        if kept[-1].decides:
            break
    return tuple(kept)


def outcome(lines: Sequence[Line]) -> Outcome:
    """What becomes of requests that meet these lines: blocks, and what lets past all that follow."""
    may_pass = may_be_blocked = False
    for line in lines:
        if line.decides and line.skips:
            return Outcome.UNSURE if may_be_blocked else Outcome.PASSES
        if line.decides:
            return Outcome.UNSURE if may_pass else Outcome.BLOCKED
        may_pass, may_be_blocked = may_pass or line.lets_past, may_be_blocked or not line.lets_past
    return Outcome.UNSURE if may_be_blocked else Outcome.PASSES


def classes(lines: Sequence[Line], settled: Settled) -> Iterator[RequestClass]:
    """The classes of the requests that ``settled`` leaves, each until all is decided or nothing more is told apart."""
    yield from _split(settled, {one: narrowed(lines, settled, one) for one in Certificate})


def never(expression: Expression, settled: Settled, *certificates: Certificate) -> bool:
    """Whether a (canonical) expression holds for none of the requests that ``settled`` leaves."""
    return all(_impossible(expression, settled, one) for one in certificates or tuple(Certificate))


def always(expression: Expression, settled: Settled, certificate: Certificate) -> bool:
    """Whether a (canonical) expression is seen to hold for all requests that ``settled`` leaves."""
    return _left(expression, settled, certificate) == ALWAYS


def both(one: Line, other: Line) -> Expression:
    """That two rules hold together."""
    return All((one.says, other.says))


def _split(settled: Settled, lines: Mapping[Certificate, tuple[Line, ...]]) -> Iterator[RequestClass]:
    here = RequestClass(settled, lines)
    undecided = any(here.outcome(one) is Outcome.UNSURE for one in lines)
    key = _next([line.says for some in lines.values() for line in some], settled) if undecided else None
    if key is None:
        yield here
        return
    for value in _values(key, [line.says for some in lines.values() for line in some]):
        deeper = {**settled, key: value}
        yield from _split(deeper, {one: narrowed(some, deeper, one) for one, some in lines.items()})


def _impossible(expression: Expression, settled: Settled, certificate: Certificate) -> bool:
    left = _left(expression, settled, certificate)
    if left in {ALWAYS, NEVER}:
        return left == NEVER
    key = HOST if HOST not in settled and compared_texts(left, HOST) else _next([left], settled)
    if key is None:
        return False
    return all(_impossible(left, {**settled, key: value}, certificate) for value in _values(key, [left]))


def _left(expression: Expression, settled: Settled, certificate: Certificate) -> Expression:
    known: dict[str, Value] = dict(_SHOWN[certificate])
    known |= {key.name: value for key, value in settled.items() if isinstance(key, Field) and isinstance(value, str)}
    return reduced(expression, lambda test: _settle(test, settled, known))


def _settle(test: Expression, settled: Settled, known: Mapping[str, Value]) -> bool | None:
    match test:
        case Compare(("eq" | "ne") as operator, Field() as field, Constant(text)) if field in settled:
            return (settled[field] == text) is (operator == "eq")
        case Member(Field() as field, values) if field in settled:
            return settled[field] in values
        case Within() if test in settled:
            return settled[test] is True
        case _:
            return truth(test, known)


def _next(expressions: Sequence[Expression], settled: Settled) -> Field | Within | None:
    """What tells the requests further apart."""
    for field in _TOLD_APART:
        if field not in settled and any(_texts(one, field) for one in expressions):
            return field
    for expression in expressions:
        for test in tests(expression):
            if isinstance(test, Within) and test.operand == SOURCE and test not in settled:
                return test
    return None


def _values(key: Field | Within, expressions: Sequence[Expression]) -> tuple[str | bool | Other, ...]:
    if isinstance(key, Within):
        return (True, False)
    return (*dict.fromkeys(text for one in expressions for text in _texts(one, key)), OTHER)


def _texts(expression: Expression, field: Field) -> tuple[str, ...]:
    # A path in small letters is one of those that ``lower`` makes equal to it.
    return compared_texts(expression, field, LOWERED_PATH) if field == PATH else compared_texts(expression, field)
