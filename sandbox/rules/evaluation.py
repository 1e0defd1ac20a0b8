"""Whether an expression holds for a request."""

import operator
from collections.abc import Callable, Mapping
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Final, cast

from sandbox.rules.expression import (
    And,
    Call,
    Comparison,
    Expression,
    Field,
    IntRange,
    IpAddress,
    IpRange,
    Member,
    Membership,
    Not,
    Operand,
    Operator,
    Or,
    Xor,
)
from sandbox.rules.literals import wildcard

FieldValue = str | bytes | int | IpAddress
"""A field's value; a string counts as its UTF-8 bytes."""

_Value = bytes | int | IpAddress

_ORDER: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    Operator.EQ: operator.eq,
    Operator.NE: operator.ne,
    Operator.LT: operator.lt,
    Operator.LE: operator.le,
    Operator.GT: operator.gt,
    Operator.GE: operator.ge,
}


def evaluate(expression: Expression, fields: Mapping[str, FieldValue]) -> bool:
    """Whether ``expression`` holds. Raises ``KeyError`` for a field that ``fields`` lacks.

    Strings compare by byte, with case; ``lower`` and ``upper`` touch ASCII only; an IPv4 address is lower than
    any IPv6 address. A set without members holds for nothing.
    """
    match expression:
        case And() | Or() | Xor():
            return _joined(expression, fields)
        case Not(operand):
            return not evaluate(operand, fields)
        case Comparison(left, sign, right):
            return _compare(_value(left, fields), sign, _value(right, fields))
        case Membership(left, members):
            value = _value(left, fields)
            return any(_within(value, member) for member in members)
        case Field() | Call():
            return bool(_value(expression, fields))


def _joined(chain: And | Or | Xor, fields: Mapping[str, FieldValue]) -> bool:
    outcomes = (evaluate(operand, fields) for operand in chain.operands)
    if isinstance(chain, And):
        return all(outcomes)
    return any(outcomes) if isinstance(chain, Or) else sum(outcomes) % 2 == 1


def _compare(left: _Value, sign: Operator, right: _Value) -> bool:
    match sign:
        case Operator.CONTAINS:
            return cast("bytes", right) in cast("bytes", left)
        case Operator.WILDCARD | Operator.STRICT_WILDCARD:
            matches = wildcard(cast("bytes", right), strict=sign is Operator.STRICT_WILDCARD)
            return matches(cast("bytes", left)) is not None
        case Operator.BITWISE_AND:
            return cast("int", left) & cast("int", right) != 0
        case _:
            return _ORDER[sign](_sortable(left), _sortable(right))


def _sortable(value: _Value) -> bytes | int | tuple[int, int]:
    if isinstance(value, IPv4Address | IPv6Address):
        return value.version, int(value)
    return value


def _within(value: _Value, member: Member) -> bool:
    match member:
        case bytes():
            return value == member
        case IntRange(first, last):
            return first <= cast("int", value) <= last
        case IpRange(first, last):
            address = cast("IpAddress", value)
            return address.version == first.version and int(first) <= int(address) <= int(last)
        case _:
            return value in member


def _value(operand: Operand, fields: Mapping[str, FieldValue]) -> _Value:
    match operand:
        case Field(name):
            value = fields[name]
            return value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
        case Call(function, arguments):
            return _call(function, cast("list[bytes]", [_value(argument, fields) for argument in arguments]))
        case _:
            return operand


def _call(function: str, values: list[bytes]) -> bytes | int:
    match function:
        case "lower":
            return values[0].lower()
        case "upper":
            return values[0].upper()
        case "len":
            return len(values[0])
        case "concat":
            return b"".join(values)
        case "starts_with":
            return values[0].startswith(values[1])
        case _:
            return values[0].endswith(values[1])
