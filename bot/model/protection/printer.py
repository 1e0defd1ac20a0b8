"""Prints the tree as an expression: the only place where text becomes part of a rule."""

from bot.model.protection.expression import (
    All,
    Any,
    Call,
    Compare,
    Constant,
    ExactlyOne,
    Expression,
    Field,
    Member,
    Not,
    Operand,
    Within,
)


def to_text(expression: Expression) -> str:
    """The expression in Cloudflare's language.

    Every ``and``, ``or`` and ``xor`` is parenthesised, so that precedence never decides; text enters only as an
    escaped string literal.

    Raises:
        ValueError: the tree holds an ``Opaque`` part or an empty set (``in {}`` is valid and matches nothing: a
            block rule with it blocks nothing).
    """
    match expression:
        case Not(operand):
            return f"not {to_text(operand)}"
        case All(operands):
            return f"({' and '.join(to_text(operand) for operand in operands)})"
        case Any(operands):
            return f"({' or '.join(to_text(operand) for operand in operands)})"
        case ExactlyOne(left, right):
            return f"({to_text(left)} xor {to_text(right)})"
        case Compare(operator, left_operand, constant):
            return f"{_operand(left_operand)} {operator} {_literal(constant.value)}"
        case Member(member_operand, values) if values:
            return f"{_operand(member_operand)} in {{{' '.join(_literal(value) for value in values)}}}"
        case Within(field, networks) if networks:
            return f"{field.name} in {{{' '.join(str(network) for network in networks)}}}"
        case Field() | Call():
            return _operand(expression)
        case _:
            raise ValueError("an empty set or an unread part cannot be printed")


def _operand(operand: Operand) -> str:
    match operand:
        case Field(name):
            return name
        case Constant(value):
            return _literal(value)
        case Call(function, arguments):
            return f"{function}({', '.join(_operand(argument) for argument in arguments)})"


def _literal(value: str | int) -> str:
    if isinstance(value, int):
        return str(value)
    return '"' + "".join(_character(byte) for byte in value.encode("utf-8", "surrogateescape")) + '"'


def _character(byte: int) -> str:
    # Printable ASCII stands for itself; the rest, and the two with a meaning, as the engine's \xHH.
    plain = 0x20 <= byte < 0x7F and byte not in b'"\\'
    return chr(byte) if plain else f"\\x{byte:02x}"
