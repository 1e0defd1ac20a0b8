"""Cloudflare's own engine and our parser accept and refuse the same expressions."""

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from octorules_wirefilter import get_schema_info, parse_expression

from sandbox.rules import ExpressionError, parse
from sandbox.rules.expression import (
    And,
    Call,
    Comparison,
    Expression,
    IntRange,
    Member,
    Membership,
    Not,
    Operand,
    Or,
    Xor,
)
from sandbox.rules.fields import FIELDS, Kind

FUNCTIONS = {"lower", "upper", "len", "concat", "starts_with", "ends_with"}
EXAMPLES = 3000


def ours(text: str) -> Expression | None:
    try:
        return parse(text)
    except ExpressionError:
        return None


def literals(node: Expression | Operand | Member) -> set[str]:
    """The strings and numbers of a tree, as the engine reports them."""
    match node:
        case And(parts) | Or(parts) | Xor(parts):
            return set().union(*map(literals, parts))
        case Not(operand):
            return literals(operand)
        case Comparison(left, _, right):
            return literals(left) | literals(right)
        case Membership(left, members):
            return literals(left).union(*map(literals, members))
        case Call(_, arguments):
            return set().union(*map(literals, arguments))
        case IntRange(first, last):
            return {str(first), str(last)}
        case bytes():
            return {repr(node.decode(errors="replace"))}
        case int():
            return {str(node)}
        case _:
            return set()


def agree(text: str) -> bool:
    """Whether the engine accepts it; fails where we differ, but for what this project leaves out on purpose."""
    theirs: dict[str, Any] = parse_expression(text)
    tree = ours(text)
    if "error" in theirs:
        assert tree is None, (text, theirs["error"])
        return False
    beyond = (
        not text.strip()
        or not set(theirs["fields"]) <= set(FIELDS)
        or not set(theirs["functions"]) <= FUNCTIONS
        or "matches" in theirs["operators"]
        or re.search(r"in\s*\$", text)
    )
    if not beyond:
        assert tree is not None, text
        reported = {repr(string) for string in theirs["string_literals"]} | set(map(str, theirs["int_literals"]))
        assert literals(tree) == reported
    return True


def test_our_fields_are_the_engines() -> None:
    types = {field["name"]: field["type"] for field in get_schema_info()["fields"]}
    # The engine lists this one as a function of other phases, and still takes it as a string.
    types["http.request.uri.path"] = "STRING"
    assert {name: types.get(name) for name in FIELDS} == {name: str(kind) for name, kind in FIELDS.items()}


def of_kind(kind: Kind) -> st.SearchStrategy[str]:
    return st.sampled_from([name for name, its in FIELDS.items() if its is kind])


def written(text: bytes) -> str:
    """The string with every byte in one of the spellings that the language knows."""
    spelled = [
        chr(byte) if 31 < byte < 127 and byte not in b'"\\' else f"\\x{byte:02x}" if byte % 2 else f"\\{byte:03o}"
        for byte in text
    ]
    return '"' + "".join(spelled) + '"'


def raw(text: str) -> str:
    hashes = "#" * (max([len(run) for run in re.findall("#+", text)], default=0) + 1)
    return f'r{hashes}"{text}"{hashes}'


STRING_LITERALS = st.one_of(
    st.binary(max_size=6).map(written),
    st.text('ab"\\#*é\n', max_size=6).map(raw),
    st.sampled_from(['"ha.example.com"', '"/api"', '""', 'r"a\\b"', r'"\""']),
)
BYTES = st.sampled_from(["61:62", "de:AD:be:ef", "00:01"])
WILDCARDS = st.one_of(st.text("a*?\\", max_size=6).map(raw), st.sampled_from(['"*.example.com"', '"a\\\\*b"', '"**"']))
STRINGS = st.recursive(
    of_kind(Kind.STRING),
    lambda inner: st.one_of(
        st.builds("{}({})".format, st.sampled_from(["lower", "upper"]), inner),
        st.builds("concat({}, {})".format, inner | STRING_LITERALS, inner | STRING_LITERALS),
    ),
    max_leaves=3,
)
INTS = of_kind(Kind.INT) | st.builds("len({})".format, STRINGS)
INT_LITERALS = st.one_of(
    st.integers(-(2**63) - 1, 2**63).map(str),
    st.integers(0, 600).map(lambda number: f"0{number:o}"),
    st.integers(0, 600).map(hex),
    st.sampled_from(["08", "-08", "0", "00", "-0"]),
)
INT_MEMBERS = INT_LITERALS | st.builds("{}..{}".format, st.integers(-9, 9), st.integers(-9, 9))
ADDRESSES = st.ip_addresses().map(str) | st.sampled_from(["10.0.0.1", "::1", "1.2.3", "::ffff:1.2.3.4"])
IP_MEMBERS = st.one_of(
    ADDRESSES,
    st.builds("{}/{}".format, ADDRESSES, st.integers(0, 129)),
    st.builds("{}..{}".format, ADDRESSES, ADDRESSES),
    st.sampled_from(["10.0.0.0/8", "10/8", "2001:db8::/32", "192.0.2.0/24", "1.2.3.4/32", "0.0.0.0/0"]),
)
ORDER = st.sampled_from(["eq", "ne", "lt", "le", "gt", "ge", "==", "!=", "<", "<=", ">", ">="])


