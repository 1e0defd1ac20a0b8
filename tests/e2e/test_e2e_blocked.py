"""/blocked: what Cloudflare tells of who knocked, over the real edge of the sandbox."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.edge.probe import USER_AGENT
from sandbox.cloudflare.graphql import ONLY_TIMES
from sandbox.edge.client import visit
from sandbox.edge.events import FirewallEvents
from tests.household import Household
from tests.locked_household import HA_HOST, household, locked


@pytest.fixture
async def shut(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path, HA_HOST) as home:
        yield home


async def knock(home: Household, path: str = "/", agent: str = "curl/8.5.0") -> None:
    answer = await visit(home.world.edge, f"https://{HA_HOST}{path}", headers={"User-Agent": agent})
    assert answer.status == 403


async def blocked(home: Household) -> str:
    await home.say("Anna", "/blocked")
    return home.newest("Anna").text


def knocks(said: str) -> list[str]:
    """The lines of those that were turned away."""
    return [line for line in said.splitlines() if re.match(r"\d+\. ", line)]


async def test_the_last_ones_newest_first_with_masked_paths(shut: Household) -> None:
    await knock(shut, agent="Mozilla/5.0 (Android 15; Mobile; rv:138.0) Gecko/138.0 Firefox/138.0")
    await shut.clock(minutes=1)
    await knock(shut, "/api/webhook/secret-of-the-house")
    said = (await blocked(shut)).splitlines()
    lines = [line for line in said if line[:1].isdigit()]
    assert lines[0].endswith(f"{HA_HOST}/api/webhook…ouse – Tor, curl")
    assert lines[1].endswith(f"{HA_HOST}/ – Tor, Firefox")
    assert "secret" not in "".join(said)


async def test_nobody(shut: Household) -> None:
    assert (await blocked(shut)).startswith("Nobody was turned away in the last 24 hours")


async def test_no_more_than_ten_and_look_again(shut: Household) -> None:
    for _ in range(12):
        await knock(shut)
    await blocked(shut)
    await shut.tap("Anna", "Look again")
    assert len(knocks(shut.newest("Anna").text)) == 10


async def test_a_plan_that_takes_no_filter_but_one_by_time(shut: Household) -> None:
    shut.world.cloudflare.analytics[ONLY_TIMES] = True
    await knock(shut)
    assert len(knocks(await blocked(shut))) == 1


async def test_what_is_turned_away_elsewhere_in_the_zone_does_not_hide_them(shut: Household) -> None:
    await knock(shut, agent="curl/8.5.0")
    await shut.clock(minutes=1)
    now = shut.world.clock.now()
    elsewhere = FirewallEvents(shut.world.directory)
    for number in range(230):
        host, action = ("www.example.com", "block") if number % 2 else (HA_HOST, "managed_challenge")
        elsewhere.add(at=now, rule_id="x", action=action, host=host, path="/wp-login.php", agent="bot", ray="1")
    said = await blocked(shut)
    assert [line.rpartition(", ")[2] for line in knocks(said)] == ["curl"]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"enabled": False}, "Your zone's plan does not tell me who knocked."),
        ({"availableFields": ["datetime"]}, "Your zone's plan does not tell me who knocked."),
        ({"maxPageSize": 50}, "1. "),
        ({"maxDuration": 3600}, "Turned away in the last hour"),
        ({"notOlderThan": 7200}, "in the last 2 hours"),
    ],
)
async def test_what_the_plan_allows(shut: Household, changed: dict[str, Any], words: str) -> None:
    shut.world.cloudflare.analytics.update(changed)
    await knock(shut)
    assert words in await blocked(shut)


async def test_fields_that_the_plan_does_not_tell_are_left_out(shut: Household) -> None:
    shut.world.cloudflare.analytics["availableFields"] = ["datetime", "action", "clientRequestHTTPHost"]
    await knock(shut, "/x")
    assert f"{HA_HOST} – ?, ?" in await blocked(shut)


async def test_without_the_right(shut: Household) -> None:
    shut.world.cloudflare.permissions.discard("analytics:read")
    said = await blocked(shut)
    assert "the Cloudflare token lacks “Zone: Analytics: Read”" in said


async def test_trouble(shut: Household) -> None:
    shut.world.cloudflare.fault(call="POST *graphql", status=500, times=0)
    assert "does not tell me who knocked right now" in await blocked(shut)
    shut.world.end_trouble()


async def test_before_anything_is_locked_by_us(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        await knock(home)
        assert len(knocks(await blocked(home))) == 1


async def test_our_own_requests_are_left_out_and_nobody_elses(shut: Household) -> None:
    """Whoever calls themself as we do, or as we did at another place or time, is shown."""
    await shut.say("Anna", "/prove")
    ours = {event["userAgent"] for event in FirewallEvents(shut.world.directory).all()}
    assert len(ours) > 1
    assert knocks(await blocked(shut)) == []
    await shut.restart()
    assert knocks(await blocked(shut)) == []
    await shut.clock(minutes=11)
    for agent in ("Latchkey/1.0", "my-latchkey-scanner", USER_AGENT, *sorted(ours)[:2]):
        await knock(shut, agent=agent)
    assert [line.rpartition(", ")[2] for line in knocks(await blocked(shut))] == [
        "a program that calls itself Latchkey"
    ] * 5


async def test_a_webhook_that_is_open_for_others_is_named(shut: Household) -> None:
    await shut.say("Anna", f"/openpath https://{HA_HOST}/api/webhook/0a1b2c3d4e5f POST 2h for the door bell")
    await shut.clock(seconds=10)
    await knock(shut, "/api/webhook/0a1b2c3d4e5f")
    await shut.clock(seconds=10)
    await knock(shut, "/api/webhook/0a1b2c3d4e5e")
    other, named = knocks(await blocked(shut))[:2]
    assert named.endswith(f"{HA_HOST}/api/webhook…e5f – Tor, curl (number 1 of /paths: the door bell)")
    assert other.endswith(f"{HA_HOST}/api/webhook…e5e – Tor, curl")
