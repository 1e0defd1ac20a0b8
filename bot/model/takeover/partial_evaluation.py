"""An expression of which only some facts are settled: what is left of it.

``truth`` says yes, no or unknown; here the unknown keeps its text, so that it can be asked which facts would settle it.
"""

from collections.abc import Callable, Iterator
from typing import Final

from bot.model.protection.expression import All, Any, Compare, Constant, ExactlyOne, Expression, Member, Not, Operand
from bot.model.protection.expression_fields import FULL_URI, HOST, LOWERED_HOST, METHOD, PATH, QUERY, TLS, URI

ALWAYS: Final[Expression] = All(())
NEVER: Final[Expression] = Any(())

_EXACT = frozenset({HOST, PATH, QUERY, METHOD})
_SCHEMES: dict[str, Expression] = {"https://": TLS, "http://": Not(TLS)}


def canonical(expression: Expression) -> Expression:
    """The same said by comparisons of host, path, query and method alone, wherever that is the same.

    A host is taken in lower case and without a port, as browsers and apps send it.
    """
    match expression:
        case Not(operand):
            return Not(canonical(operand))
        case All(operands):
            return All(tuple(canonical(operand) for operand in operands))
        case Any(operands):
            return Any(tuple(canonical(operand) for operand in operands))
        case ExactlyOne(left, right):
            return ExactlyOne(canonical(left), canonical(right))
        case Compare(("eq" | "ne") as operator, left_operand, Constant(str(text))):
            same = _same(left_operand, text)
            return expression if same is None else same if operator == "eq" else Not(same)
        case Member(member, values) if member not in _EXACT:
            found = [_same(member, value) if isinstance(value, str) else None for value in values]
            some = tuple(one for one in found if one is not None)
            return Any(some) if some and len(some) == len(found) else expression
        case _:
            return expression


def _same(left: Operand, text: str) -> Expression | None:
    """What ``left eq text`` says of host, path and query; ``None`` where it says something else."""
    if left == LOWERED_HOST:
        return Compare("eq", HOST, Constant(text)) if text == text.lower() else NEVER
    if left == URI:
        return _uri(text)
    if left == FULL_URI:
        return _full_uri(text)
    return None


def _uri(text: str) -> Expression | None:
    path, mark, query = text.partition("?")
    if mark and not query:
        # Whether the field then ends in the question mark is not documented.
        return None
    return All((Compare("eq", PATH, Constant(path)), Compare("eq", QUERY, Constant(query))))


def _full_uri(text: str) -> Expression | None:
    for scheme, secure in _SCHEMES.items():
        host, slash, rest = text.removeprefix(scheme).partition("/")
        uri = _uri(slash + rest)
        if text.startswith(scheme) and uri is not None:
            parts: tuple[Expression, ...] = (secure, Compare("eq", HOST, Constant(host)), uri)
            return All(parts)
    return None


def reduced(expression: Expression, settle: Callable[[Expression], bool | None]) -> Expression:
    """What is left of ``expression`` once ``settle`` has said of each of its tests whether it holds, or ``None``."""
    match expression:
        case Not(operand):
            return _negated(reduced(operand, settle))
        case All(operands):
            return _joined(operands, settle, All, ALWAYS, NEVER)
        case Any(operands):
            return _joined(operands, settle, Any, NEVER, ALWAYS)
        case ExactlyOne(left, right):
            return _exactly_one(reduced(left, settle), reduced(right, settle))
        case _:
            holds = settle(expression)
            return expression if holds is None else ALWAYS if holds else NEVER


def _joined(
    operands: tuple[Expression, ...],
    settle: Callable[[Expression], bool | None],
    join: type[All] | type[Any],
    neutral: Expression,
    decisive: Expression,
) -> Expression:
    kept = []
    for operand in operands:
        left = reduced(operand, settle)
        if left == decisive:
            return decisive
        if left != neutral:
            kept.append(left)
    return neutral if not kept else kept[0] if len(kept) == 1 else join(tuple(kept))


def _negated(expression: Expression) -> Expression:
    return NEVER if expression == ALWAYS else ALWAYS if expression == NEVER else Not(expression)


def _exactly_one(left: Expression, right: Expression) -> Expression:
    for one, other in ((left, right), (right, left)):
        if one == NEVER:
            return other
        if one == ALWAYS:
            return _negated(other)
    return ExactlyOne(left, right)


def tests(expression: Expression) -> Iterator[Expression]:
    """The tests that an expression is joined of, in their order."""
    match expression:
        case Not(operand):
            yield from tests(operand)
        case All(operands) | Any(operands):
            for operand in operands:
                yield from tests(operand)
        case ExactlyOne(left, right):
            yield from tests(left)
            yield from tests(right)
        case _:
            yield expression


def compared_texts(expression: Expression, *operands: Operand) -> tuple[str, ...]:
    """The texts that one of ``operands`` is compared with, each once, in their order."""
    found: dict[str, None] = {}
    for test in tests(expression):
        match test:
            case Compare("eq" | "ne", left, Constant(str(text))) if left in operands:
                found[text] = None
            case Member(left, values) if left in operands:
                found |= {value: None for value in values if isinstance(value, str)}
            case _:
                continue
    return tuple(found)
