"""Strangers who ask, and ask again: what it costs the admins, and where admins find them."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.people.people import Account, Standing
from bot.model.people.requests import ONE_CARD, RequestState
from bot.services.context import MAX_OPEN_REQUESTS
from bot.services.people import requests
from bot.services.people.identify import recognise
from tests.family import Family, family

ADMINS = ("Anna", "Ben")
A_MOMENT = timedelta(minutes=1)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as at_home:
        yield at_home


def rings(home: Family, who: str) -> int:
    """How often a phone was told of something new, and not only by a message that changed."""
    return sum(event.kind == "new" for event in home.phone(who).events)


def cards(home: Family, who: str) -> list[str]:
    """What stands on the cards of a phone."""
    return [text for text in home.texts(who) if "asks to come in" in text or "asks for a certificate" in text]


async def asks_and_takes_back(home: Family, who: str, times: int = 1) -> None:
    for _ in range(times):
        await home.press(who, encode(CallbackData(CallbackAction.ASK)))
        await home.tap(who, "Take it back")
        await home.clock(seconds=12)


async def test_asking_and_taking_back_in_a_loop_is_one_card_with_a_block_on_it(home: Family) -> None:
    await home.say("Kim", "hello")
    before = {admin: rings(home, admin) for admin in ADMINS}
    await asks_and_takes_back(home, "Kim", 8)
    for admin in ADMINS:
        assert rings(home, admin) == before[admin] + 1
        (card,) = cards(home, admin)
        assert card.endswith("Taken back.")
    await home.tap("Ben", "Block")
    assert (await home.person("Kim")).standing is Standing.BLOCKED
    for admin in ADMINS:
        (card,) = cards(home, admin)
        assert "Ben blocked Kim" in card
    assert await home.press("Kim", encode(CallbackData(CallbackAction.ASK))) == []


async def test_what_is_asked_next_is_decided_on_the_same_card(home: Family) -> None:
    await home.say("Kim", "hello")
    await asks_and_takes_back(home, "Kim", 2)
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert cards(home, "Anna") == cards(home, "Ben")
    await home.tap("Anna", "Let in")
    assert "Anna let Kim in" in cards(home, "Ben")[0]
    assert len(cards(home, "Ben")) == 1
    for admin in ADMINS:
        with pytest.raises(LookupError):
            home.with_button(admin, "Block")


@pytest.mark.parametrize(("after", "number"), [(ONE_CARD - A_MOMENT, 1), (ONE_CARD, 2)])
async def test_a_new_card_comes_after_a_day_and_not_before(home: Family, after: timedelta, number: int) -> None:
    await home.say("Kim", "hello")
    await asks_and_takes_back(home, "Kim")
    home.world.clock.plus(after - timedelta(seconds=12))
    await home.settle()
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert len(cards(home, "Anna")) == len(cards(home, "Ben")) == number
    await home.tap("Anna", "Block")
    assert all("Anna blocked Kim" in card for card in cards(home, "Ben"))


async def test_a_day_counts_from_when_the_card_came_however_often_it_was_used(home: Family) -> None:
    await home.say("Kim", "hello")
    for _ in range(3):
        await asks_and_takes_back(home, "Kim")
        await home.clock(hours=8)
    await asks_and_takes_back(home, "Kim")
    assert len(cards(home, "Anna")) == 2


async def test_after_a_no_a_new_card_comes(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.tap("Anna", "Deny")
    await home.clock(hours=24, seconds=-1)
    seen = await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert len(cards(home, "Ben")) == 1
    assert seen
    await home.clock(seconds=1)
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert len(cards(home, "Ben")) == 2


async def test_block_works_where_nobody_decided_in_time(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.clock(hours=73)
    assert cards(home, "Anna")[0].endswith("Nobody decided in time.")
    await home.tap("Anna", "Block")
    assert (await home.person("Kim")).standing is Standing.BLOCKED
    seen = await home.press("Ben", home.callback("Ben", "Block") if _has_block(home, "Ben") else "1:blck:-:")
    assert seen


def _has_block(home: Family, who: str) -> bool:
    return any(b.text == "Block" for message in home.phone(who).chat for row in message.rows for b in row)


async def test_block_on_an_old_card_blocks_whoever_asked_again(home: Family) -> None:
    """Pressed on the other phone before it showed what became of the first asking."""
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    old = home.callback("Ben", "Block")
    await home.tap("Kim", "Take it back")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.press("Ben", old)
    assert (await home.person("Kim")).standing is Standing.BLOCKED
    assert "Ben blocked Kim" in cards(home, "Anna")[0]
    seen = await home.press("Anna", old)
    assert [event.text for event in seen] == ["Ben blocked them already."]


async def test_no_block_on_whoever_is_in(home: Family) -> None:
    await home.say("Kim", "hello")
    await asks_and_takes_back(home, "Kim")
    old = home.callback("Ben", "Block")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.tap("Anna", "Let in")
    seen = await home.press("Ben", old)
    assert [event.text for event in seen] == ["Anna said yes already."]
    assert (await home.person("Kim")).standing is Standing.OK


async def test_a_card_that_an_admin_deleted_comes_again_once(home: Family) -> None:
    await home.say("Kim", "hello")
    await asks_and_takes_back(home, "Kim")
    anna = home.phone("Anna")
    anna.delete(home.with_button("Anna", "Block").message_id)
    before = rings(home, "Anna")
    await asks_and_takes_back(home, "Kim", 4)
    assert rings(home, "Anna") == before + 1
    assert len(cards(home, "Anna")) == 1


async def test_a_member_who_asks_for_devices_and_takes_it_back_in_a_loop_is_one_card(home: Family) -> None:
    before = {admin: rings(home, admin) for admin in ADMINS}
    for number in range(6):
        await home.say("Tom", f"/newcert tablet{number}")
        await home.tap("Tom", "Take it back")
    await home.say("Tom", "/newcert laptop")
    for admin in ADMINS:
        assert rings(home, admin) == before[admin] + 1
        (card,) = cards(home, admin)
        assert "laptop" in card
    await home.tap("Ben", "Approve")
    assert "Ben said yes" in cards(home, "Anna")[0]
    await home.say("Tom", "/newcert watch")
    assert len(cards(home, "Anna")) == 2


@pytest.mark.parametrize(("after", "reminders"), [(ONE_CARD - A_MOMENT, 1), (ONE_CARD, 2)])
async def test_admins_are_reminded_once_a_day_however_often_it_is_asked(
    home: Family, after: timedelta, reminders: int
) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.tap("Kim", "Remind them")
    await home.tap("Kim", "Take it back")
    home.world.clock.plus(after)
    await home.settle()
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    try:
        await home.tap("Kim", "Remind them")
    except LookupError:
        assert reminders == 1
    assert sum("still waits for an answer" in text for text in home.texts("Ben")) == reminders


async def test_reminding_and_taking_back_in_a_loop_rings_twice(home: Family) -> None:
    await home.say("Kim", "hello")
    before = rings(home, "Anna")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.tap("Kim", "Remind them")
    await home.tap("Kim", "Take it back")
    after = rings(home, "Anna")
    for _ in range(4):
        await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
        request = home.callback("Kim", "Take it back").split(":")[2]
        await home.press("Kim", encode(CallbackData(CallbackAction.REMIND, request)))
        await home.press("Kim", encode(CallbackData(CallbackAction.WITHDRAW, request)))
        await home.clock(seconds=30)
    assert rings(home, "Anna") == after
    assert after - before == 3
    assert all(card.endswith("Taken back.") for card in cards(home, "Anna"))


async def test_cards_that_telegram_was_too_busy_for_are_one_card_afterwards(home: Family) -> None:
    await home.say("Kim", "hello")
    before = rings(home, "Anna")
    home.world.telegram.fault(call="sendMessage", status=429, retry_after=20, times=6)
    for _ in range(3):
        await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
        async with home.bot.app.parts.store.read() as tx:
            (request,) = await tx.requests.open_of(await tx.people.of_telegram(home.phone("Kim").user_id))
        await home.press("Kim", encode(CallbackData(CallbackAction.WITHDRAW, request.public_id)))
    home.world.end_trouble()
    for _ in range(5):
        await home.clock(seconds=30)
    assert rings(home, "Anna") <= before + 1
    assert all(card.endswith("Taken back.") for card in cards(home, "Anna"))


async def test_a_killed_bot_does_not_show_a_card_twice(home: Family) -> None:
    await home.say("Kim", "hello")
    await asks_and_takes_back(home, "Kim")
    await home.restart()
    await asks_and_takes_back(home, "Kim")
    assert len(cards(home, "Anna")) == 1


async def many_ask(home: Family, number: int, *, take_back: bool) -> None:
    parts = home.bot.app.parts
    for at in range(number):
        account = Account(telegram_id=300_000 + at, name=f"Crowd{at}", language="en")
        asked = await requests.ask_to_come_in(parts, await recognise(parts, account))
        if take_back:
            await requests.withdraw(parts, await recognise(parts, account), asked.request.public_id)
    await home.settle()


@pytest.mark.parametrize("take_back", [True, False])
@pytest.mark.parametrize("number", [MAX_OPEN_REQUESTS - 1, MAX_OPEN_REQUESTS])
async def test_a_crowd_is_told_to_wait_also_when_all_of_it_takes_back(
    home: Family, number: int, *, take_back: bool
) -> None:
    await many_ask(home, number, take_back=take_back)
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert any("Kim" in card for card in cards(home, "Anna")) is (number < MAX_OPEN_REQUESTS)


async def test_a_crowd_holds_up_neither_members_nor_whoever_comes_by_a_link(home: Family) -> None:
    await many_ask(home, MAX_OPEN_REQUESTS, take_back=False)
    await home.say("Tom", "/newcert tablet")
    assert "Tom asks for a certificate for tablet." in cards(home, "Anna")[-1]
    await home.say("Anna", "/invite Oma")
    link = home.newest("Anna").text.split("start=")[1].split()[0]
    await home.say("Kim", f"/start {link}")
    assert cards(home, "Ben")[-1].startswith("Kim asks to come in.")


async def test_a_crowd_that_took_back_is_forgotten_after_a_day(home: Family) -> None:
    await many_ask(home, MAX_OPEN_REQUESTS, take_back=True)
    home.world.clock.plus(ONE_CARD)
    await home.settle()
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    assert cards(home, "Anna")[-1].startswith("Kim asks to come in.")


# /people


async def test_people_lists_who_asked_and_lets_them_in_from_there(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.say("Kim", "your <neighbour>")
    await home.say("Anna", "/people")
    assert "🟡 Kim – asked to come in" in home.newest("Anna").text
    await home.tap("Anna", "🟡 Kim")
    shown = home.newest("Anna")
    assert "They say: “your <neighbour>”" in shown.text
    assert "Devices" not in shown.text
    assert [[b.text for b in row] for row in shown.rows] == [["Let in"], ["Deny", "Block"], ["Everybody"]]
    await home.tap("Anna", "Let in")
    assert home.newest("Anna").text.startswith("🟢 Kim – member")
    assert (await home.person("Kim")).belongs
    assert "Anna let Kim in" in cards(home, "Ben")[0]


async def test_people_denies_and_blocks_too(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    await home.say("Anna", "/people")
    await home.tap("Anna", "🟡 Kim")
    await home.tap("Anna", "Deny")
    shown = home.newest("Anna")
    assert "Anna said no" in shown.text
    assert [[b.text for b in row] for row in shown.rows] == [["Block"], ["Everybody"]]
    await home.tap("Anna", "Block")
    assert (await home.person("Kim")).standing is Standing.BLOCKED
    assert "⛔️ Kim – blocked" in home.newest("Anna").text


@pytest.mark.parametrize("hours", [0, 73])
async def test_people_blocks_who_took_back_or_was_not_answered(home: Family, hours: int) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    if not hours:
        await home.tap("Kim", "Take it back")
    await home.clock(hours=hours)
    await home.say("Anna", "/people")
    await home.tap("Anna", "🟡 Kim")
    await home.tap("Anna", "Block")
    assert "Anna blocked Kim" in cards(home, "Ben")[0]
    async with home.bot.app.parts.store.read() as tx:
        states = [request.state for request in await tx.request_cards.undecided(await home.person("Kim"))]
    assert states == []
    assert (await home.tags()).count("chat:request:blocked") == 1
    await home.tap("Anna", "Take back")
    assert (await home.person("Kim")).is_guest
    await home.clock(minutes=11)
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    async with home.bot.app.parts.store.read() as tx:
        (request,) = await tx.requests.open_of(await home.person("Kim"))
    assert request.state is RequestState.OPEN


async def test_a_guest_is_only_let_in_refused_or_blocked(home: Family) -> None:
    await home.say("Kim", "hello")
    await home.press("Kim", encode(CallbackData(CallbackAction.ASK)))
    kim = (await home.person("Kim")).public_id
    await home.say("Anna", "/people")
    tags = await home.tags()
    for verb, arg in (
        (CallbackAction.TRUST, "on"),
        (CallbackAction.OUT, "remove"),
        (CallbackAction.OUT_SURE, "block"),
        (CallbackAction.MAKE_ADMIN, "on"),
    ):
        await home.press("Anna", encode(CallbackData(verb, kim, arg)))
    assert await home.tags() == tags
    for who in ("Tom", "Mia", "Kim"):
        await home.press(who, encode(CallbackData(CallbackAction.OUT, kim, "block")))
    assert (await home.person("Kim")).is_guest


async def test_a_crowd_moves_nobody_of_the_household_to_another_page(home: Family) -> None:
    await home.say("Ben", "/whoami")
    await many_ask(home, MAX_OPEN_REQUESTS, take_back=True)
    await home.say("Anna", "/people")
    buttons = [row[0].text for row in home.newest("Anna").rows]
    assert buttons[:5] == ["🟢 Anna", "🟢 Ben", "🟢 Tom", "🟢 Mia", f"🟡 Crowd{MAX_OPEN_REQUESTS - 1}"]
