"""The tree of a rule's expression."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

IpAddress = IPv4Address | IPv6Address
IpNetwork = IPv4Network | IPv6Network


class ExpressionError(ValueError):
    """The text is no valid expression; ``line`` and ``column`` (both from 1) say where."""

    def __init__(self, reason: str, line: int, column: int) -> None:
        super().__init__(f"{reason} ({line}:{column})")
        self.reason = reason
        self.line = line
        self.column = column


class Operator(StrEnum):
    """What compares two values, by its English name."""

    EQ = "eq"
    NE = "ne"
    LT = "lt"
    LE = "le"
    GT = "gt"
    GE = "ge"
    CONTAINS = "contains"
    WILDCARD = "wildcard"
    STRICT_WILDCARD = "strict wildcard"
    BITWISE_AND = "bitwise_and"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the request; one of type Boolean is an expression by itself."""

    name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function applied to values; ``starts_with`` and ``ends_with`` are expressions by themselves."""

    function: str
    arguments: tuple["Operand", ...]


@dataclass(frozen=True, slots=True)
class IntRange:
    """Whole numbers from ``first`` to ``last``, both included."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class IpRange:
    """Addresses of one version from ``first`` to ``last``, both included."""

    first: IpAddress
    last: IpAddress


Literal = bytes | int | IpAddress
"""A string is bytes here, as it is for the engine: ``"\\xff"`` is one byte and no character."""

Operand = Field | Call | Literal
Member = bytes | IntRange | IpRange | IpNetwork


@dataclass(frozen=True, slots=True)
class Comparison:
    """``left operator right``."""

    left: Field | Call
    operator: Operator
    right: Operand


@dataclass(frozen=True, slots=True)
class Membership:
    """``left in {members}``; a lone number is a range of one, a lone address a network of one."""

    left: Field | Call
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of ``operand``."""

    operand: "Expression"


@dataclass(frozen=True, slots=True)
class And:
    """Two or more operands joined by ``and`` without parentheses between them."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Xor:
    """Two or more operands joined by ``xor``: true when an odd number of them is."""

    operands: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Two or more operands joined by ``or``."""

    operands: tuple["Expression", ...]


Expression = Field | Call | Comparison | Membership | Not | And | Xor | Or
