"""Asking and deciding through the chat: who may, who decides, once only, in time, and what everybody reads."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.audit import AuditTag
from sandbox.telegram.phone import Contact
from tests.family import Family, family


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as at_home:
        yield at_home


async def test_a_strangers_way_to_an_open_door(home: Family) -> None:
    await home.comes_in("Kim")
    await home.gets("Kim")
    await home.tap("Kim", "Password")
    message = home.with_button("Kim", "Copy")
    password = next(b.value for row in message.rows for b in row if b.text == "Copy")
    assert await home.opens((home.file("Kim")[1], password)) == 200
    assert (await home.person("Kim")).role == "member"
    tags = await home.tags()
    for once in (
        "request:approved",
        "request:used",
        "person:asked-to-come-in",
        "certificate:ordered",
    ):
        assert tags.count(f"chat:{once}") == 1, once


async def test_a_yes_makes_one_key_however_often_it_is_tapped(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    await home.tap("Anna", "Approve", times=3)
    await home.tap("Tom", "Get it now")
    await home.tap("Tom", "Android")
    await home.tap("Tom", "Send me the key", times=3)
    assert home.live() == ["tablet"]


async def test_a_spent_permission_is_spent(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    await home.tap("Anna", "Approve")
    get = encode(CallbackData(CallbackAction.GET, home.callback("Tom", "Get it now").split(":")[2]))
    await home.tap("Tom", "Get it now")
    await home.tap("Tom", "Android")
    await home.tap("Tom", "Send me the key")
    await home.say("Tom", "/revoke tablet")
    seen = await home.press("Tom", get)
    assert [e.text for e in seen] == ["That button has had its day. /certs shows how things are now."]
    assert home.live() == []


async def test_nothing_is_made_before_the_yes_nor_without_the_kind(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    request = home.callback("Tom", "Take it back").split(":")[2]
    await home.press("Tom", encode(CallbackData(CallbackAction.GET, request)))
    assert home.live() == []
    await home.tap("Anna", "Approve")
    await home.press("Tom", encode(CallbackData(CallbackAction.GET, request)))
    assert home.live() == []


async def test_nobody_else_uses_a_permission(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    await home.tap("Anna", "Approve")
    await home.tap("Tom", "Get it now")
    await home.tap("Tom", "Android")
    get = home.callback("Tom", "Send me the key")
    for who in ("Mia", "Anna", "Kim"):
        await home.press(who, get)
    assert home.live() == []
    await home.tap("Tom", "Send me the key")
    assert home.live() == ["tablet"]


async def test_nobody_decides_on_their_own_request(home: Family) -> None:
    """An admin whose account was a member's when it asked."""
    await home.say("Tom", "/newcert tablet")
    yes = home.callback("Anna", "Approve")
    tom = await home.person("Tom")
    async with home.bot.app.parts.store.write() as tx:
        await tx.people.change(tom, tag=AuditTag.REQUEST_LINE, role="admin")
    seen = await home.press("Tom", yes)
    assert [e.text for e in seen] == ["That is your own: somebody else has to decide on it."]
    assert (await home.tags()).count("chat:request:approved") == 0


@pytest.mark.parametrize("who", ["Tom", "Mia", "Kim"])
@pytest.mark.parametrize(
    "verb",
    [
        CallbackAction.LET_IN,
        CallbackAction.DENY,
        CallbackAction.BLOCK,
        CallbackAction.TRUST_ASKER,
        CallbackAction.HELP_NEW,
    ],
)
async def test_only_admins_decide(home: Family, who: str, verb: CallbackAction) -> None:
    asker = "Mia" if who == "Tom" else "Tom"
    await home.say("Mia", "/newcert one")
    await home.say("Mia", "/newcert two")
    await home.say(asker, "/newcert tablet")
    request = home.callback(asker, "Take it back").split(":")[2]
    before = await home.tags()
    await home.press(who, encode(CallbackData(verb, request)))
    assert await home.tags() == before


