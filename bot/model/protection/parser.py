"""Reads rule expressions that others wrote, as far as they matter to the lock.

A reader for judging, not for writing back: what it does not understand (ranges, lists, regular expressions, loops over
headers) becomes ``Opaque``, whose truth is unknown. Operator precedence as documented: not, and, xor, or.
"""

import re
from collections.abc import Callable
from ipaddress import ip_network

from bot.model.protection.expression import (
    All,
    Any,
    Call,
    Compare,
    Comparison,
    Constant,
    ExactlyOne,
    Expression,
    Field,
    Member,
    Network,
    Not,
    Opaque,
    Operand,
    Within,
)

_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<raw>r(?P<fence>\#*)"(?P<inside>.*?)"(?P=fence))
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<address>[0-9A-Fa-f]*:[0-9A-Fa-f:.]+(?:/\d+)?|\d+[./][\d./]*)
    | (?P<integer>-?\d+)
    | (?P<word>[A-Za-z_][A-Za-z0-9_.]*)
    | (?P<sign>==|!=|<=|>=|&&|\|\||\^\^|[<>!~(){},$\[\]*])
    """,
    re.VERBOSE | re.DOTALL,
)
_COMPARISONS: dict[str, Comparison] = {
    "eq": "eq", "==": "eq", "ne": "ne", "!=": "ne", "lt": "lt", "<": "lt", "le": "le", "<=": "le",
    "gt": "gt", ">": "gt", "ge": "ge", ">=": "ge", "contains": "contains", "wildcard": "wildcard",
}  # fmt: skip
_AND, _OR, _XOR, _NOT = {"and", "&&"}, {"or", "||"}, {"xor", "^^"}, {"not", "!"}
_UNREAD_OPERATORS = {"matches", "~", "bitwise_and", "&"}
_QUANTIFIERS = {"any", "all"}
_DEPTH = {"(": 1, ")": -1}
_ESCAPE = re.compile(rb'\\(?:(["\\])|x([0-9A-Fa-f]{2})|([0-3][0-7]{2}))')


class _NotUnderstood(Exception):
    """The text is no expression that this reader knows."""


def parse(text: str) -> Expression:
    """Read an expression; one that cannot be read at all comes back as ``Opaque``. Never raises."""
    try:
        return _Reader(_tokens(text)).whole()
    except (_NotUnderstood, RecursionError, ValueError):
        return Opaque(text)


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise _NotUnderstood
        position = match.end()
        if match["raw"] is not None:
            tokens.append(("string", match["inside"]))
        elif match["string"] is not None:
            tokens.append(("string", _unescaped(match["string"][1:-1])))
        elif match["space"] is None:
            tokens.append((str(match.lastgroup), match[0]))
    return tokens


def _unescaped(body: str) -> str:
    def one(match: re.Match[bytes]) -> bytes:
        quoted, hexadecimal, octal = match.groups()
        return bytes(quoted) if quoted else bytes([int(hexadecimal, 16) if hexadecimal else int(octal, 8)])

    raw = body.encode()
    if b"\\" in _ESCAPE.sub(b"", raw):
        raise _NotUnderstood
    # An escape is one byte to the engine; a byte that is no UTF-8 is kept as a lone surrogate.
    return _ESCAPE.sub(one, raw).decode("utf-8", "surrogateescape")


class _Reader:
    """Recursive descent over the tokens, one method a level of precedence."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0

    def whole(self) -> Expression:
        expression = self._or()
        if self._at != len(self._tokens):
            raise _NotUnderstood
        return expression

    def _or(self) -> Expression:
        return self._chain(self._xor, _OR, lambda parts: Any(tuple(parts)))

    def _xor(self) -> Expression:
        left = self._and()
        while self._taken(_XOR):
            left = ExactlyOne(left, self._and())
        return left

    def _and(self) -> Expression:
        return self._chain(self._not, _AND, lambda parts: All(tuple(parts)))

    def _chain(
        self, deeper: Callable[[], Expression], words: set[str], join: Callable[[list[Expression]], Expression]
    ) -> Expression:
        parts = [deeper()]
        while self._taken(words):
            parts.append(deeper())
        return parts[0] if len(parts) == 1 else join(parts)

    def _not(self) -> Expression:
        if self._taken(_NOT):
            return Not(self._not())
        if self._taken({"("}):
            inside = self._or()
            self._expect(")")
            return inside
        if self._word() in _QUANTIFIERS:
            return self._unread_quantifier()
        return self._comparison()

    def _comparison(self) -> Expression:
        left = self._operand()
        word = self._word()
        if word in _COMPARISONS:
            self._at += 1
            return self._compared(_COMPARISONS[word], left)
        if word == "strict":
            self._at += 1
            self._expect("wildcard")
            return self._compared("strict wildcard", left)
        if word == "in":
            self._at += 1
            return self._member(left)
        if word in _UNREAD_OPERATORS:
            return self._unread_comparison()
        if isinstance(left, Constant):
            raise _NotUnderstood
        return left

    def _compared(self, operator: Comparison, left: Operand) -> Expression:
        kind, text = self._next()
        if kind == "string":
            return Compare(operator, left, Constant(text))
        if kind == "integer":
            return Compare(operator, left, Constant(_integer(text)))
        if kind == "address":
            return _at_address(operator, left, text)
        if kind == "word":
            # Fields on both sides of a comparison.
            self._at -= 1
            self._operand()
            return Opaque(f"{operator} {text}")
        raise _NotUnderstood

    def _member(self, left: Operand) -> Expression:
        if self._taken({"$"}):
            return Opaque(f"in ${self._next()[1]}")
        self._expect("{")
        values: list[str | int] = []
        addresses: list[str] = []
        while not self._taken({"}"}):
            kind, text = self._next()
            if kind == "string":
                values.append(text)
            elif kind == "integer":
                values.append(_integer(text))
            elif kind == "address":
                addresses.append(text)
            else:
                raise _NotUnderstood
        if not addresses:
            return Member(left, tuple(values))
        networks = _networks(addresses)
        if values or networks is None or not isinstance(left, Field):
            return Opaque("in {…}")
        return Within(left, networks)

    def _unread_comparison(self) -> Expression:
        start = self._at
        while self._word() in _UNREAD_OPERATORS:
            self._at += 1
        self._next()
        return Opaque(" ".join(text for _, text in self._tokens[start : self._at]))

    def _unread_quantifier(self) -> Expression:
        start = self._at
        self._at += 1
        self._expect("(")
        depth = 1
        while depth:
            kind, text = self._next()
            depth += _DEPTH.get(text, 0) if kind == "sign" else 0
        return Opaque(" ".join(text for _, text in self._tokens[start : self._at]))

    def _operand(self) -> Operand:
        kind, text = self._next()
        if kind == "string":
            return Constant(text)
        if kind != "word":
            raise _NotUnderstood
        if not self._taken({"("}):
            return Field(text + self._subscripts())
        arguments: list[Operand] = []
        while not self._taken({")"}):
            if arguments:
                self._expect(",")
            arguments.append(self._argument())
        return Call(text, tuple(arguments))

    def _subscripts(self) -> str:
        """``["x-name"][*]`` behind a field of several values: with them it is a field of its own."""
        found = ""
        while self._taken({"["}):
            found += f"[{self._next()[1]!r}]"
            self._expect("]")
        return found

    def _argument(self) -> Operand:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == "integer":
            return Constant(_integer(self._next()[1]))
        return self._operand()

    def _word(self) -> str | None:
        if self._at < len(self._tokens) and self._tokens[self._at][0] in {"word", "sign"}:
            return self._tokens[self._at][1]
        return None

    def _taken(self, words: set[str]) -> bool:
        if self._word() in words:
            self._at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._taken({word}):
            raise _NotUnderstood

    def _next(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise _NotUnderstood
        self._at += 1
        return self._tokens[self._at - 1]


def _integer(text: str) -> int:
    # A leading zero makes a literal octal, but not behind a minus (Cloudflare's rules engine).
    return int(text, 8 if text.startswith("0") else 10)


def _at_address(operator: Comparison, left: Operand, text: str) -> Expression:
    networks = _networks([text])
    if networks is None or "/" in text or not isinstance(left, Field) or operator not in {"eq", "ne"}:
        return Opaque(f"{operator} {text}")
    within = Within(left, networks)
    return within if operator == "eq" else Not(within)


def _networks(texts: list[str]) -> tuple[Network, ...] | None:
    try:
        return tuple(ip_network(text) for text in texts)
    except ValueError:
        return None
