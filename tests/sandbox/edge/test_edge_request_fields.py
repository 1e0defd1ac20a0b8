"""What a request looks like to the rules: Host, paths, certificate fields."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.edge.judge import certificate_fields
from sandbox.edge.normalization import normalised_escapes, normalised_path
from sandbox.edge.zone import ZoneFile
from tests.sandbox.edge.edge_household import HA, Household, household

OURS = '(starts_with(lower(http.host), "ha.example.com") and not cf.tls_client_auth.cert_verified)'
NAIVE = '(http.host eq "ha.example.com" and not cf.tls_client_auth.cert_verified)'


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("host", ["HA.example.com", "ha.example.com:8443", "ha.example.com.", "Ha.Example.Com.:2053"])
async def test_host_spellings_dodge_a_naive_rule_and_not_ours(house: Household, host: str) -> None:
    house.block(NAIVE)
    visit = await house.opens(None, headers={"Host": host})
    assert (visit.status, "Home Assistant" in visit.body) == (200, True)
    house.block(OURS)
    assert await house.status(None, headers={"Host": host}) == 403


async def test_host_can_be_lowercased_by_option(house: Household) -> None:
    house.block(NAIVE)
    house.edge.habits.host_lowercased = True
    assert await house.status(None, headers={"Host": "HA.example.com"}) == 403


async def test_its_own_port_stands_for_443(house: Household) -> None:
    house.block(NAIVE)
    assert await house.status(None, house.edge.url_for("ha.example.com")) == 403


async def test_a_foreign_host_on_our_connection_is_refused(house: Household) -> None:
    house.publish(rules=[])
    visit = await house.opens(None, headers={"Host": "elsewhere.test"})
    assert (visit.status, "Error 1000" in visit.body) == (403, True)
    assert "<b>" not in (await house.opens(None, headers={"Host": "<b>"})).body
    assert await house.status(None, headers={"Host": ""}) == 400


@pytest.mark.parametrize(
    ("raw", "seen"),
    [
        ("/", "/"),
        ("", "/"),
        ("/a/b", "/a/b"),
        ("/a/", "/a/"),
        ("/%68ook", "/hook"),
        ("/%7Euser", "/~user"),
        ("/a%2fb", "/a%2Fb"),
        ("/a%2Fb", "/a%2Fb"),
        ("/a%5cb", "/a%5Cb"),
        ("/a\\b", "/a%5Cb"),
        ("/a b", "/a%20b"),
        ("/grün", "/gr%C3%BCn"),
        ("/a//b", "/a//b"),
        ("/a/./b", "/a/b"),
        ("/a/../b", "/b"),
        ("/a/%2e%2E/b", "/b"),
        ("/a/..", "/"),
        ("/a/b/..", "/a/"),
        ("/a/b/.", "/a/b/"),
        ("/../../a", "/a"),
        ("/a//../b", "/a/b"),
        ("/a/..%2fb", "/a/..%2Fb"),
        ("/a/...", "/a/..."),
        ("/100%", "/100%"),
        ("/%zz", "/%zz"),
    ],
)
def test_paths_are_normalised_as_rfc_3986_says(raw: str, seen: str) -> None:
    assert normalised_path(raw) == seen
    assert normalised_path(seen) == seen


def test_queries_keep_their_dots() -> None:
    assert normalised_escapes("a=%2e%2e/&b=%3d%41") == "a=../&b=%3DA"


async def test_rules_see_the_normalised_path_and_the_service_the_raw_one(house: Household) -> None:
    house.block('http.request.uri.path eq "/admin"')
    assert await house.status(None, f"{HA}/hook/%2e%2e/admin") == 403
    assert await house.status(None, f"{HA}/%61dmin?x=1") == 403
    visit = await house.opens(None, f"{HA}/hook/..%2fadmin")
    assert (visit.status, json.loads(visit.body)["path"]) == (404, "/hook/..%2fadmin")
    house.block('raw.http.request.uri.path eq "/hook/%2e%2e/admin"')
    assert await house.status(None, f"{HA}/hook/%2e%2e/admin") == 403


@pytest.mark.parametrize(
    "expression",
    [
        'http.request.uri eq "/a?b=c"',
        'http.request.full_uri eq "https://ha.example.com/a?b=c"',
        'http.request.uri.query eq "b=c"',
        'http.request.method eq "PUT"',
        'http.request.version eq "HTTP/1.1"',
        'http.user_agent eq "curl/8"',
        'http.referer contains "elsewhere"',
        'http.cookie eq "k=v"',
        'http.x_forwarded_for eq "192.0.2.1"',
        "ip.src eq 127.0.0.9",
        "ip.src in {127.0.0.8/30}",
        "ssl",
        'cf.tls_version eq "TLSv1.3"',
        "len(cf.ray_id) gt 15",
        'ip.src.country eq "XX" and cf.edge.server_port eq 443',
    ],
)
async def test_fields_of_the_request(house: Household, expression: str) -> None:
    headers = {
        "User-Agent": "curl/8",
        "Referer": "https://elsewhere.test/",
        "Cookie": "k=v",
        "X-Forwarded-For": "192.0.2.1",
    }
    house.block(expression)
    url = f"{HA}/a?b=c"
    assert await house.status(None, url, method="PUT", headers=headers, source="127.0.0.9") == 403
    house.block(f"not ({expression})")
    assert await house.status(None, url, method="PUT", headers=headers, source="127.0.0.9") == 404


async def test_fields_of_a_certificate(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    zone = ZoneFile(house.edge.directory / "zone.json", house.clock).state()
    fields = certificate_fields(phone.certificate, zone, house.clock.now())
    prefix = "cf.tls_client_auth.cert_"
    assert fields[f"{prefix}fingerprint_sha256"] == phone.fingerprint
    assert fields[f"{prefix}serial"] == f"{phone.certificate.serial_number:X}"
    assert fields[f"{prefix}subject_dn"] == "CN=pixel8,C=DE"
    assert fields[f"{prefix}subject_dn_legacy"] == "/C=DE/CN=pixel8"
    assert fields[f"{prefix}issuer_dn"] == "CN=Managed CA"
    assert fields[f"{prefix}not_after"] == f"{phone.certificate.not_valid_after_utc:%b %e %H:%M:%S %Y} GMT"
    house.block(f'{prefix}fingerprint_sha256 in {{"{phone.fingerprint}"}}')
    assert await house.status(phone) == 403
    assert await house.status(house.authority.issue("other")) == 200


async def test_what_is_not_documented_of_raw_paths_and_fingerprints_can_be_turned(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    by_fingerprint = f'cf.tls_client_auth.cert_fingerprint_sha256 eq "{phone.fingerprint.upper()}"'
    house.block(by_fingerprint, 'raw.http.request.uri.path eq "/x"')
    assert [await house.status(phone), await house.status(None, f"{HA}/a/../x")] == [200, 404]
    house.edge.habits.fingerprints_in_capitals = house.edge.habits.raw_normalised = True
    assert [await house.status(phone), await house.status(None, f"{HA}/a/../x")] == [403, 403]
    house.block(f"lower({by_fingerprint.lower().replace(' eq', ') eq')}")
    assert await house.status(phone) == 403
