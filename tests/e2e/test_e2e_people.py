"""/people: what admins change about somebody, who hears of it, and what nobody can do to anybody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.people.people import FreezeReason, Role, Standing
from bot.model.people.people import Person as Known
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Anna and Ben are admins by the settings, Kim is a trusted member, Mia a member."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim", TRUSTED), Person("Mia", MEMBER))
    async with World(tmp_path, bot=SandboxBot, people=people) as world:
        for phone in world.people.values():
            phone.send("/whoami")
        await world.settle()
        yield world


async def known(home: Household, who: str) -> Known:
    async with home.bot.app.parts.store.read() as tx:
        return await tx.people.of_telegram(home.phone(who).user_id)


async def card(home: Household, of: str, viewer: str = "Anna") -> None:
    """Open somebody's card."""
    await home.say(viewer, "/people")
    mark = {"ok": "🟢", "frozen": "❄️", "blocked": "⛔️", "removed": "⚪️"}[(await known(home, of)).standing.value]
    await home.tap(viewer, f"{mark} {of}")


def buttons(home: Household, who: str = "Anna") -> list[str]:
    return [b.text for row in home.newest(who).rows for b in row]


async def forged(home: Household, who: str, verb: CallbackAction, of: str, arg: str = "") -> list[str]:
    seen = await home.press(who, encode(CallbackData(verb, (await known(home, of)).public_id, arg)))
    return [event.text for event in seen]


async def test_everybody_is_listed_with_role_devices_and_last_seen(home: Household) -> None:
    await home.device("Kim", "tablet")
    await home.say("Anna", "/people")
    shown = home.newest("Anna").text
    assert "People: 4" in shown
    assert "🟢 Kim – member, trusted, devices: 1, seen 24 Nov" in shown or "Kim – member, trusted, devices: 1" in shown
    assert "🟢 Mia – member, devices: 0" in shown
    assert "Only one admin can act" not in shown


async def test_trust_limit_and_adminship_are_told_to_both_sides(home: Household) -> None:
    await card(home, "Mia")
    await home.tap("Anna", "Trust with own devices")
    assert "Anna trusts you" in home.newest("Mia").text
    assert "Anna trusts Mia" in home.newest("Ben").text
    await home.tap("Anna", "Limit 1")
    assert "how many devices you may have: 1" in home.newest("Mia").text
    await home.say("Mia", "/newcert phone")
    assert "limit" in (await home.say("Mia", "/newcert tablet"))[0].text
    await home.tap("Anna", "Limit as everybody: 5")
    await home.tap("Anna", "Make admin")
    assert (await known(home, "Mia")).role is Role.ADMIN
    assert "made you an admin" in home.newest("Mia").text
    await home.tap("Anna", "No admin any more")
    assert (await known(home, "Mia")).role is Role.MEMBER
    assert (await home.say("Mia", "/people"))[0].text.startswith("That is not for you")


async def test_an_end_date_by_button_and_by_text_freezes_that_night(home: Household) -> None:
    await home.device("Kim", "tablet")
    await card(home, "Kim")
    await home.tap("Anna", "End in 1 month")
    assert "Anna set your time here until" in home.newest("Kim").text
    await home.tap("Anna", "Another day")
    assert (await home.say("Anna", "31 February"))[0].text.startswith("I do not understand “31 February” as a time")
    ends = home.world.clock.now().date()
    await home.say("Anna", f"{ends.day}.{ends.month}.{ends.year}")
    await home.clock(hours=25)
    kim = await known(home, "Kim")
    assert (kim.standing, kim.freeze_reason) == (Standing.FROZEN, FreezeReason.ENDED)
    assert "Your time here is over" in home.newest("Kim").text
    assert "The time of Kim is over" in home.newest("Ben").text
    assert home.live() == ["tablet"]
    await card(home, "Kim")
    await home.tap("Anna", "Lift the freeze")
    await home.clock(hours=1)
    assert (await known(home, "Kim")).standing is Standing.OK


async def test_freezing_takes_back_what_waits_and_keeps_what_works(home: Household) -> None:
    await home.device("Kim", "tablet")
    await home.tap("Kim", "It works")
    await home.say("Kim", "/newcert unopened")
    await card(home, "Kim")
    await home.tap("Anna", "Freeze")
    assert home.live() == ["tablet"]
    assert not [m for m in home.phone("Kim").chat if m.document]
    assert (await home.say("Kim", "/newcert more"))[0].text.startswith("Your account is frozen")
    await home.say("Kim", "/revoke tablet")
    assert home.live() == []


async def test_a_request_and_a_permission_end_with_a_freeze(home: Household) -> None:
    await home.say("Mia", "/newcert phone")
    await home.tap("Anna", "Approve")
    data = home.callback("Mia", "Get it now")
    await card(home, "Mia")
    await home.tap("Anna", "Freeze")
    await home.tap("Anna", "Lift the freeze")
    await home.press("Mia", data)
    assert home.live() == []