async def test_deciding_after_its_time_is_refused_even_before_the_sweep(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    yes = home.callback("Anna", "Approve")
    async with home.bot.app.parts.store.write() as tx:
        (request,) = await tx.requests.open_of(await tx.people.of_telegram(home.phone("Tom").user_id))
        await tx.requests.record(request, tag=AuditTag.REQUEST_LINE, expires_at=tx.now)
    seen = await home.press("Anna", yes)
    assert seen[0].text == "Its time is up: it can be asked for once more."


async def test_one_open_request_each_and_a_limit_for_all(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    seen = await home.say("Tom", "/newcert laptop")
    assert seen[-1].text.startswith("I have asked already")
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.requests.count_open() == 1


async def test_trusted_people_have_two_a_day_without_a_tap(home: Family) -> None:
    for name in ("one", "two", "three"):
        await home.say("Mia", f"/newcert {name}")
    assert sorted(home.live()) == ["one", "two"]
    told = [text for text in home.texts("Anna") if text.startswith("Mia made a certificate")]
    assert len(told) == 2
    assert home.texts("Anna")[-1].startswith("Mia asks for a certificate for three")
    await home.clock(hours=25)
    await home.tap("Mia", "Take it back")
    await home.say("Mia", "/newcert four")
    assert "four" in home.live()


async def test_making_again_does_not_get_around_the_two_a_day(home: Family) -> None:
    await home.say("Mia", "/newcert one")
    await home.say("Mia", "/revoke one")
    await home.say("Mia", "/newcert one")
    await home.say("Mia", "/revoke one")
    subject = home.callback("Anna", "Revoke").split(":")[2]
    await home.press("Mia", encode(CallbackData(CallbackAction.AGAIN, subject)))
    assert home.live() == []


async def test_an_admins_own_device_is_told_to_the_others_only(home: Family) -> None:
    await home.say("Anna", "/newcert pixel8")
    assert home.texts("Ben") == ["Anna made a certificate for pixel8. If that surprises you, revoke it."]
    assert not [text for text in home.texts("Anna") if "surprises" in text]
    await home.tap("Ben", "Revoke")
    assert home.live() == []


async def test_a_key_of_ones_own_needs_trust(home: Family) -> None:
    seen = await home.say("Tom", "/newcert laptop csr")
    assert seen[-1].text.startswith("A key that stays on a computer needs an admin's trust.")


async def test_who_is_let_in_may_be_trusted_from_the_card(home: Family) -> None:
    await home.comes_in("Kim")
    await home.tap("Ben", "Trust with own devices")
    assert (await home.person("Kim")).trusted
    for who in ("Anna", "Ben"):
        with pytest.raises(LookupError):
            home.with_button(who, "Trust with own devices")


async def test_blocked_means_silence(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.tap("Kim", "Ask to come in")
    await home.tap("Anna", "Block")
    await home.clock(hours=2)
    assert await home.say("Kim", "/start") == []
    assert await home.press("Kim", encode(CallbackData(CallbackAction.ASK))) == []


async def test_strangers_can_be_ignored_and_still_come_by_a_link(tmp_path: Path) -> None:
    async with family(tmp_path, strangers="ignore") as home:
        assert await home.say("Kim", "/start") == []
        assert await home.press("Kim", encode(CallbackData(CallbackAction.ASK)), 1) == []
        await home.say("Anna", "/invite Oma")
        link = home.newest("Anna").text.split("start=")[1].split()[0]
        await home.say("Kim", f"/start {link}")
        assert "Came by the link that Anna made for “Oma”." in home.texts("Ben")[-1]
        await home.tap("Ben", "Let in")
        assert home.texts("Kim")[-1].startswith("You're in.")


async def test_a_link_is_for_the_first_who_opens_it_and_for_three_days(home: Family) -> None:
    await home.say("Anna", "/invite Oma")
    link = home.newest("Anna").text.split("start=")[1].split()[0]
    await home.say("Kim", f"/start {link}")
    other = home.world.telegram.join("Eve")
    home.world.people["Eve"] = other
    seen = await home.say("Eve", f"/start {link}")
    assert seen[0].text.startswith("This link has been used")
    await home.say("Anna", "/invite Opa")
    late = home.newest("Anna").text.split("start=")[1].split()[0]
    await home.clock(hours=73)
    seen = await home.say("Eve", f"/start {late}")
    assert seen[0].text.startswith("This link has been used")


async def test_a_contact_counts_only_while_it_is_asked_for(home: Family) -> None:
    await home.say("Anna", "/invite")
    await home.clock(minutes=11)
    home.phone("Anna").share_users("Pick a contact", [Contact(home.phone("Kim").user_id, "Kim")])
    await home.settle()
    async with home.bot.app.parts.store.read() as tx:
        assert all(person.telegram_id != home.phone("Kim").user_id for person in await tx.people.everybody())


async def test_a_name_that_looks_like_somebodys_is_pointed_out(home: Family) -> None:
    await home.say("Anna", "/whoami")
    twin = home.world.telegram.join("Anna ")
    home.world.people["Twin"] = twin
    await home.say("Twin", "hello")
    await home.tap("Twin", "Ask to come in")
    assert "⚠️ The name looks like Anna, whom you know, but it is another account." in home.texts("Ben")[-1]


async def test_a_crash_between_yes_and_key_loses_neither(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    await home.tap("Anna", "Approve")
    await home.restart()
    await home.tap("Tom", "Get it now")
    await home.tap("Tom", "Android")
    await home.restart()
    await home.tap("Tom", "Send me the key")
    assert home.live() == ["tablet"]
    await home.restart()
    await home.tap("Tom", "Make it again")
    assert home.live() == ["tablet"]
    assert (await home.tags()).count("chat:request:approved") == 1
