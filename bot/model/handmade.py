"""Rules made by hand that lock hosts, as Cloudflare's documentation and many a forum tell to make them.

A block rule for some hosts without a certificate (with or without a look at revocation), exceptions inside it, and
``skip`` rules for webhooks in front. What is not of that form is not touched and not taken over.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.expression import All, Any, Call, Compare, Constant, Expression, Field, Member, Not, Operand
from bot.model.fields import HOST, METHOD, PATH, REVOKED, VERIFIED
from bot.model.rule_state import ForeignRule

_UNDERSTOOD_CERTIFICATE = (Not(VERIFIED), REVOKED)


@dataclass(frozen=True)
class HandMadePath:
    """A path that needs no certificate on ``host``."""

    host: str
    path: str
    method: str | None = None


@dataclass(frozen=True)
class HandMadeRule:
    """One of the rules: what it is found by, and its text when it was understood."""

    rule_id: str
    text: str


@dataclass(frozen=True)
class HandMade:
    """What was understood. ``rules`` are switched off by a take-over; ``left`` are skip rules in front that were not
    understood: what they let through needs a certificate afterwards.
    """

    rules: tuple[HandMadeRule, ...]
    hosts: tuple[str, ...]
    paths: tuple[HandMadePath, ...]
    heeds_revocation: bool
    left: tuple[str, ...]


@dataclass(frozen=True)
class _Lock:
    rule: ForeignRule
    hosts: tuple[str, ...]
    heeds_revocation: bool
    paths: tuple[HandMadePath, ...]


def recognise(foreign: Sequence[ForeignRule]) -> HandMade | None:
    """What of these rules is a lock made by hand; ``None`` where there is none."""
    active = [rule for rule in foreign if rule.enabled]
    locks = [lock for rule in active if rule.action == "block" and (lock := _lock(rule)) is not None]
    if not locks:
        return None
    hosts = tuple(dict.fromkeys(host for lock in locks for host in lock.hosts))
    last = max(lock.rule.place for lock in locks)
    rules, paths, left = [lock.rule for lock in locks], [path for lock in locks for path in lock.paths], []
    for rule in active:
        if not rule.skips_ours or rule.place > last:
            continue
        opened = _opened(rule.expression)
        if opened is None:
            left.append(rule.description or rule.text)
        elif here := _at(opened, hosts):
            rules.append(rule)
            paths += here
    return HandMade(
        rules=tuple(HandMadeRule(rule.rule_id, rule.text) for rule in rules),
        hosts=hosts,
        paths=tuple(dict.fromkeys(paths)),
        heeds_revocation=all(lock.heeds_revocation for lock in locks),
        left=tuple(left),
    )


def _lock(rule: ForeignRule) -> _Lock | None:
    """The rule as a lock of whole hosts; ``None`` when there is anything in it that is not understood."""
    hosts: tuple[str, ...] | None = None
    heeds: bool | None = None
    opened: list[tuple[str | None, str, str | None]] = []
    for part in _parts(rule.expression):
        if hosts is None and (found := _hosts(part)) is not None:
            hosts = found
        elif heeds is None and (looks := _certificate(part)) is not None:
            heeds = looks
        elif (exceptions := _exceptions(part)) is not None:
            opened += exceptions
        else:
            return None
    if hosts is None or heeds is None:
        return None
    return _Lock(rule, hosts, heeds, tuple(_at(opened, hosts)))


def _parts(expression: Expression) -> list[Expression]:
    if isinstance(expression, All):
        return [part for operand in expression.operands for part in _parts(operand)]
    return [expression]


def _is(operand: Operand, field: Field) -> bool:
    return operand == field or operand == Call("lower", (field,))


def _texts(expression: Expression, field: Field) -> tuple[str, ...] | None:
    """The texts that a field is compared with: by ``eq``, ``in`` or an ``or`` of those."""
    match expression:
        case Compare("eq", left, Constant(str(text))) if _is(left, field):
            return (text,)
        case Member(left, values) if _is(left, field) and all(isinstance(value, str) for value in values):
            return tuple(str(value) for value in values) or None
        case Any(operands):
            found = [_texts(operand, field) for operand in operands]
            return None if None in found else tuple(text for texts in found for text in texts or ())
        case _:
            return None


def _hosts(expression: Expression) -> tuple[str, ...] | None:
    texts = _texts(expression, HOST)
    return None if texts is None else tuple(text.lower() for text in texts)


def _certificate(expression: Expression) -> bool | None:
    """Whether a demand for a certificate looks at revocation; ``None`` when it is none, or one that asks for more."""
    match expression:
        case Not(All((Field() as verified, Not(Field() as revoked)))) if (verified, revoked) == (VERIFIED, REVOKED):
            return True
        case Any(operands) if _UNDERSTOOD_CERTIFICATE[0] in operands:
            understood = all(operand in _UNDERSTOOD_CERTIFICATE for operand in operands)
            return REVOKED in operands if understood else None
        case _:
            return False if expression == Not(VERIFIED) else None


def _exceptions(expression: Expression) -> list[tuple[str | None, str, str | None]] | None:
    match expression:
        case Compare("ne", left, Constant(str(path))) if left == PATH:
            return [(None, path, None)]
        case Not(inside):
            return _opened(inside)
        case _:
            return None


def _opened(expression: Expression) -> list[tuple[str | None, str, str | None]] | None:
    """The exact paths that an expression means, each with its host and method where they are given."""
    if isinstance(expression, Any):
        found = [_opened(operand) for operand in expression.operands]
        if None in found:
            return None
        return [one for opened in found for one in opened or []]
    hosts: tuple[str, ...] | None = None
    paths: tuple[str, ...] | None = None
    methods: tuple[str, ...] | None = None
    for part in _parts(expression):
        if hosts is None and (texts := _hosts(part)) is not None:
            hosts = texts
        elif paths is None and part != Call("lower", (PATH,)) and (texts := _texts(part, PATH)) is not None:
            paths = texts
        elif methods is None and (texts := _texts(part, METHOD)) is not None:
            methods = texts
        else:
            return None
    if paths is None:
        return None
    return [(host, path, method) for host in (hosts or (None,)) for path in paths for method in (methods or (None,))]


def _at(opened: list[tuple[str | None, str, str | None]], hosts: tuple[str, ...]) -> list[HandMadePath]:
    """The same at these hosts: one without a host means all of them."""
    return [
        HandMadePath(host, path, method)
        for meant, path, method in opened
        for host in hosts
        if meant is None or meant == host
    ]