async def test_removing_somebody_with_live_certificates_takes_two_taps(home: Household) -> None:
    key = await home.device("Kim", "tablet")
    await card(home, "Kim")
    await home.tap("Anna", "Remove")
    assert (await known(home, "Kim")).standing is Standing.FROZEN
    assert "• tablet" in home.newest("Anna").text
    assert await home.opens(key) == 200
    await home.tap("Anna", "Revoke all and remove")
    assert home.live() == []
    assert await home.opens(key) == 403
    assert (await known(home, "Kim")).standing is Standing.REMOVED
    assert "Anna ended your access here" in home.newest("Kim").text
    assert "Anna removed Kim" in home.newest("Ben").text
    assert await home.say("Kim", "/start") == []
    await card(home, "Kim")
    await home.tap("Anna", "Take back")
    kim = await known(home, "Kim")
    assert (kim.standing, kim.role, kim.trusted) == (Standing.OK, Role.MEMBER, False)
    assert home.live() == []


async def test_blocking_somebody_without_certificates_takes_one(home: Household) -> None:
    await card(home, "Mia")
    await home.tap("Anna", "Block")
    assert (await known(home, "Mia")).standing is Standing.BLOCKED
    assert buttons(home) == ["Take back", "Everybody"]


async def test_a_blocked_stranger_can_be_taken_back(home: Household) -> None:
    home.world.join(Person("Eve"))
    await home.say("Eve", "/start")
    await home.tap("Eve", "Ask to come in")
    await home.tap("Anna", "Block")
    assert await home.say("Eve", "/start") == []
    await card(home, "Eve")
    await home.tap("Anna", "Take back")
    await home.clock(minutes=1)
    assert await home.say("Eve", "/start")


@pytest.mark.parametrize(
    ("verb", "arg"),
    [
        (CallbackAction.TRUST, "on"),
        (CallbackAction.LIMIT, "1"),
        (CallbackAction.ENDS, "30"),
        (CallbackAction.ENDS, "ask"),
        (CallbackAction.MAKE_ADMIN, "off"),
        (CallbackAction.FREEZE, ""),
        (CallbackAction.OUT, "block"),
        (CallbackAction.OUT_SURE, "remove"),
    ],
)
async def test_nobody_changes_themself_or_an_admin_of_the_settings(
    home: Household, verb: CallbackAction, arg: str
) -> None:
    before = [await known(home, who) for who in ("Anna", "Ben")]
    assert (await forged(home, "Anna", verb, "Anna", arg))[0].startswith("You cannot do that for yourself")
    assert (await forged(home, "Anna", verb, "Ben", arg))[0].startswith("Only whoever has the server")
    assert [await known(home, who) for who in ("Anna", "Ben")] == before


async def test_an_admin_of_the_chat_changes_no_other_admin(home: Household) -> None:
    for who in ("Kim", "Mia"):
        await forged(home, "Anna", CallbackAction.MAKE_ADMIN, who, "on")
    for verb, arg in (
        (CallbackAction.FREEZE, ""),
        (CallbackAction.OUT, "block"),
        (CallbackAction.OUT_SURE, "block"),
        (CallbackAction.MAKE_ADMIN, "off"),
    ):
        assert (await forged(home, "Mia", verb, "Kim", arg))[0].startswith("That is not for you")
    assert (await known(home, "Kim")).is_admin


@pytest.mark.parametrize("arg", ["", "0x", "99999", "-1", "purple"])
async def test_forged_arguments_do_nothing(home: Household, arg: str) -> None:
    before = await known(home, "Mia")
    for verb in (
        CallbackAction.TRUST,
        CallbackAction.LIMIT,
        CallbackAction.OUT,
        CallbackAction.OUT_SURE,
        CallbackAction.MAKE_ADMIN,
    ):
        await forged(home, "Anna", verb, "Mia", arg)
    assert await known(home, "Mia") == before


async def test_one_admin_only_is_said_and_a_second_can_be_invited(tmp_path_factory: pytest.TempPathFactory) -> None:
    people = (Person("Anna", ADMIN), Person("Mia", MEMBER))
    async with World(tmp_path_factory.mktemp("alone"), bot=SandboxBot, people=people) as world:
        home = Household(world)
        await home.say("Anna", "/people")
        assert "Only one admin can act" in home.newest("Anna").text
        assert "Invite a second" in buttons(home)
        assert await home.tap("Anna", "Invite a second")


async def test_somebody_who_blocked_the_bot_is_marked_on_the_card(home: Household) -> None:
    home.phone("Mia").block()
    await home.settle()
    await card(home, "Mia")
    assert "I cannot write to them" in home.newest("Anna").text


async def test_last_seen_is_kept_to_the_hour(home: Household) -> None:
    first = (await known(home, "Mia")).seen_at
    await home.clock(minutes=30)
    await home.say("Mia", "/devices")
    assert (await known(home, "Mia")).seen_at == first
    await home.clock(minutes=31)
    await home.say("Mia", "/devices")
    assert (await known(home, "Mia")).seen_at != first
