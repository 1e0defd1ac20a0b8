"""Taking over a lock made by hand: ours first, theirs off once ours is seen, nothing else of anybody changed."""

import copy
from pathlib import Path
from typing import Any

import pytest

from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, foreign_rules, household, our_rule

HA, HOOK = "https://ha.example.com/", "https://ha.example.com/hook"
SKIP = '(http.host eq "ha.example.com" and http.request.uri.path eq "/hook")'


def handmade(home: Household) -> list[dict[str, Any]]:
    """A skip rule for a webhook, a lock, and a rule about something else."""
    cloudflare = home.world.cloudflare
    cloudflare.add_rule(
        SKIP,
        action="skip",
        first=True,
        description="webhook",
        action_parameters={"ruleset": "current"},
        logging={"enabled": True},
    )
    cloudflare.add_rule('http.host eq "www.example.com"', action="managed_challenge", description="theirs")
    return copy.deepcopy(foreign_rules(home))


def plain(rule: dict[str, Any], **changes: object) -> dict[str, Any]:
    """A rule but for what Cloudflare writes into it itself."""
    return {name: value for name, value in rule.items() if name not in {"version", "last_updated"}} | changes


async def taken_over(home: Household) -> None:
    await home.say("Anna", "/protect")
    await home.tap("Anna", "Take it over…")
    await home.tap("Anna", "Take it over")
    await home.clock(seconds=10)


async def test_theirs_off_and_on_again_and_all_else_as_it_was(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        before = handmade(home)
        pixel8 = await home.device("Anna", "pixel8")
        await taken_over(home)
        assert any("Taken over" in text for text in home.texts("Anna"))
        off = [plain(rule, enabled=False) for rule in before[:2]] + [plain(before[2])]
        assert [plain(rule) for rule in foreign_rules(home)] == off
        assert foreign_rules(home)[2] == before[2]
        assert home.world.cloudflare.rules[0] == our_rule(home)
        assert (await home.opens(None), await home.opens(None, HOOK), await home.opens(pixel8)) == (403, 404, 200)
        await home.tap("Anna", "Put it back as it was")
        await home.clock(seconds=10)
        assert [plain(rule) for rule in foreign_rules(home)] == [plain(rule) for rule in before]
        assert len(home.world.cloudflare.rules) == len(before)
        assert home.world.cloudflare.hosts == [HA_HOST, PHOTOS_HOST]
        assert (await home.opens(None), await home.opens(None, HOOK), await home.opens(pixel8)) == (403, 404, 200)


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("call", ["POST */rules", "PATCH */rules/*"])
async def test_killed_in_between_it_goes_on_and_the_door_is_locked(tmp_path: Path, call: str, when: str) -> None:
    async with household(tmp_path, preset="documented") as home:
        handmade(home)
        home.world.cloudflare.fault(call=call, hold=True, when=when)
        await taken_over(home)
        assert await home.opens(None) == 403
        await home.restart()
        await home.clock(minutes=2)
        assert await home.opens(None) == 403
        assert any("Taken over" in text for text in home.texts("Anna"))
        home.world.cloudflare.fault(call="DELETE */rules/*", hold=True, when=when)
        await home.tap("Anna", "Put it back as it was")
        assert await home.opens(None) == 403
        await home.restart()
        await home.clock(minutes=2)
        assert await home.opens(None) == 403
        assert [rule["ref"] for rule in home.world.cloudflare.rules].count("latchkey-block") == 0
        assert home.world.cloudflare.hosts == [HA_HOST, PHOTOS_HOST]


@pytest.mark.parametrize("change", ["edit", "delete"])
async def test_changed_meanwhile_it_stays_on(tmp_path: Path, change: str) -> None:
    async with household(tmp_path, preset="documented") as home:
        before = handmade(home)
        await home.say("Anna", "/protect")
        await home.tap("Anna", "Take it over…")
        if change == "edit":
            home.world.cloudflare.edit_rule_by_hand(before[0]["id"], expression=SKIP.replace("hook", "hooks"))
        else:
            home.world.cloudflare.delete_rule_by_hand(before[0]["id"])
        now = copy.deepcopy(foreign_rules(home))
        await home.tap("Anna", "Take it over")
        await home.clock(seconds=10)
        assert foreign_rules(home) == now
        assert any("has changed meanwhile" in text for text in home.texts("Anna"))


async def test_not_before_ours_is_seen(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        before = handmade(home)
        assert await home.opens(None) == 403
        home.world.edge.propagation_seconds = 3600
        await taken_over(home)
        assert foreign_rules(home) == before
        assert any("Until then what was made by hand stays on" in text for text in home.texts("Anna"))


async def test_a_host_that_is_opened_meanwhile_ends_the_waiting(tmp_path: Path) -> None:
    """Nobody stays with “I look whether the edge has it” for ever."""
    async with household(tmp_path, preset="documented") as home:
        # The edge knows how things were: what it finds at its very first look is in force at once.
        assert await home.opens(None) == 403
        home.world.edge.propagation_seconds = 40
        before = copy.deepcopy(foreign_rules(home))
        await home.say("Anna", "/protect")
        await home.tap("Anna", "Take it over…")
        await home.tap("Anna", "Take it over")
        await home.say("Ben", "/unprotect ha.example.com")
        await home.tap("Ben", "Open to everybody")
        await home.clock(minutes=2)
        await home.clock(minutes=6)
        assert any(text.startswith("Something about ha.example.com") for text in home.texts("Anna"))
        assert not any(text.startswith("Taking over") for text in home.texts("Anna"))
        assert [plain(rule) for rule in foreign_rules(home)] == [plain(rule) for rule in before]