def set_of(members: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(members, max_size=3).map(lambda several: "{" + " ".join(several) + "}")


TESTS = st.one_of(
    of_kind(Kind.BOOL),
    st.builds("{} {} {}".format, STRINGS, ORDER, STRING_LITERALS | BYTES | STRINGS),
    st.builds("{} contains {}".format, STRINGS, STRING_LITERALS | BYTES),
    st.builds("{} {} {}".format, STRINGS, st.sampled_from(["wildcard", "strict wildcard"]), WILDCARDS),
    st.builds("{} in {}".format, STRINGS, set_of(STRING_LITERALS | BYTES)),
    st.builds("{} {} {}".format, INTS, ORDER | st.sampled_from(["&", "bitwise_and"]), INT_LITERALS | INTS),
    st.builds("{} in {}".format, INTS, set_of(INT_MEMBERS)),
    st.builds("ip.src {} {}".format, ORDER, ADDRESSES | st.just("ip.src")),
    st.builds("ip.src in {}".format, set_of(IP_MEMBERS)),
    st.builds("{}({}, {})".format, st.sampled_from(["starts_with", "ends_with"]), STRINGS, STRINGS | STRING_LITERALS),
)
EXPRESSIONS = st.recursive(
    TESTS,
    lambda inner: st.one_of(
        st.builds("{} {} {}".format, inner, st.sampled_from(["and", "or", "xor", "&&", "||", "^^"]), inner),
        st.builds("{}{}".format, st.sampled_from(["not ", "!", "not"]), inner),
        st.builds("({})".format, inner),
    ),
    max_leaves=4,
)
PIECES = [
    *("and", "or", "xor", "not", "!", "&&", "(", ")", "{", "}", "..", ",", " ", "\n", "\t", "eq", "in", "<", "="),
    *('"', "\\", "x", "0", "8", "-", ":", ".", "/", "#", "r", "*", "ssl", "ip.src", "http.host", "1.2.3.4"),
    *("lower(", "len(", "concat(", "starts_with(", "contains", "wildcard", "strict ", "61:62", "true", "+"),
]
WORDS = re.compile(r'"[^"]*"|[\w.]+|\s+|.', re.DOTALL)


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """An expression with one to three words or characters dropped, doubled, swapped or put in."""
    text = draw(EXPRESSIONS)
    for _ in range(draw(st.integers(1, 3))):
        parts = WORDS.findall(text) if draw(st.booleans()) else list(text)
        if not parts:
            break
        at = draw(st.integers(0, len(parts) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "insert", "replace"])):
            case "drop":
                del parts[at]
            case "double":
                parts.insert(at, parts[at])
            case "swap":
                parts[at], parts[at - 1] = parts[at - 1], parts[at]
            case "insert":
                parts.insert(at, draw(st.sampled_from(PIECES)))
            case _:
                parts[at] = draw(st.sampled_from(PIECES))
        text = "".join(parts)
    return text


@settings(
    max_examples=EXAMPLES, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(EXPRESSIONS | mutated())
def test_agreement_on_generated_expressions(text: str) -> None:
    agree(text)


TRICKY = Path(__file__).with_name("tricky_expressions.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", TRICKY)
def test_agreement_on_tricky_expressions(text: str) -> None:
    agree(text)


@pytest.mark.parametrize("blank", list("\t\r\n\x0b\x85\u00a0\u2003\u200b\ufeff\x00\x1c"))
def test_agreement_on_white_space(blank: str) -> None:
    for text in (f"{blank}ssl", f"ssl{blank}", f"ssl{blank}and ssl", f'http.host eq "{blank}"'):
        agree(text)


@pytest.mark.parametrize("depth", [127, 128, 129])
def test_agreement_on_depth(depth: int) -> None:
    accepted = {
        agree("(" * depth + "ssl" + ")" * depth),
        agree("not " * depth + "ssl"),
        agree("lower(" * depth + "http.host" + ")" * depth + ' eq "a"'),
        agree("starts_with(http.host, " + "lower(" * (depth - 1) + "http.host" + ")" * depth),
    }
    assert accepted == {depth <= 128}


def test_the_corpora_hold_both_kinds() -> None:
    accepted = sum("error" not in parse_expression(text) for text in TRICKY)
    assert 20 < accepted < len(TRICKY) - 20
