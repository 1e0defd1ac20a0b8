"""The tree of an expression, and where a wrong one is wrong."""

from ipaddress import IPv4Network, IPv6Network, ip_address

import pytest

from sandbox.rules import ExpressionError, parse
from sandbox.rules.expression import (
    And,
    Call,
    Comparison,
    Field,
    IntRange,
    IpRange,
    Membership,
    Not,
    Operator,
    Or,
    Xor,
)

SSL = Field("ssl")
HOST = Field("http.host")


def test_chains_are_flat_and_groups_are_kept() -> None:
    assert parse("ssl or ssl or ssl") == Or((SSL, SSL, SSL))
    assert parse("(ssl or ssl) or ssl") == Or((Or((SSL, SSL)), SSL))
    assert parse("ssl xor not ssl and ssl") == Xor((SSL, And((Not(SSL), SSL))))
    assert parse("((ssl))") == SSL


def test_words_and_symbols_are_one() -> None:
    pairs = [("eq", "=="), ("ne", "!="), ("lt", "<"), ("le", "<="), ("gt", ">"), ("ge", ">=")]
    for word, symbol in pairs:
        assert parse(f'http.host {word} "a"') == parse(f'http.host{symbol}"a"')
        assert parse(f'http.host {word} "a"') == Comparison(HOST, Operator(word), b"a")
    assert parse("ssl and ssl or ssl xor not ssl") == parse("ssl&&ssl||ssl^^!ssl")


def test_calls_and_sets() -> None:
    assert parse('starts_with(lower(http.host), "a")') == Call("starts_with", (Call("lower", (HOST,)), b"a"))
    assert parse('http.host in {"a" r#"b"c"# 61:62}') == Membership(HOST, (b"a", b'b"c', b"ab"))
    assert parse("http.host in {}") == Membership(HOST, ())
    assert parse("len(http.host) in {1..5 -7 010}") == Membership(
        Call("len", (HOST,)), (IntRange(1, 5), IntRange(-7, -7), IntRange(8, 8))
    )
    assert parse("ip.src in {10/8 2001:db8::/32 192.0.2.1 192.0.2.1..192.0.2.9}") == Membership(
        Field("ip.src"),
        (
            IPv4Network("10.0.0.0/8"),
            IPv6Network("2001:db8::/32"),
            IPv4Network("192.0.2.1/32"),
            IpRange(ip_address("192.0.2.1"), ip_address("192.0.2.9")),
        ),
    )


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"a\"b"', b'a"b'),
        (r'"a\\"', b"a\\"),
        (r'"\\\""', b'\\"'),
        (r'"\x41\x6a"', b"Aj"),
        (r'"\101\000"', b"A\x00"),
        (r'"\\x41"', b"\\x41"),
        (r'r"a\"', b"a\\"),
        (r'r##"a"#b"##', b'a"#b'),
        ('"é"', "é".encode()),
        ('"a\nb"', b"a\nb"),
        ("61:7A", b"az"),
    ],
)
def test_strings(written: str, meant: bytes) -> None:
    assert parse(f"http.host eq {written}") == Comparison(HOST, Operator.EQ, meant)


@pytest.mark.parametrize(
    ("text", "line", "column", "reason"),
    [
        ("", 1, 1, "ends too early"),
        ("ssl and", 1, 8, "ends too early"),
        ("(ssl", 1, 5, "ends too early"),
        ("ssl\nand http.nothing eq 5", 2, 5, "unknown identifier http.nothing"),
        ("http.host eq 5", 1, 14, "'5'"),
        ('http.host matches "a"', 1, 11, "matches"),
        ('http.host wildcard "a**"', 1, 20, "double star"),
        ('http.host wildcard r"a\\b"', 1, 20, "escape"),
        ('http.host strict wildcard "' + "*a" * 11 + '"', 1, 27, "11 star"),
        ("http.request.timestamp.sec eq 9223372036854775808", 1, 31, "64 bits"),
        ("http.request.timestamp.sec in {1 5..1}", 1, 34, "range bounds"),
        ("ip.src in {10.0.0.1/8}", 1, 12, "host bits"),
        ("ip.src in {::1..10.0.0.1}", 1, 12, "range bounds"),
        ("(" * 129 + "ssl" + ")" * 129, 1, 129, "nesting"),
    ],
)
def test_errors_say_where(text: str, line: int, column: int, reason: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert reason in caught.value.reason
    assert f"({line}:{column})" in str(caught.value)


def test_very_deep_nesting_is_an_error_and_no_crash() -> None:
    for text in ("(" * 5000 + "ssl" + ")" * 5000, "!" * 5000 + "ssl"):
        with pytest.raises(ExpressionError, match="nesting"):
            parse(text)
    assert isinstance(parse("!" * 128 + "ssl"), Not)
