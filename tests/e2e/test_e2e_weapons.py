"""A report is never a weapon: whatever a thief, a member or one admin taps, somebody is left who can help."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.people.people import FreezeReason, Role, Standing
from bot.model.people.people import Person as Known
from bot.services.membership import members
from bot.services.operator import people as operator_people
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Anna is the only admin of the settings and made Ben an admin too; Kim is trusted, Mia a member."""
    people = (Person("Anna", ADMIN), Person("Ben", MEMBER), Person("Kim", TRUSTED), Person("Mia", MEMBER))
    async with World(tmp_path, bot=SandboxBot, people=people) as world:
        for phone in world.people.values():
            phone.send("/whoami")
        await world.settle()
        home = Household(world)
        await members.make_admin(
            home.bot.app.parts, await known(home, "Anna"), (await known(home, "Ben")).public_id, admin=True
        )
        await world.settle()
        yield world


async def known(home: Household, who: str) -> Known:
    async with home.bot.app.parts.store.read() as tx:
        return await tx.people.of_telegram(home.phone(who).user_id)


async def standing(home: Household, who: str) -> Standing:
    return (await known(home, who)).standing


def buttons(home: Household, who: str) -> list[str]:
    return [b.text for row in home.newest(who).rows for b in row]


async def reported(home: Household, by: str, of: str) -> None:
    """Report all devices of somebody else, by the buttons."""
    await home.say(by, "/lost")
    await home.tap(by, "Somebody else's")
    await home.tap(by, of)
    await home.tap(by, f"All of {of}'s")


async def let_in(home: Household, who: str, by: str = "Anna") -> None:
    home.world.join(Person(who))
    await home.say(who, "/start")
    await home.tap(who, "Ask to come in")
    await home.tap(by, "Let in")


async def test_a_frozen_account_takes_back_its_own_and_touches_nobody_else(home: Household) -> None:
    """The thief on the lost phone: *Earlier*, then *Revoke these too*, on the phone's own copy of the report."""
    await let_in(home, "Eve")
    await home.tap("Anna", "Trust with own devices")
    await home.device("Eve", "eves")
    await home.device("Ben", "bens")
    await home.device("Anna", "pixel8")
    await home.device("Anna", "laptop")
    await home.say("Anna", "/lost pixel8")
    await home.tap("Anna", "Earlier")
    assert "let Eve in" in home.newest("Anna").text
    assert "What touches other people is taken back by an admin: Ben" in home.newest("Anna").text
    assert not any("Eve" in text or "Ben" in text for text in buttons(home, "Anna"))
    await home.tap("Anna", "Revoke these too")
    subject = home.callback("Ben", "Freeze stays").split(":")[2]
    await home.press("Anna", encode(CallbackData(CallbackAction.THE_REST, subject)))
    assert sorted(home.live()) == ["bens", "eves"]
    assert [await standing(home, who) for who in ("Ben", "Eve", "Mia")] == [Standing.OK] * 3
    assert (await known(home, "Eve")).trusted
    # From an admin's copy the same tap takes all of it back.
    await home.tap("Ben", "Earlier")
    await home.tap("Ben", "Revoke these too")
    assert home.live() == ["bens"]
    assert await standing(home, "Eve") is Standing.FROZEN


async def test_a_trusted_person_puts_no_admin_out_of_action(home: Household) -> None:
    for who in ("Anna", "Ben"):
        await home.device(who, f"{who.lower()}s")
    await reported(home, "Kim", "Anna")
    assert home.live() == ["bens"]
    assert "you are an admin, so your account goes on as before" in home.newest("Anna").text.replace("You", "you")
    assert "Kim reports that Anna has lost a phone" in home.newest("Ben").text
    await reported(home, "Kim", "Ben")
    assert home.live() == []
    assert [await standing(home, who) for who in ("Anna", "Ben")] == [Standing.OK] * 2
    kim = await known(home, "Kim")
    assert (kim.standing, kim.freeze_reason) == (Standing.FROZEN, FreezeReason.MANY_REPORTS)
    assert any("reported several people's phones" in text for text in home.texts("Anna"))
    assert any("You reported several people's phones" in text for text in home.texts("Kim"))
    assert (await home.say("Kim", "/newcert evil"))[0].text.startswith("Your account is frozen")
    # An admin has looked.
    await home.say("Anna", "/people")
    await home.tap("Anna", "❄️ Kim")
    assert "they reported several people's phones" in home.newest("Anna").text
    await home.tap("Anna", "Lift the freeze")
    assert await standing(home, "Kim") is Standing.OK


