"""Expressions printed and read: by us, by Cloudflare's engine and by the sandbox."""

from collections.abc import Mapping
from ipaddress import ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from octorules_wirefilter import parse_expression

from bot.model.protection.expression import (
    All,
    Call,
    Compare,
    Constant,
    Expression,
    Field,
    Member,
    Not,
    Opaque,
    Value,
    Within,
    truth,
)
from bot.model.protection.parser import parse
from bot.model.protection.printer import to_text
from sandbox.rules import evaluate
from sandbox.rules import parse as parse_at_edge
from tests.generated_expressions import EXPRESSIONS, requests

HOST = Field("http.host")


@settings(max_examples=300, deadline=None)
@given(EXPRESSIONS, requests())
def test_all_readers_agree(expression: Expression, request: Mapping[str, Value]) -> None:
    text = to_text(expression)
    assert parse(text) == expression
    engine = parse_expression(text)
    assert "error" not in engine, text
    at_edge = evaluate(parse_at_edge(text), dict(request))
    assert truth(expression, request) is at_edge


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(codec="utf-8"), max_size=30))
def test_whatever_somebody_writes_stays_a_literal(text: str) -> None:
    printed = to_text(All((Compare("eq", HOST, Constant(text)), Field("ssl"))))
    assert printed.isascii()
    assert printed.isprintable()
    engine = parse_expression(printed)
    assert "error" not in engine
    assert engine["string_literals"] == [text]
    assert sorted(engine["fields"]) == ["http.host", "ssl"]


@pytest.mark.parametrize(
    "attack",
    ['" or ssl or "', '\\" or ssl or \\"', "\\", '"#', 'a") or (ssl', "\\x22 or ssl", "a\nor ssl", "é\x00\x7f"],
)
def test_attacks_stay_literals(attack: str) -> None:
    for expression in (
        Compare("ne", HOST, Constant(attack)),
        Member(HOST, (attack, "b")),
        Call("starts_with", (HOST, Constant(attack))),
    ):
        printed = to_text(expression)
        assert parse_expression(printed)["fields"] == ["http.host"]
        assert parse(printed) == expression


@pytest.mark.parametrize(
    "unprintable",
    [Member(HOST, ()), Within(HOST, ()), Opaque("ssl"), Not(Opaque("ssl")), All((HOST, Member(HOST, ())))],
)
def test_what_cannot_be_printed(unprintable: Expression) -> None:
    with pytest.raises(ValueError, match="cannot be printed"):
        to_text(unprintable)


@given(st.text(max_size=40) | st.text('()"\\r#{}!&|~<=$ 01.:xnotands', max_size=40))
def test_reading_never_raises(text: str) -> None:
    parse(text)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("not ssl and ssl or ssl", "((not ssl and ssl) or ssl)"),
        ("ssl or ssl and ssl xor ssl", "(ssl or ((ssl and ssl) xor ssl))"),
        ("!(ssl||ssl)&&ssl^^ssl", "((not (ssl or ssl) and ssl) xor ssl)"),
        ('not http.host eq "a"', 'not http.host eq "a"'),
        ("cf.client.bot", "cf.client.bot"),
        ("cf.edge.server_port in {80 0x1}", None),
        ("cf.edge.server_port eq 010", "cf.edge.server_port eq 8"),
        ("cf.edge.server_port eq -010", "cf.edge.server_port eq -10"),
        ("cf.edge.server_port eq 08", None),
        ("cf.edge.server_port eq " + "9" * 5000, None),
        ('http.host eq r#"a"b\\"#', 'http.host eq "a\\x22b\\x5c"'),
        ('http.host eq "\\101\\x42\\xff"', 'http.host eq "AB\\xff"'),
        ('http.host eq "\\n"', None),
        ('http.host matches "a" trailing', None),
        ("(" * 3000 + "ssl" + ")" * 3000, None),
        ("ssl ssl", None),
        ("", None),
    ],
)
def test_how_texts_are_read(text: str, written: str | None) -> None:
    tree = parse(text)
    assert isinstance(tree, Opaque) if written is None else to_text(tree) == written


@pytest.mark.parametrize(
    "unread",
    [
        "ip.src lt 192.0.2.1",
        "ip.src in {10/8 1.2.3.4..1.2.3.9}",
        "ip.src in $office",
        "ip.src in {192.0.2.1/24}",
        "cf.edge.server_port in {80..90}",
        "http.request.uri.path eq raw.http.request.uri.path",
        'any(http.request.headers["x-photos-key"][*] eq "a)b")',
        'all(lower(http.request.headers["x"][*])[*] contains "b")',
        'http.request.headers["x"][0] eq "b"',
        'http.host wildcard "a**"',
        'http.host matches "a.*"',
    ],
)
def test_a_part_that_is_not_read_leaves_the_rest_readable(unread: str) -> None:
    tree = parse(f"{unread} and not ssl")
    assert isinstance(tree, All)
    assert len(tree.operands) == 2
    assert truth(tree, {"ssl": True}) is False
    assert truth(tree, {"ssl": False}) is None


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ('http.host wildcard "*.EXAMPLE.com"', {"http.host": "ha.example.com"}),
        ('http.host wildcard r"*"', {"http.host": ""}),
        ('http.host wildcard "h?.example.com"', {"http.host": "ha.example.com"}),
        ('http.host strict wildcard "*.Example.com"', {"http.host": "ha.example.com"}),
        ('http.host strict wildcard r"ha.*.c*m"', {"http.host": "ha.example.com"}),
        (r'http.request.uri.path wildcard r"/\*/\\*"', {"http.request.uri.path": "/*/\\x"}),
        (r'http.request.uri.path wildcard r"/\*"', {"http.request.uri.path": "/x"}),
        ('http.host wildcard "*.example.com"', {"http.host": "ha.example.com\n"}),
        ("ip.src eq 192.0.2.1", {"ip.src": "192.0.2.1"}),
        ("ip.src ne 192.0.2.1", {"ip.src": "192.0.2.1"}),
        ("ip.src ne 2001:db8::1", {"ip.src": "192.0.2.1"}),
    ],
)
def test_what_the_two_readers_make_of_wildcards_and_addresses(text: str, fields: dict[str, Value]) -> None:
    at_edge = {name: ip_address(str(value)) if name == "ip.src" else value for name, value in fields.items()}
    assert truth(parse(text), fields) is evaluate(parse_at_edge(text), at_edge)
    assert truth(parse(to_text(parse(text))), fields) is truth(parse(text), fields)


def test_networks_are_read_and_printed() -> None:
    tree = parse("ip.src in {192.0.2.0/24 2001:db8::/32 fe80::1}")
    assert isinstance(tree, Within)
    assert to_text(tree) == "ip.src in {192.0.2.0/24 2001:db8::/32 fe80::1/128}"
    assert parse(to_text(tree)) == tree
    assert truth(tree, {"ip.src": "192.0.2.77"}) is True
    assert truth(tree, {"ip.src": "2001:db9::1"}) is False
    assert truth(tree, {}) is None
    assert truth(Within(Field("ip.src"), ()), {}) is False
