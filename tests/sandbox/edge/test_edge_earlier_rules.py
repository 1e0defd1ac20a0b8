"""What is decided before custom rules, and what answers at other names."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.sandbox.edge.edge_household import HA, Household, household

HERE, ELSEWHERE, IN_A_COUNTRY = "127.0.0.1", "127.0.0.2", "127.0.0.3"


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as opened:
        yield opened


def access(mode: str, target: str, value: str) -> dict[str, str]:
    return {"id": f"{mode} {value}", "mode": mode, "target": target, "value": value}


@pytest.mark.parametrize(
    ("target", "value", "allowed"),
    [
        ("ip", ELSEWHERE, {ELSEWHERE}),
        ("ip_range", "127.0.0.2/31", {ELSEWHERE, IN_A_COUNTRY}),
        ("asn", "AS64496", {IN_A_COUNTRY}),
        ("asn", "64496", {IN_A_COUNTRY}),
        ("country", "NL", {IN_A_COUNTRY}),
        ("ip6", "2001:db8::1", set()),
        ("country", "DE", set()),
    ],
)
async def test_allow_ends_the_evaluation_for_whom_it_names(
    house: Household, target: str, value: str, allowed: set[str]
) -> None:
    house.publish(access_rules=[access("whitelist", target, value)])
    statuses = {source: await house.status(None, source=source) for source in (HERE, ELSEWHERE, IN_A_COUNTRY)}
    assert {source for source, status in statuses.items() if status == 200} == allowed
    assert set(statuses.values()) <= {200, 403}


async def test_block_turns_away_with_a_certificate_too_and_the_narrower_rule_wins(house: Household) -> None:
    phone = house.authority.issue("pixel8")
    house.publish(access_rules=[access("block", "ip_range", "127.0.0.0/8")])
    assert await house.status(phone) == 403
    house.publish(access_rules=[access("block", "ip_range", "127.0.0.0/8"), access("whitelist", "ip", HERE)])
    assert await house.status(phone) == 200
    house.publish(access_rules=[access("managed_challenge", "ip", HERE)])
    assert (await house.opens(phone)).headers["cf-mitigated"] == "challenge"


async def test_a_rewrite_changes_what_rules_see_and_the_service_gets(house: Household) -> None:
    house.publish(rewrites=[{"expression": 'http.request.uri.path eq "/old"', "path": "/new"}])
    house.block('http.request.uri.path eq "/new" and raw.http.request.uri.path ne "/old"')
    assert await house.status(None, f"{HA}/new") == 403
    rewritten = await house.opens(None, f"{HA}/old")
    assert (rewritten.status, json.loads(rewritten.body)["path"]) == (404, "/new")
    house.block('http.request.uri eq "/new?a=1"')
    assert await house.status(None, f"{HA}/old?a=1") == 403


async def test_other_names_of_a_service(house: Household) -> None:
    house.block()
    house.publish(services={"photos2.example.com": "photos.example.com", "*.example.com": "ha.example.com"})
    for name, title in (("photos2", "Immich"), ("anything", "Home Assistant"), ("example.com", "example.com")):
        host = name if "." in name else f"{name}.example.com"
        said = (await house.opens(None, f"https://{host}/")).body
        assert f"<title>{title}</title>" in said
