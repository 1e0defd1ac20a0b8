"""Zones with locks made by hand, made at random from what people write, and the requests to hold them against."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from itertools import product

from hypothesis import strategies as st

from bot.model.protection.parser import parse
from bot.model.protection.rule_state import ForeignRule, RuleState
from sandbox.rules.evaluation import FieldValue
from sandbox.rules.fields import FIELDS, Kind

HOSTS = (
    "ha.example.com",
    "photos.example.com",
    "www.example.com",
    "example.com",
    "cam.ha.example.com",
    "x.example.com",
)
TARGETS = (
    ("/", ""),
    ("/hook", ""),
    ("/hook", "token=abc"),
    ("/Hook", ""),
    ("/HOOK", ""),
    ("/api/webhook/abc", ""),
    ("/api/webhook/other", ""),
    ("/api/webhook/*", ""),
    ("/a//b", ""),
    ("/other", ""),
)
METHODS = ("GET", "POST", "OPTIONS")
CERTIFICATES = ("none", "unverified", "valid", "revoked")
_PLACES = (("198.51.100.7", "AU"), ("192.0.2.9", "XX"))
_EMPTY: dict[Kind, FieldValue] = {Kind.STRING: "", Kind.INT: 0, Kind.BOOL: False, Kind.IP: ip_address("192.0.2.9")}
_NOTHING: dict[str, FieldValue] = {name: _EMPTY[kind] for name, kind in FIELDS.items()}


@dataclass(frozen=True)
class Request:
    """A request, and every field of it."""

    host: str
    path: str
    query: str
    method: str
    certificate: str
    address: str
    country: str

    @property
    def fields(self) -> dict[str, FieldValue]:
        """All that the rules can see. The raw path is the normalised one."""
        uri = f"{self.path}?{self.query}" if self.query else self.path
        shown = self.certificate != "none"
        verified = self.certificate in {"valid", "revoked"}
        seen: dict[str, FieldValue] = {
            "uri": uri,
            "uri.path": self.path,
            "uri.query": self.query,
            "full_uri": f"https://{self.host}{uri}",
        }
        return {
            **_NOTHING,
            **{f"{prefix}http.request.{name}": value for name, value in seen.items() for prefix in ("", "raw.")},
            "http.host": self.host,
            "http.request.method": self.method,
            "http.request.timestamp.sec": 1_796_083_200,
            "ip.src": ip_address(self.address),
            "ip.src.country": self.country,
            "ssl": True,
            "cf.tls_client_auth.cert_presented": shown,
            "cf.tls_client_auth.cert_verified": verified,
            "cf.tls_client_auth.cert_revoked": self.certificate == "revoked",
            "cf.tls_client_auth.cert_serial": "3BB94FF1" if verified else "77" if shown else "",
        }


REQUESTS = tuple(
    Request(host, path, query, method, certificate, address, country)
    for host, (path, query), method, certificate, (address, country) in product(
        HOSTS, TARGETS, METHODS, CERTIFICATES, _PLACES
    )
)


def zone(rules: Sequence[ForeignRule]) -> RuleState:
    """A zone with these rules, and none of ours."""
    return RuleState(ruleset_id="r", ours=None, foreign=tuple(rules))


def a_rule(place: int, action: str, text: str, *, enabled: bool = True, more: bool = False) -> ForeignRule:
    """A rule as the bot reads it."""
    return ForeignRule(
        rule_id=f"r{place}",
        place=place,
        action=action,
        enabled=enabled,
        description="",
        text=text,
        expression=parse(text),
        skips_ours=action == "skip",
        skips_more=action == "skip" and more,
    )


_NAMES = st.sampled_from([*HOSTS[:5], "HA.Example.com", "ha.example.com:8443", *HOSTS[:2] * 4])
_PATHS = st.sampled_from(
    ["/hook", "/api/webhook/abc", "/Hook", "/hook?token=abc", "/api/%77ebhook/abc", "/", "/api/webhook/*", "/a//b"]
)
_METHODS = st.sampled_from(METHODS)
_NETWORKS = st.sampled_from(["198.51.100.0/24", "192.0.2.9", "203.0.113.0/24 2001:db8::/32"])


def _quoted(texts: Sequence[str]) -> str:
    return " ".join(f'"{text}"' for text in texts)


_SOME_NAMES = st.lists(_NAMES, min_size=1, max_size=3)
_SOME_PATHS = st.lists(_PATHS, min_size=1, max_size=3).map(_quoted)
_AT = st.one_of(
    _NAMES.map(lambda host: f'http.host eq "{host}"'),
    _SOME_NAMES.map(lambda hosts: f"http.host in {{{_quoted(hosts)}}}"),
    _SOME_NAMES.map(lambda hosts: "(" + " or ".join(f'lower(http.host) eq "{host}"' for host in hosts) + ")"),
)
_AT_ODDLY = st.sampled_from(
    ["ssl", 'http.host contains "ha."', 'http.host wildcard "*.example.com"', 'ends_with(http.host, "example.com")']
)
_NONE = "not cf.tls_client_auth.cert_verified"
_DEMANDS = st.sampled_from(
    [
        *[_NONE] * 6,
        *[f"({_NONE} or cf.tls_client_auth.cert_revoked)"] * 4,
        "not (cf.tls_client_auth.cert_verified and not cf.tls_client_auth.cert_revoked)",
        "not cf.tls_client_auth.cert_presented",
        "(not cf.tls_client_auth.cert_presented or cf.tls_client_auth.cert_revoked)",
        "cf.tls_client_auth.cert_revoked",
        f'({_NONE} or cf.tls_client_auth.cert_serial ne "3BB94FF1")',
        f'({_NONE} or cf.tls_client_auth.cert_serial ne "1")',
        "(cf.tls_client_auth.cert_verified xor not cf.tls_client_auth.cert_revoked)",
    ]
)
_EXACTLY = st.one_of(
    _PATHS.map(lambda path: f'http.request.uri.path eq "{path}"'),
    _SOME_PATHS.map(lambda paths: f"http.request.uri.path in {{{paths}}}"),
    _PATHS.map(lambda path: f'http.request.uri eq "{path}"'),
    st.builds('(http.request.uri.path eq "{}" and http.request.method eq "{}")'.format, _PATHS, _METHODS),
    st.builds("(http.request.uri.path in {{{}}} and ip.src in {{{}}})".format, _SOME_PATHS, _NETWORKS),
    st.builds('({} and http.request.uri.path eq "{}")'.format, _AT, _PATHS),
)
_INEXACTLY = st.one_of(
    st.sampled_from(
        [
            'starts_with(http.request.uri.path, "/api/")',
            'http.request.uri.path contains "hook"',
            'lower(http.request.uri.path) eq "/hook"',
            'http.request.full_uri eq "https://ha.example.com/hook"',
            'http.request.method eq "OPTIONS"',
            'ip.src.country eq "AU"',
        ]
    ),
    _NETWORKS.map(lambda networks: f"ip.src in {{{networks}}}"),
    st.builds('({} and ip.src.country eq "AU")'.format, _EXACTLY),
    st.builds('(http.request.uri.path ne "{}" and http.request.method eq "{}")'.format, _PATHS, _METHODS),
)
# Mostly what can be told in addresses: of anything else nothing is taken over, and nothing can go wrong.
_LETS = st.one_of(*[_EXACTLY] * 6, _INEXACTLY)


@st.composite
def _a_lock(draw: st.DrawFn) -> str:
    parts = [draw(st.one_of(*[_AT] * 7, _AT_ODDLY)), draw(_DEMANDS)]
    parts += [f"not {one}" for one in draw(st.lists(_LETS, max_size=2))]
    return "(" + " and ".join(draw(st.permutations(parts))) + ")"


_LOCKS = st.one_of(*[_a_lock()] * 3, st.lists(_a_lock(), min_size=2, max_size=2).map(" or ".join))


@st.composite
def _a_skip(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.one_of(_LETS, _LETS, _AT), min_size=1, max_size=2))
    if draw(st.integers(0, 5)) == 0:
        parts.append(
            draw(st.sampled_from([_NONE, "cf.tls_client_auth.cert_verified", "cf.tls_client_auth.cert_revoked"]))
        )
    return "(" + " and ".join(parts) + ")"


_OTHERS = st.sampled_from(
    [
        '(ip.src.country ne "AU")',
        '(http.request.uri.path contains "/api/" and ip.src.country ne "AU")',
        '(http.host eq "www.example.com")',
        '(http.request.uri.path eq "/hook" and http.request.method eq "GET")',
        "(cf.tls_client_auth.cert_revoked)",
    ]
)


@st.composite
def zones(draw: st.DrawFn) -> RuleState:
    """Two to six rules: locks, skips, and whatever else a zone has, in any order."""
    kinds = draw(st.lists(st.sampled_from(["lock", "lock", "skip", "skip", "other"]), min_size=1, max_size=5))
    rules = []
    for place, kind in enumerate(draw(st.permutations(["lock", *kinds])), start=1):
        text = draw({"lock": _LOCKS, "skip": _a_skip(), "other": _OTHERS}[kind])
        action = "skip" if kind == "skip" else draw(st.sampled_from(["block"] * 7 + ["managed_challenge"]))
        on, more = draw(st.integers(0, 9)) > 0, draw(st.integers(0, 4)) == 0
        rules.append(a_rule(place, action, text, enabled=on, more=more))
    return zone(rules)
