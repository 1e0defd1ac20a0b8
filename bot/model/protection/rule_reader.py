"""Our own rule read back: what it turns away and lets through, for whoever has lost the rows it was built from.

It reads what ``bot.model.protection.rule`` says, and what is left of that when somebody edited it by hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.model.protection.expression import (
    All,
    Any,
    Call,
    Compare,
    Constant,
    ExactlyOne,
    Expression,
    Member,
    Not,
    Within,
)
from bot.model.protection.expression_fields import (
    FINGERPRINTS,
    LOWERED_HOST,
    METHOD,
    NOW,
    PATH,
    QUERY,
    RAW_PATH,
    SOURCE,
    VERIFIED,
)
from bot.model.protection.path_spellings import spellings
from bot.model.protection.rule import PathException


@dataclass(frozen=True, kw_only=True)
class ParsedRule:
    """What a rule of ours says. ``everything``: nobody gets in, with a certificate or without."""

    hosts: tuple[str, ...] = ()
    fingerprints: tuple[str, ...] = ()
    exceptions: tuple[PathException, ...] = ()
    everything: bool = False


def read_rule(expression: Expression) -> ParsedRule:
    """What our rule with that expression says."""
    parts = tuple(_all_of(expression))
    hosts = tuple(
        str(argument.value)
        for part in parts
        if isinstance(part, Call) and part.function == "starts_with" and part.arguments[:1] == (LOWERED_HOST,)
        for argument in part.arguments[1:]
        if isinstance(argument, Constant)
    )
    return ParsedRule(
        hosts=tuple(dict.fromkeys(hosts)),
        fingerprints=tuple(
            str(value).lower()
            for part in parts
            if isinstance(part, Member) and part.operand in FINGERPRINTS
            for value in part.values
        ),
        exceptions=tuple(
            read for part in parts if isinstance(part, All) and (read := _exception(part.operands)) is not None
        ),
        everything=bool(hosts) and VERIFIED not in parts,
    )


def _all_of(expression: Expression) -> Iterator[Expression]:
    yield expression
    match expression:
        case Not(operand):
            yield from _all_of(operand)
        case All(operands) | Any(operands):
            for operand in operands:
                yield from _all_of(operand)
        case ExactlyOne(left, right):
            yield from _all_of(left)
            yield from _all_of(right)
        case _:
            return


def _exception(parts: tuple[Expression, ...]) -> PathException | None:
    """The open path that these say together; ``None`` where they say something else, or something more."""
    equal = {part.left: part.right.value for part in parts if isinstance(part, Compare) and part.operator == "eq"}
    until = [
        part.right.value for part in parts if isinstance(part, Compare) and part.operator == "lt" and part.left == NOW
    ]
    some = [part.values for part in parts if isinstance(part, Member) and part.operand == METHOD]
    within = [part.networks for part in parts if isinstance(part, Within) and part.operand == SOURCE]
    sent = [part.values for part in parts if isinstance(part, Member) and part.operand == RAW_PATH]
    if len(equal) + len(until) + len(within) + len(some) + len(sent) != len(parts):
        return None
    if len(some) > 1 or (some and METHOD in equal):
        return None
    if RAW_PATH in equal:
        sent.append((equal.pop(RAW_PATH),))
    if len(until) != 1 or len(within) > 1 or len(sent) > 1:
        return None
    host, read = equal.get(LOWERED_HOST), _path(equal.get(PATH), sent[0] if sent else ())
    if not equal.keys() <= {LOWERED_HOST, PATH, QUERY, METHOD} or host is None or read is None:
        return None
    query, method = equal.get(QUERY), equal.get(METHOD)
    if some:
        method = " ".join(str(value) for value in some[0])
    path, further = read
    return PathException(
        host=str(host),
        path=path,
        closes_at=int(until[0]),
        sent=further,
        query=None if query is None else str(query),
        method=None if method is None else str(method),
        networks=within[0] if within else (),
    )


def _path(seen: str | int | None, sent: tuple[str | int, ...]) -> tuple[str, str | None] | None:
    """The path that is let through where it is seen and sent so, and the spelling of it that is somebody's own."""
    texts = [str(value) for value in sent]
    path = str(seen) if seen is not None else texts[0] if texts else None
    if path is None:
        return None
    own = [text for text in texts if text not in spellings(path)]
    if (texts and texts[0] != path) or len(own) > 1:
        return None
    return path, own[0] if own else None
