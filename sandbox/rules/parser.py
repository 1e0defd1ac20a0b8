"""From text to tree."""

import re
from collections.abc import Callable
from typing import Final, TypeVar, cast

from lark import Token, Tree
from lark.exceptions import UnexpectedInput, UnexpectedToken

from sandbox.rules import literals
from sandbox.rules.expression import (
    And,
    Call,
    Comparison,
    Expression,
    ExpressionError,
    Field,
    IntRange,
    Member,
    Membership,
    Not,
    Operand,
    Operator,
    Or,
    Xor,
)
from sandbox.rules.fields import FIELDS
from sandbox.rules.grammar import build

_DEEPEST: Final = 128
_NESTING: Final = frozenset({"negation", "group", "call"})
_IDENTIFIER: Final = re.compile(r"[A-Za-z]\w*(?:\.\w+)*")
_SYMBOLS: Final = {
    "==": Operator.EQ,
    "!=": Operator.NE,
    "<": Operator.LT,
    "<=": Operator.LE,
    ">": Operator.GT,
    ">=": Operator.GE,
    "&": Operator.BITWISE_AND,
}
_CHAINS: Final[dict[str, type[Or] | type[Xor] | type[And]]] = {"disjunction": Or, "exclusive": Xor, "conjunction": And}
_PARSER: Final = build()
_Meaning = TypeVar("_Meaning")


def parse(text: str) -> Expression:
    """The tree of an expression, with all names and types checked.

    Raises ``ExpressionError``. Nesting is limited to 128 levels, as in the engine. An empty text is an error,
    as it is for a rule.
    """
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput as unexpected:
        raise _error(text, unexpected) from None
    _check_depth(tree)
    return _expression(tree)


def _error(text: str, unexpected: UnexpectedInput) -> ExpressionError:
    ended = isinstance(unexpected, UnexpectedToken) and unexpected.token.type == "$END"
    position: int | None = cast("int | None", unexpected.pos_in_stream)
    if ended or position is None or not text.strip():
        lines = text.split("\n")
        return ExpressionError("the expression ends too early", len(lines), len(lines[-1]) + 1)
    name = _IDENTIFIER.match(text, position)
    if name and name[0] not in FIELDS and "." in name[0]:
        reason = f"unknown identifier {name[0]}"
    else:
        reason = f"unrecognised input at {text[position : position + 20]!r}"
    return ExpressionError(reason, unexpected.line, unexpected.column)


def _check_depth(tree: Tree[Token]) -> None:
    waiting = [(tree, 0)]
    while waiting:
        node, depth = waiting.pop()
        depth += node.data in _NESTING
        if depth > _DEEPEST:
            reason = f"maximum nesting depth exceeded (limit: {_DEEPEST})"
            raise ExpressionError(reason, node.meta.line, node.meta.column)
        waiting += ((child, depth) for child in node.children if isinstance(child, Tree))


def _expression(tree: Tree[Token]) -> Expression:
    match str(tree.data):
        case "disjunction" | "exclusive" | "conjunction":
            return _chain(tree)
        case "negation":
            return Not(_expressions(tree)[0])
        case "group":
            return _expressions(tree)[0]
        case "comparison" | "wildcard":
            return _comparison(tree)
        case "membership":
            left, *members = tree.children
            return Membership(_value(left), tuple(_member(cast("Token", member)) for member in members))
        case _:
            return _value(tree)


def _chain(tree: Tree[Token]) -> Or | Xor | And:
    return _CHAINS[str(tree.data)](_expressions(tree))


def _expressions(tree: Tree[Token]) -> tuple[Expression, ...]:
    return tuple(_expression(cast("Tree[Token]", child)) for child in tree.children)


def _comparison(tree: Tree[Token]) -> Comparison:
    left, sign, right = tree.children
    operator = _SYMBOLS.get(str(sign)) or Operator(str(sign))
    operand = _operand(right)
    if isinstance(operand, bytes) and tree.data == "wildcard":
        pattern = operand
        _meaning(
            lambda _: literals.wildcard(pattern, strict=operator is Operator.STRICT_WILDCARD),
            cast("Token", right),
        )
    return Comparison(_value(left), operator, operand)


def _value(node: Tree[Token] | Token) -> Field | Call:
    tree = cast("Tree[Token]", node)
    name, *arguments = tree.children
    if tree.data == "field":
        return Field(str(name))
    return Call(str(name), tuple(map(_operand, arguments)))


def _operand(node: Tree[Token] | Token) -> Operand:
    if isinstance(node, Tree):
        return _value(node)
    match node.type:
        case "INT":
            return _meaning(literals.integer, node)
        case "IP":
            return _meaning(literals.address, node)
        case _:
            return _string(node)


def _member(token: Token) -> Member:
    match token.type:
        case "INT":
            number = _meaning(literals.integer, token)
            return IntRange(number, number)
        case "INT_RANGE":
            return _meaning(literals.int_range, token)
        case "IP":
            return _meaning(literals.addresses, token)
        case _:
            return _string(token)


def _string(token: Token) -> bytes:
    read = {"STRING": literals.string, "RAW_STRING": literals.raw_string, "HEX_BYTES": literals.hex_bytes}
    return _meaning(read[token.type], token)


def _meaning(read: Callable[[str], _Meaning], token: Token) -> _Meaning:
    try:
        return read(str(token))
    except ValueError as wrong:
        raise ExpressionError(str(wrong), token.line or 1, token.column or 1) from None