async def test_the_same_report_twice_is_one_report(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await reported(home, "Kim", "Anna")
    for _ in range(2):
        await home.press("Kim", encode(CallbackData(CallbackAction.LOST_ALL, (await known(home, "Anna")).public_id)))
    assert sum("reported your phone as lost" in text for text in home.texts("Anna")) == 1


async def test_the_owner_or_an_admin_freezes_what_a_trusted_person_reported(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.device("Ben", "bens")
    await reported(home, "Kim", "Anna")
    assert "Freeze Anna's account" in buttons(home, "Ben")
    await home.tap("Anna", "It is lost: freeze my account")
    assert (await known(home, "Anna")).freeze_reason is FreezeReason.LOST
    assert any("Anna has lost a phone" in text for text in home.texts("Ben"))
    assert "Your account here is frozen" in home.with_button("Anna", "Just now").text


async def test_who_was_frozen_by_a_report_freezes_whoever_made_it_once(home: Household) -> None:
    await reported_member(home)
    await home.tap("Mia", "I have it: freeze Kim too")
    kim = await known(home, "Kim")
    assert (kim.standing, kim.freeze_reason) == (Standing.FROZEN, FreezeReason.DISPUTED)
    assert "Mia says that the phone you reported was never lost" in home.newest("Kim").text
    assert "one of the two is in the wrong hands" in home.newest("Anna").text
    assert "I have it: freeze Kim too" not in buttons(home, "Mia")
    await members.unfreeze(home.bot.app.parts, await known(home, "Anna"), kim.public_id)
    await home.settle()
    loss = home.callback("Mia", "Just now").split(":")[2]
    await home.press("Mia", encode(CallbackData(CallbackAction.DISPUTE, loss)))
    assert await standing(home, "Kim") is Standing.OK


async def test_what_an_admin_has_looked_at_is_not_disputed_any_more(home: Household) -> None:
    await reported_member(home)
    await home.tap("Anna", "Freeze stays")
    loss = home.callback("Mia", "Just now").split(":")[2]
    await home.press("Mia", encode(CallbackData(CallbackAction.DISPUTE, loss)))
    assert await standing(home, "Kim") is Standing.OK


async def test_nobody_disputes_for_somebody_else_or_against_the_last_admin(home: Household) -> None:
    await reported_member(home)
    loss = home.callback("Mia", "Just now").split(":")[2]
    for who in ("Anna", "Ben", "Kim"):
        await home.press(who, encode(CallbackData(CallbackAction.DISPUTE, loss)))
    assert await standing(home, "Kim") is Standing.OK
    await home.device("Anna", "pixel8")
    await reported(home, "Ben", "Anna")
    assert await standing(home, "Anna") is Standing.FROZEN
    assert "only admin left who can act" in (await home.tap("Anna", "I have it: freeze Ben too"))[0].text
    assert await standing(home, "Ben") is Standing.OK


async def reported_member(home: Household) -> None:
    """Mia has a key, and Kim reports her."""
    anna, mia = await known(home, "Anna"), await known(home, "Mia")
    await members.trust(home.bot.app.parts, anna, mia.public_id, trusted=True)
    await home.device("Mia", "phone")
    await reported(home, "Kim", "Mia")
    assert await standing(home, "Mia") is Standing.FROZEN


async def test_one_admin_who_reports_the_others_is_stopped_before_the_last_of_them(home: Household) -> None:
    """Three admins: the first report of another admin freezes, for it may be true; the second freezes its maker."""
    parts, anna = home.bot.app.parts, await known(home, "Anna")
    await members.make_admin(parts, anna, (await known(home, "Mia")).public_id, admin=True)
    for who in ("Anna", "Mia"):
        await home.device(who, f"{who.lower()}s")
    await reported(home, "Ben", "Anna")
    await reported(home, "Ben", "Mia")
    assert home.live() == []
    assert await standing(home, "Anna") is Standing.FROZEN
    assert (await known(home, "Ben")).freeze_reason is FreezeReason.MANY_REPORTS
    assert (await known(home, "Mia")).is_admin


async def test_the_only_admins_own_report_freezes_all_the_same_and_says_so_before(home: Household) -> None:
    """The one exception: Telegram was on that phone, and whoever holds it must get nothing."""
    parts, anna = home.bot.app.parts, await known(home, "Anna")
    await members.make_admin(parts, anna, (await known(home, "Ben")).public_id, admin=False)
    await home.settle()
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/lost")
    assert "⚠️ You are the only admin who can act" in home.newest("Anna").text
    await home.tap("Anna", "pixel8")
    assert (await known(home, "Anna")).freeze_reason is FreezeReason.LOST
    assert "⚠️ No other admin is left" in home.newest("Anna").text
    assert "latchkey unfreeze" in home.newest("Anna").text


async def test_with_a_second_admin_nothing_of_it_is_said(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/lost")
    assert "⚠️" not in home.newest("Anna").text


async def test_the_end_date_of_the_last_admin_waits_for_another(home: Household) -> None:
    parts, anna, ben = home.bot.app.parts, await known(home, "Anna"), await known(home, "Ben")
    await members.end_after(parts, anna, ben.public_id, 3)
    await home.device("Anna", "pixel8")
    await home.say("Anna", "/lost pixel8")
    await home.clock(days=4, hours=1)
    assert await standing(home, "Ben") is Standing.OK
    assert "you are the only admin who can act. So it goes on until" in home.newest("Ben").text
    await home.clock(minutes=6)
    assert sum("So it goes on until" in text for text in home.texts("Ben")) == 1
    await members.unfreeze(parts, await known(home, "Ben"), anna.public_id)
    await home.clock(hours=25)
    assert (await known(home, "Ben")).freeze_reason is FreezeReason.ENDED
    assert (await known(home, "Anna")).is_admin


@pytest.mark.parametrize("button", ["Let in", "Deny", "Block"])
async def test_an_old_card_changes_nobody_who_is_an_admin_meanwhile(home: Household, button: str) -> None:
    """Somebody asks to come in and is then made an admin on the server; the card still waits on the admins' phones."""
    home.world.join(Person("Eve"))
    await home.say("Eve", "/start")
    await home.tap("Eve", "Ask to come in")
    await operator_people.make_admin(home.bot.app.parts.store, home.phone("Eve").user_id)
    await home.settle()
    await home.tap("Ben", button)
    eve = await known(home, "Eve")
    assert (eve.role, eve.standing) == (Role.ADMIN, Standing.OK)


async def test_an_admin_who_is_frozen_meanwhile_reads_no_list_any_more(home: Household) -> None:
    await home.device("Anna", "pixel8")
    await home.device("Anna", "evil")
    await home.say("Anna", "/lost pixel8")
    await home.tap("Ben", "An hour ago")
    assert "evil" in home.newest("Ben").text
    await home.say("Ben", "/lost")
    await home.tap("Ben", "Freeze my account")
    loss = home.callback("Anna", "Just now").split(":")[2]
    await home.press("Anna", encode(CallbackData(CallbackAction.TICK, loss, "c-aaaaaaaa")))
    await home.tap("Anna", "Earlier")
    copy = next(m for m in home.phone("Ben").chat if "Anna has lost a phone" in m.text)
    assert "evil" not in copy.text
    assert not copy.rows
