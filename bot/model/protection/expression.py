"""The tree of a rule's expression, and what can be said of it without running it.

Names follow Cloudflare's rules language (developers.cloudflare.com, ruleset engine, rules language).
"""

import string
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import Literal, TypeAlias

from bot.model.protection.wildcards import matches_wildcard

Network: TypeAlias = IPv4Network | IPv6Network
Value: TypeAlias = str | int | bool
Comparison: TypeAlias = Literal["eq", "ne", "lt", "le", "gt", "ge", "contains", "wildcard", "strict wildcard"]

# The engine's lower and upper touch ASCII alone.
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_TO_UPPER = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)


@dataclass(frozen=True)
class Field:
    """A field of the request, such as ``http.host``."""

    name: str


@dataclass(frozen=True)
class Constant:
    """A literal string or integer."""

    value: str | int


@dataclass(frozen=True)
class Call:
    """A function over operands, such as ``lower(http.host)``."""

    function: str
    arguments: tuple["Operand", ...]


@dataclass(frozen=True)
class Compare:
    """Two operands compared."""

    operator: Comparison
    left: "Operand"
    right: Constant


@dataclass(frozen=True)
class Member:
    """An operand looked up in a set; the empty set holds nothing."""

    operand: "Operand"
    values: tuple[str | int, ...]


@dataclass(frozen=True)
class Within:
    """An address looked up in a set of networks; what is known of an address is its text."""

    operand: Field
    networks: tuple[Network, ...]


@dataclass(frozen=True)
class Not:
    """Negation."""

    operand: "Expression"


@dataclass(frozen=True)
class All:
    """``and`` of two or more."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Any:
    """``or`` of two or more."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class ExactlyOne:
    """``xor`` of two."""

    left: "Expression"
    right: "Expression"


@dataclass(frozen=True)
class Opaque:
    """A part we do not read (lists, ranges, regular expressions, …): its truth is unknown."""

    text: str


Operand: TypeAlias = Field | Constant | Call
Expression: TypeAlias = Field | Call | Compare | Member | Within | Not | All | Any | ExactlyOne | Opaque


def truth(expression: Expression, known: Mapping[str, Value]) -> bool | None:
    """Whether ``expression`` holds for a request of which only ``known`` fields are known.

    Three-valued after Kleene: ``None`` is "depends on what is not known".
    """
    match expression:
        case Not(operand):
            inner = truth(operand, known)
            return None if inner is None else not inner
        case All(operands):
            return _all([truth(operand, known) for operand in operands])
        case Any(operands):
            denied = _all([_negated(truth(operand, known)) for operand in operands])
            return _negated(denied)
        case ExactlyOne(left, right):
            sides = truth(left, known), truth(right, known)
            return None if None in sides else sides[0] != sides[1]
        case Compare(operator, left_operand, right_operand):
            return _compared(operator, _value(left_operand, known), right_operand.value)
        case Member(member_operand, values):
            value = _value(member_operand, known)
            return False if not values else None if value is None else value in values
        case Within(address_field, networks):
            return _within(known.get(address_field.name), networks)
        case Field() | Call():
            value = _value(expression, known)
            return value if isinstance(value, bool) else None
        case Opaque():
            return None


def _all(truths: list[bool | None]) -> bool | None:
    if False in truths:
        return False
    return None if None in truths else True


def _within(address: Value | None, networks: tuple[Network, ...]) -> bool | None:
    if not networks:
        return False
    if not isinstance(address, str):
        return None
    return any(ip_address(address) in network for network in networks)


def _negated(value: bool | None) -> bool | None:
    return None if value is None else not value


def _value(operand: Operand, known: Mapping[str, Value]) -> Value | None:
    match operand:
        case Constant(value):
            return value
        case Field(name):
            return known.get(name)
        case Call(function, arguments):
            return _called(function, [_value(argument, known) for argument in arguments])


def _called(function: str, arguments: list[Value | None]) -> Value | None:
    match function, arguments:
        case "lower", [str(text)]:
            return text.translate(_TO_LOWER)
        case "upper", [str(text)]:
            return text.translate(_TO_UPPER)
        case "len", [str(text)]:
            return len(text.encode("utf-8", "surrogateescape"))
        case "starts_with", [str(text), str(part)]:
            return text.startswith(part)
        case "ends_with", [str(text), str(part)]:
            return text.endswith(part)
        case _:
            return None


def _compared(operator: Comparison, left: Value | None, right: Value) -> bool | None:
    match operator, left, right:
        case _, None, _:
            return None
        case "eq", _, _:
            return left == right
        case "ne", _, _:
            return left != right
        case "contains", str(text), str(part):
            return part in text
        case (("wildcard" | "strict wildcard"), str(text), str(pattern)):
            return matches_wildcard(text, pattern, strict=operator == "strict wildcard")
        case (("lt" | "le" | "gt" | "ge"), int(a), int(b)):
            return {"lt": a < b, "le": a <= b, "gt": a > b, "ge": a >= b}[operator]
        case _:
            return None
