"""Rules of our own, made at random, and requests that come near what they say."""

from collections.abc import Mapping
from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network, ip_network

from hypothesis import strategies as st

from bot.model.protection.expression import Network, Value
from bot.model.protection.path_spellings import spellings
from bot.model.protection.rule import BEACON_PATH, DesiredRule, PathCheck, PathException

HOSTS = ("ha.example.com", "photos.example.com", "a.example.com")
NONCE = "4fk2abcd"
DIGESTS = tuple(f"ab{number:062x}" for number in range(4))
CAPITALS = tuple(digest.upper() for digest in DIGESTS)
NOW = 1_796_083_200
ATTACKS = (
    '" or ssl or "',
    '\\" or ssl or \\"',
    "\\",
    '"#',
    '"}) or (ssl',
    "\\x22 or ssl",
    '/a\nor ssl or "',
    "é\x00\x7f",
    '" and not (ssl) or http.host eq "',
    'r#"x"# or ssl',
    '/x") or not (http.host eq "',
    "192.0.2.0/24} or ssl",
)
PATHS = ("/api/webhook/abc", "/api/webhook/abcd", "/", "/API/webhook/abc", "/a%C3", "/~a", BEACON_PATH + NONCE)
NETWORKS: tuple[Network, ...] = (ip_network("192.0.2.0/24"), IPv4Network("198.51.100.7"), IPv6Network("2001:db8::/32"))
ADDRESSES = ("192.0.2.77", "198.51.100.7", "198.51.100.8", "2001:db8::1", "2001:db9::1")
_TEXTS = st.sampled_from(PATHS + ATTACKS) | st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def exceptions(texts: st.SearchStrategy[str] = _TEXTS) -> st.SearchStrategy[PathException]:
    """Open paths, with whatever somebody wrote."""
    return st.builds(
        PathException,
        host=st.sampled_from(HOSTS),
        path=texts,
        sent=st.none() | st.sampled_from(["/api/%77ebhook/abc", "/%2E%2E/a", *ATTACKS]),
        closes_at=st.integers(NOW - 2, NOW + 2),
        query=st.none() | st.sampled_from(["", "token=x", *ATTACKS]),
        method=st.none() | st.sampled_from(["POST", "GET", "GET POST", "HEAD PUT", *ATTACKS]),
        networks=st.lists(st.sampled_from(NETWORKS), max_size=3, unique=True).map(tuple),
    ).map(_as_read)


def _as_read(one: PathException) -> PathException:
    """As reading an address makes it: a usual spelling is none of somebody's own."""
    return replace(one, sent=None) if one.sent in spellings(one.path) else one


RULES: st.SearchStrategy[DesiredRule] = st.builds(
    DesiredRule,
    hosts=st.lists(st.sampled_from(HOSTS), min_size=1, max_size=3, unique=True).map(tuple),
    beacon=st.just(NONCE),
    exceptions=st.lists(exceptions(), max_size=3).map(tuple),
    fingerprints=st.lists(st.sampled_from(DIGESTS), max_size=3, unique=True).map(tuple),
    everything=st.sampled_from([False, False, False, True]),
    paths_by=st.sampled_from(PathCheck),
)


def requests() -> st.SearchStrategy[Mapping[str, Value]]:
    """Requests of which every field is known, near the rules."""
    spelled = [*HOSTS, "HA.example.com", "ha.example.com:8443", "photos.example.com.", "www.example.com"]
    return st.fixed_dictionaries(
        {
            "http.host": st.sampled_from(spelled),
            "http.request.uri.path": st.sampled_from(PATHS + ATTACKS),
            "raw.http.request.uri.path": st.sampled_from((*PATHS, *ATTACKS, "/api/%77ebhook/abc", "/a%c3", "/%7Ea")),
            "http.request.uri.query": st.sampled_from(["", "token=x"]),
            "http.request.method": st.sampled_from(["GET", "POST"]),
            "http.request.timestamp.sec": st.integers(NOW - 3, NOW + 3),
            "ip.src": st.sampled_from(ADDRESSES),
            "cf.tls_client_auth.cert_verified": st.booleans(),
            "cf.tls_client_auth.cert_revoked": st.booleans(),
            "cf.tls_client_auth.cert_fingerprint_sha256": st.sampled_from(["", *DIGESTS, *CAPITALS]),
        }
    )
