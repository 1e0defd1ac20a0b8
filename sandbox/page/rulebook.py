"""The zone's custom rules as a spectator reads them: Latchkey's own taken apart, the others as they are."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, Final, TypeVar

from bot.model.protection.rule import BEACON_PATH
from bot.model.protection.rule_state import RULE_REF
from sandbox.cloudflare.rules import Rule
from sandbox.page.layout import broken
from sandbox.rules.expression import (
    And,
    Call,
    Comparison,
    Expression,
    ExpressionError,
    Field,
    Membership,
    Not,
    Operator,
    Or,
    Xor,
)
from sandbox.rules.parser import parse

_VERIFIED: Final = Field("cf.tls_client_auth.cert_verified")
_REVOKED: Final = Field("cf.tls_client_auth.cert_revoked")
_FINGERPRINT: Final = Call("lower", (Field("cf.tls_client_auth.cert_fingerprint_sha256"),))
_HOST: Final = Call("lower", (Field("http.host"),))
_PATH: Final = Field("http.request.uri.path")
_RAW_PATH: Final = Field("raw.http.request.uri.path")
_QUERY: Final = Field("http.request.uri.query")
_METHOD: Final = Field("http.request.method")
_SOURCE: Final = Field("ip.src")
_NOW: Final = Field("http.request.timestamp.sec")

_Kind = TypeVar("_Kind", bound=Expression)


def rulebook(rules: Sequence[Rule]) -> list[dict[str, Any]]:
    """The rules in their order; ``says`` is what Latchkey's own says, ``None`` for somebody else's."""
    return [_shown(rule) for rule in rules]


def is_ours(rule: Rule) -> bool:
    """Whether the rule is Latchkey's."""
    return rule.get("ref") == RULE_REF


def _shown(rule: Rule) -> dict[str, Any]:
    ours = is_ours(rule)
    text = rule["expression"]
    return {
        "id": rule["id"],
        "ours": ours,
        "enabled": rule.get("enabled", True),
        "action": rule["action"],
        "description": rule.get("description", ""),
        "expression": broken(text) if ours else text,
        "length": len(text),
        "says": _said(text) if ours else None,
    }


# The feed looks ten times a second.
@lru_cache(maxsize=32)
def _said(text: str) -> dict[str, Any]:
    """What the expression says, as far as it is of Latchkey's form; by hand it may have become any other."""
    try:
        parts = list(_within(parse(text)))
    except ExpressionError:
        parts = []
    comparisons = [part for part in parts if isinstance(part, Comparison)]
    paths = [_text(each.right) for each in comparisons if each.left == _PATH]
    demands = [Not(_VERIFIED) in parts and "verified", _REVOKED in parts and "not revoked"]
    return {
        "hosts": [_text(call.arguments[1]) for call in _of(Call, parts) if call.function == "starts_with"],
        "demands": [demand for demand in demands if demand],
        "fingerprints": [
            _text(value) for each in _of(Membership, parts) if each.left == _FINGERPRINT for value in each.members
        ],
        "beacon": next((path for path in paths if path.startswith(BEACON_PATH)), ""),
        "paths": [path for each in _of(And, parts) if (path := _open_path(each))],
    }


def _open_path(part: And) -> dict[str, Any] | None:
    """The path that such a part of the rule lets through; ``closes`` are UNIX seconds."""
    said = {each.left: each.right for each in _of(Comparison, part.operands) if each.operator is not Operator.LT}
    ends = [each.right for each in _of(Comparison, part.operands) if each.left == _NOW]
    sent = [each.members[0] for each in _of(Membership, part.operands) if each.left == _RAW_PATH]
    some = [_text(one) for each in _of(Membership, part.operands) if each.left == _METHOD for one in each.members]
    path = said.get(_PATH, said.get(_RAW_PATH, sent[0] if sent else None))
    if _HOST not in said or path is None or not ends:
        return None
    return {
        "host": _text(said[_HOST]),
        "path": _text(path),
        "query": _text(said.get(_QUERY, b"")),
        "method": _text(said.get(_METHOD, b"")) or " ".join(some),
        "networks": [
            str(network) for each in _of(Membership, part.operands) if each.left == _SOURCE for network in each.members
        ],
        "closes": ends[0],
    }


def _within(expression: Expression) -> Iterator[Expression]:
    """The expression and all below it, from left to right."""
    yield expression
    match expression:
        case And(operands) | Or(operands) | Xor(operands):
            for operand in operands:
                yield from _within(operand)
        case Not(operand):
            yield from _within(operand)


def _of(kind: type[_Kind], parts: Sequence[Expression]) -> list[_Kind]:
    return [part for part in parts if isinstance(part, kind)]


def _text(value: object) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
