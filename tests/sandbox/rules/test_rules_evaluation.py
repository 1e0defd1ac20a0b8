"""What an expression means."""

from ipaddress import ip_address

import pytest

from sandbox.rules import evaluate, parse
from sandbox.rules.evaluation import FieldValue

FIELDS: dict[str, FieldValue] = {
    "http.host": "Ha.example.com",
    "http.request.uri.path": "/api/webhook/abc",
    "http.request.method": "POST",
    "http.referer": "",
    "http.user_agent": "grün \udcff*\\",
    "http.request.timestamp.sec": 1000,
    "ip.src": ip_address("192.0.2.7"),
    "ssl": True,
    "cf.tls_client_auth.cert_verified": True,
    "cf.tls_client_auth.cert_revoked": False,
    "cf.tls_client_auth.cert_presented": False,
}


def holds(text: str, **changes: FieldValue) -> bool:
    return evaluate(parse(text), FIELDS | {name.replace("__", "."): value for name, value in changes.items()})


@pytest.mark.parametrize(
    "text",
    [
        "ssl",
        "not cf.tls_client_auth.cert_revoked",
        'http.host eq "Ha.example.com"',
        'http.host ne "ha.example.com"',
        'lower(http.host) == "ha.example.com"',
        'upper(http.host) eq "HA.EXAMPLE.COM"',
        'http.host in {"x" "Ha.example.com"}',
        'lower(http.host) in {r"ha.example.com"}',
        'http.host lt "a"',
        'http.host ge "H" and http.host > "H"',
        'http.host le "Ha.example.com" and http.host <= "I"',
        'http.request.uri.path contains "webhook"',
        'http.request.uri.path contains ""',
        'starts_with(http.request.uri.path, "/api/")',
        'ends_with(http.request.uri.path, "/abc")',
        'ends_with(http.request.uri.path, concat("/a", "bc"))',
        'concat(http.request.method, " ", http.host) eq "POST Ha.example.com"',
        "len(http.request.method) eq 4",
        "len(http.referer) eq 0",
        "len(http.user_agent) eq 9",
        "http.host eq http.host and not http.host eq lower(http.host)",
        'http.host wildcard "ha.*.com"',
        'http.host wildcard "*"',
        'http.referer wildcard "*"',
        'http.host strict wildcard "Ha.*"',
        'not http.host strict wildcard "ha.*"',
        'not http.host wildcard "example"',
        'not http.host wildcard "ha?example?com"',
        r'http.user_agent wildcard r"*\*\\"',
        'http.user_agent wildcard "GR*"',
        'not http.user_agent wildcard "GRÜN*"',
        r'http.user_agent contains "\xff*"',
        r'http.user_agent contains "\377\052"',
        r'http.user_agent contains "gr\xc3\xbcn"',
        "http.user_agent contains c3:bc",
        "http.request.timestamp.sec eq 1000",
        "http.request.timestamp.sec eq 01750",
        "http.request.timestamp.sec eq 0x3e8",
        "http.request.timestamp.sec ne -1000",
        "http.request.timestamp.sec lt 1001 and http.request.timestamp.sec le 1000",
        "http.request.timestamp.sec gt 999 and http.request.timestamp.sec >= 1000",
        "http.request.timestamp.sec in {1 5..9 1000}",
        "http.request.timestamp.sec in {-5..1000}",
        "not http.request.timestamp.sec in {1001..2000 0..999}",
        "http.request.timestamp.sec & 8",
        "not http.request.timestamp.sec & 7",
        "ip.src eq 192.0.2.7",
        "ip.src ne ::1",
        "ip.src in {192.0.2.0/24}",
        "ip.src in {192.0.2/24 2001:db8::/32}",
        "ip.src in {192.0.2.1..192.0.2.7}",
        "not ip.src in {192.0.2.8..192.0.2.9 192.0.2.6 ::/0}",
        "ip.src lt 192.0.2.8 and ip.src gt 10.0.0.0 and ip.src lt ::",
        "not http.host in {} and not ip.src in {} and not http.request.timestamp.sec in {}",
    ],
)
def test_true_of_the_request(text: str) -> None:
    assert holds(text)
    assert not holds(f"not ({text})")


T, F = "ssl", "cf.tls_client_auth.cert_presented"


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        (f"not {F} and {T}", True),
        (f"not {T} and {F}", False),
        (f"not ({T} and {F})", True),
        (f"{T} or {T} and {F}", True),
        (f"({T} or {T}) and {F}", False),
        (f"{T} xor {T} and {F}", True),
        (f"({T} xor {T}) and {F}", False),
        (f"{T} and {F} xor {T}", True),
        (f"{T} or {T} xor {T}", True),
        (f"({T} or {T}) xor {T}", False),
        (f"{T} xor {T} or {T}", True),
        (f"{T} xor ({T} or {T})", False),
        (f"{T} xor {T} xor {T}", True),
        (f"{T} && {T} ^^ {T} || {F}", False),
        (f"!{F} && !{F}", True),
        (f"!!{T}", True),
        (f"not not {F}", False),
        (f'not http.host eq "x" and {T}', True),
    ],
)
def test_not_binds_before_and_before_xor_before_or(text: str, outcome: bool) -> None:
    assert holds(text) is outcome


def test_the_expression_of_a_locked_home() -> None:
    text = (
        '((starts_with(lower(http.host), "ha.example.com"))'
        " and (not cf.tls_client_auth.cert_verified or cf.tls_client_auth.cert_revoked)"
        ' and not ((lower(http.host) eq "ha.example.com"'
        ' and http.request.uri.path eq "/api/webhook/abc" and http.request.timestamp.sec lt 1000)))'
    )
    stranger: dict[str, FieldValue] = {"cf__tls_client_auth__cert_verified": False}
    assert not holds(text)
    assert holds(text, **stranger)
    assert not holds(text, **stranger, http__request__timestamp__sec=999)
    assert holds(text, **stranger, http__request__timestamp__sec=999, http__request__uri__path="/api")
    assert holds(text, cf__tls_client_auth__cert_revoked=True)
    assert not holds(text, **stranger, http__host="www.example.com")
    assert holds(text, **stranger, http__host="HA.example.com.:8443")


def test_a_star_spans_lines() -> None:
    assert holds('http.host wildcard "a*c"', http__host="a\nb\nc")


def test_a_missing_field_is_the_callers_mistake() -> None:
    with pytest.raises(KeyError, match="ssl"):
        evaluate(parse("ssl"), {})
