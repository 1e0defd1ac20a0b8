"""Too much at once: said kindly once, then silence; taking away is never too much; groups hear little."""

from sqlalchemy import update

from bot.model.people.people import Standing
from bot.services.inbox import receive
from bot.services.inbox.receive import IncomingUpdate
from bot.store.tables.core import person
from sandbox.telegram import ChatEvent
from sandbox.transcript.actions import GROUP
from tests.household import Household

TOO_FAST = "That was a lot at once"


def news(events: list[ChatEvent], words: str) -> int:
    return sum(words in event.text for event in events)


async def burst(home: Household, who: str, text: str, times: int) -> list[ChatEvent]:
    phone = home.phone(who)
    before = len(phone.events)
    for _ in range(times):
        phone.send(text)
    await home.settle()
    return phone.events[before:]


async def test_too_many_turns(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    seen = await burst(home, "Anna", "/whoami", 60)
    assert news(seen, "Your Telegram id") == 29
    assert news(seen, TOO_FAST) == 1
    assert len(seen) == 30
    # Another admin notices nothing of it, and taking away works at once.
    assert news(await home.say("Ben", "/whoami"), "Your Telegram id") == 1
    assert not await home.say("Anna", "/whoami")
    await home.say("Anna", "/revoke pixel8")
    assert home.live() == []
    await home.clock(seconds=31)
    assert news(await home.say("Anna", "/whoami"), "Your Telegram id") == 1


async def test_too_many_presses_are_told_by_a_popup(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.say("Anna", "/certs")
    seen = await home.tap("Anna", "🟢 pixel8", times=40)
    assert [(e.kind, TOO_FAST in e.text) for e in seen if e.kind == "popup"] == [("popup", True)]
    await home.clock(seconds=40)
    for _ in range(40):
        home.phone("Anna").send("/whoami")
    await home.tap("Anna", "Revoke")
    assert home.live() == []


async def test_one_stranger_does_not_speak_for_all(home: Household) -> None:
    loud = await burst(home, "Kim", "/start", 300)
    assert len(loud) == 1
    tom = home.world.telegram.join("Tom")
    tom.send("/start")
    await home.settle()
    assert [e.text[:5] for e in tom.events] == ["Hello"]
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.inbox.open() == ()


async def test_a_stranger_goes_before_nobody_whatever_they_write(home: Household) -> None:
    """A member's order would wait for each of a thousand strangers who write /revoke."""
    await home.say("Ben", "/whoami")
    asked = [
        IncomingUpdate(9_000_000 + number, home.phone(who).user_id, {"update_id": 9_000_000 + number}, takes_away=True)
        for number, who in enumerate(("Kim", "Ben"))
    ]
    kept = await receive.store_updates(home.bot.app.parts, asked, lambda _: False)
    assert [one.takes_away for one in kept.to_handle] == [False, True]


async def test_the_blocked_meet_silence(home: Household) -> None:
    await home.say("Ben", "/whoami")
    async with home.bot.app.parts.store.write() as tx:
        ben = person.c.telegram_id == home.phone("Ben").user_id
        await tx.audit._connection.execute(update(person).where(ben).values(standing=Standing.BLOCKED))
    await home.clock(seconds=2)
    for text in ("/start", "/whoami", "/revoke pixel8", "hello", "/start " + "x" * 43):
        assert not await home.say("Ben", text)
    assert not await home.press("Ben", "1:rev:abcdefgh:")


async def test_a_group_is_answered_once_a_minute_and_told_nothing(home: Household) -> None:
    await home.say("Anna", "/newcert pixel8")
    anna = home.phone("Anna")
    group = {"id": GROUP, "type": "group", "title": "The group"}
    sender = {"id": anna.user_id, "is_bot": False, "first_name": "Anna"}

    async def said(text: str) -> int:
        message = {"message_id": 1, "date": int(home.world.clock.now().timestamp()), "chat": group, "from": sender}
        home.world.telegram.post({"message": {**message, "text": text}})
        await home.settle()
        return len(home.world.telegram.groups[GROUP])

    assert [await said(text) for text in ("/certs all", "/revoke pixel8", "/audit", "hello", "/people")] == [1] * 5
    await home.clock(seconds=61)
    assert await said("/lost") == 2
    for shown in home.world.telegram.groups[GROUP]:
        assert "pixel8" not in shown.text
        assert [button.text for row in shown.rows for button in row] == ["Write to me"]
    assert home.live() == ["pixel8"]


async def test_what_people_wrote_while_the_bot_was_off_is_all_answered_after_a_flood(home: Household) -> None:
    crowd = [home.world.telegram.join(f"S{n}") for n in range(200)]
    await home.say("Anna", "/whoami")
    before = len(home.phone("Anna").events)
    await home.world.stop_bot()
    for number in range(20):
        home.phone("Anna").send("/whoami")
        for phone in crowd[number::20]:
            for _ in range(15):
                phone.send("/start")
    await home.world.start_bot()
    await home.settle()
    assert news(home.phone("Anna").events[before:], "Your Telegram id") == 20
    greeted = sum(bool(phone.events) for phone in crowd)
    assert 0 < greeted < 100
