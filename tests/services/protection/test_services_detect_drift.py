"""Every five minutes: what somebody else did to the rule is told once, and put back."""

import copy
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StaleAction
from bot.model.jobs import JobKind
from bot.services import desired_rule
from tests.household import Household
from tests.locked_household import (
    HA_HOST,
    PHOTOS_HOST,
    fingerprint,
    foreign_rules,
    household,
    locked,
    our_rule,
    somebody,
    unprotect,
)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        home.world.cloudflare.add_rule('http.host eq "www.example.com"', description="theirs")
        await home.clock(minutes=5)
        yield home


KEEPS = "Something keeps changing Latchkey's lock"


def told(home: Household, words: str) -> int:
    return sum(words in text for text in home.texts("Ben"))


@pytest.mark.parametrize(
    ("change", "words"),
    [("delete", "The block rule was deleted"), ("disable", "The block rule was switched off")],
)
async def test_what_opens_the_door_is_put_back_at_once(home: Household, change: str, words: str) -> None:
    before = foreign_rules(home)
    if change == "delete":
        home.world.cloudflare.delete_rule_by_hand(our_rule(home)["id"])
    else:
        home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], enabled=False)
    assert await home.opens(None) == 200
    await home.clock(minutes=5)
    assert await home.opens(None) == 403
    assert told(home, words) == told(home, "I am putting it back now") == 1
    assert home.world.cloudflare.rules[0] == our_rule(home)
    assert foreign_rules(home) == before


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"expression": "(ssl and not ssl)"}, "The block rule was edited"),
        ({"action": "managed_challenge"}, "The block rule was edited"),
        ({"position": {"after": ""}}, "does not come first any more"),
    ],
)
async def test_what_may_be_meant_is_told_once_and_put_back_by_a_tap(
    home: Household, change: dict[str, object], words: str
) -> None:
    before = foreign_rules(home)
    home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], **change)
    for _ in range(3):
        await home.clock(minutes=5)
    assert told(home, words) == 1
    assert told(home, "I am putting it back now") == 0
    await home.tap("Ben", "Put back")
    await home.clock(minutes=5)
    assert told(home, words) == 1
    assert await home.opens(None) == 403
    assert home.world.cloudflare.rules[0] == our_rule(home)
    assert foreign_rules(home) == before


def skip_above(home: Household, expression: str = "ssl") -> dict[str, Any]:
    """Somebody's rule before ours that lets requests past it."""
    parameters = {"ruleset": "current"}
    return home.world.cloudflare.add_rule(
        expression, action="skip", action_parameters=parameters, first=True, description="webhooks"
    )


async def test_a_foreign_skip_above_it(home: Household) -> None:
    skip = skip_above(home)
    before = foreign_rules(home)
    assert await home.opens(None) == 200
    await home.clock(minutes=5)
    assert await home.opens(None) == 403
    assert told(home, "A rule above it skips it for some requests: webhooks.") == 1
    assert told(home, "that rule stays as it is, behind mine") == 1
    assert foreign_rules(home) == before
    assert home.world.cloudflare.rules.index(our_rule(home)) == 0
    assert skip in foreign_rules(home)
    await home.clock(minutes=10)
    assert told(home, "lock at Cloudflare") == 1


async def test_a_program_that_moves_its_skip_first_again_and_again(home: Household) -> None:
    """One move at each look, and no race: between two looks nothing is asked of Cloudflare's rules."""
    skip = skip_above(home)
    written = home.calls("PATCH")
    for _ in range(6):
        await home.clock(minutes=5)
        assert await home.opens(None) == 403
        home.world.cloudflare.edit_rule_by_hand(skip["id"], position={"before": ""})
        await home.clock(minutes=4)
        assert await home.opens(None) == 200
    assert home.calls("PATCH") - written == 6
    assert told(home, "Somebody changed Latchkey's lock") == 2
    assert told(home, KEEPS) == 1


@pytest.mark.parametrize("change", ["delete", "disable", "skip"])
async def test_the_third_time_in_a_day_it_is_said_whose_work_it_looks_like(home: Household, change: str) -> None:
    usual, keeps = "Somebody changed Latchkey's lock", KEEPS
    for times in range(1, 9):
        if change == "delete":
            # As Terraform's cloudflare_ruleset does: all rules but its own are gone.
            home.world.cloudflare.zone.custom.put({"rules": [theirs(rule) for rule in foreign_rules(home)]})
            home.world.cloudflare.zone.save()
        elif change == "disable":
            home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], enabled=False)
        else:
            # So many rules take another plan.
            home.world.cloudflare.plan = "pro"
            skip_above(home, f'http.host eq "ha.example.com" or http.host eq "{times}"')
        assert await home.opens(None) == 200
        await home.clock(minutes=5)
        assert await home.opens(None) == 403, f"put back at once, the {times}. time too"
        assert told(home, usual) == min(times, 2)
        assert told(home, keeps) == (times >= 3)
        await home.clock(minutes=5)
    text = next(text for text in home.texts("Ben") if keeps in text)
    assert "3 times in the last 24 hours" in text
    assert "cloudflare_ruleset" in text
    assert "ignore_changes = [rules]" in text
    assert "I put it back every time" in text


async def test_what_waits_for_a_tap_says_so_each_time_with_its_button(home: Household) -> None:
    for times in range(1, 5):
        home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], expression="(ssl and not ssl)")
        await home.clock(minutes=5)
        assert told(home, "is not as I left it") == min(times, 2)
        assert told(home, KEEPS) == max(0, times - 2)
        await home.tap("Ben", "Put back")
        assert await home.opens(None) == 403


@pytest.mark.parametrize(("after", "repeated"), [(timedelta(hours=23), True), (timedelta(hours=24), False)])
async def test_a_day_later_it_is_somebodys_hand_again(home: Household, after: timedelta, repeated: bool) -> None:
    for wait in (timedelta(0), after - timedelta(minutes=15), timedelta(minutes=5)):
        home.world.clock.plus(wait)
        await home.settle()
        home.world.cloudflare.delete_rule_by_hand(our_rule(home)["id"])
        await home.clock(minutes=5)
    assert told(home, KEEPS) == repeated
    assert told(home, "Somebody changed Latchkey's lock") == (2 if repeated else 3)


async def test_it_is_counted_beyond_a_restart(home: Household) -> None:
    for _ in range(3):
        home.world.cloudflare.delete_rule_by_hand(our_rule(home)["id"])
        await home.restart(after=timedelta(minutes=5))
    assert told(home, KEEPS) == 1


def theirs(rule: dict[str, Any]) -> dict[str, Any]:
    """A rule as a program writes it that owns the ruleset."""
    return {name: value for name, value in rule.items() if name not in {"version", "last_updated"}}


async def test_a_host_that_is_not_asked_any_more(home: Household) -> None:
    home.world.cloudflare.dissociate_by_hand(HA_HOST)
    await home.clock(minutes=5)
    assert told(home, f"does not ask for a certificate at {HA_HOST} any more") == 1
    await home.tap("Ben", "Put back")
    assert home.world.cloudflare.hosts == [HA_HOST, PHOTOS_HOST]


async def test_a_second_difference_is_told_too(home: Household) -> None:
    home.world.cloudflare.dissociate_by_hand(HA_HOST)
    await home.clock(minutes=5)
    home.world.cloudflare.dissociate_by_hand(PHOTOS_HOST)
    await home.clock(minutes=5)
    assert told(home, "does not ask for a certificate at") == 2


async def test_unlocked_on_purpose_is_heeded(home: Household) -> None:
    async with home.bot.app.parts.store.write() as tx:
        await tx.rules._set(home.bot.app.parts.policy.zone, unlocked_at=tx.now)
        await desired_rule.enqueue_rule_write(tx)
    await home.settle()
    assert await home.opens(None) == 200
    await home.clock(minutes=10)
    assert await home.opens(None) == 200
    assert told(home, "lock at Cloudflare") == 0
    home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], enabled=True)
    await home.clock(minutes=5)
    assert told(home, "although it is unlocked on purpose") == 1


async def test_cloudflare_that_does_not_answer_is_no_difference(home: Household) -> None:
    home.world.cloudflare.fault(call="GET */entrypoint", status=500, times=2)
    await home.clock(minutes=5)
    assert told(home, "lock at Cloudflare") == 0


async def test_a_zone_without_our_rule_is_left_alone(tmp_path: Path) -> None:
    async with household(tmp_path, preset="documented") as home:
        before = copy.deepcopy(home.world.cloudflare.rules)
        await home.clock(minutes=10)
        assert home.world.cloudflare.rules == before
        assert told(home, "lock at Cloudflare") == 0
        with pytest.raises(StaleAction):
            await desired_rule.restore_rule(home.bot.app.parts, await somebody(home, "Anna"))


async def test_a_write_that_was_lost_is_ordered_again(home: Household) -> None:
    pixel8 = await home.device("Anna", "pixel8")
    home.world.cloudflare.fault(call="PATCH */rules/*", hold=True)
    await home.say("Anna", "/revoke pixel8")
    async with home.bot.app.parts.store.write() as tx:
        await tx.jobs.drop_kind(JobKind.WRITE_RULE)
    await home.restart()
    await home.clock(minutes=5)
    assert fingerprint(home) in our_rule(home)["expression"]
    assert await home.opens(pixel8) == 403


async def test_the_last_host_takes_the_watch_with_it(home: Household) -> None:
    await unprotect(home, HA_HOST, PHOTOS_HOST)
    await home.clock(minutes=5)
    assert told(home, "lock at Cloudflare") == 0
