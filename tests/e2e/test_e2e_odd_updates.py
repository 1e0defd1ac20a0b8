"""What nobody typed, and what nobody can read: nothing comes of it, and nothing of it stays open."""

import json
import random
from typing import Any

import pytest
from structlog.testing import capture_logs

from sandbox.world import World
from tests.household import Household
from tests.odd_updates import EXAMPLES, changed, places

INLINE = "Another bot wrote that message"
FORWARDED = "That message was forwarded"
ODD_VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1.5,
    "",
    "secret",
    "\ud800",
    [],
    ["secret"],
    {},
    {"id": "x"},
    {"id": 5},
)


async def open_updates(home: Household) -> int:
    async with home.bot.app.parts.store.read() as tx:
        return len(await tx.inbox.open())


@pytest.mark.parametrize(("how", "said"), [({"via": "gif"}, INLINE), ({"forwarded": True}, FORWARDED)], ids=str)
async def test_only_what_was_typed_is_a_command_or_an_answer(home: Household, how: Any, said: str) -> None:
    phone = home.phone("Anna")

    async def comes(text: str) -> list[str]:
        before = len(phone.events)
        phone.send(text, **how)
        await home.settle()
        return [event.text for event in phone.events[before:]]

    for text in ("/newcert pixel8", "/lockdown", "/revoke pixel8", "/start", "hello"):
        (answer,) = await comes(text)
        assert answer.startswith(said), text
    assert home.live() == []
    await home.say("Anna", "/newcert")
    (answer,) = await comes("pixel8")
    assert answer.startswith(said)
    assert home.live() == []
    await home.say("Anna", "pixel8")
    assert home.live() == ["pixel8"], "the question waits for its answer"
    await home.say("Kim", "hello")
    kim = home.phone("Kim")
    before = len(kim.events)
    kim.send("/start", **how)
    await home.settle()
    assert kim.events[before:] == [], "a stranger is greeted once"


async def test_a_file_that_an_inline_bot_chose_is_not_opened(home: Household, world: World) -> None:
    await home.say("Anna", "/newcert laptop csr")
    phone = home.phone("Anna")
    phone.send_document("laptop.csr", b"x", via="files")
    await home.settle()
    assert home.newest("Anna").text.startswith(INLINE)
    assert not any(call.label == "getFile" for call in world.telegram.calls)
    phone.send_document("laptop.csr", b"x")
    await home.settle()
    assert any(call.label == "getFile" for call in world.telegram.calls)


async def test_whoever_speaks_as_a_channel_is_not_heard(home: Household, world: World) -> None:
    phone = home.phone("Anna")
    events = len(phone.events)
    channel = {"id": -100, "type": "channel", "title": "News"}
    who = {"id": phone.user_id, "is_bot": False, "first_name": "Anna"}
    chat = {"id": phone.user_id, "type": "private"}
    sent = {"message_id": 9, "from": who, "date": int(world.clock.now().timestamp()), "text": "/newcert pixel8"}
    for more in ({"chat": chat, "sender_chat": channel}, {"chat": channel}, {"chat": channel, "sender_chat": channel}):
        world.telegram.post({"message": {**sent, **more}})
    await home.settle()
    assert phone.events[events:] == []
    assert home.live() == []
    assert await open_updates(home) == 0


def odd_updates(seed: int, count: int) -> list[dict[str, Any]]:
    drawn = random.Random(seed)
    made: list[dict[str, Any]] = []
    while len(made) < count:
        update: Any = drawn.choice(EXAMPLES)
        for _ in range(drawn.randint(1, 2)):
            there = [place for place in places(update) if len(place) > 1]
            if there:
                update = changed(update, drawn.choice(there), drawn.choice([None, [drawn.choice(ODD_VALUES)]]))
        made.append(update)
    bare = ({kind: value} for kind in ("message", "callback_query", "my_chat_member") for value in ODD_VALUES)
    return [*made, *bare]


async def test_an_odd_update_ends_no_bot_and_stays_nowhere(home: Household, world: World) -> None:
    await home.say("Anna", "/whoami")
    with capture_logs() as log:
        for number, update in enumerate(odd_updates(12, 200)):
            world.telegram.account.updates.add(update)
            if number % 8 == 0:
                await home.clock(minutes=1)
        # All at once, too: the answer to who is too fast reads them as well.
        for update in odd_updates(13, 60):
            world.telegram.account.updates.add(update)
        await home.settle()
    assert await open_updates(home) == 0
    broke = [line for line in log if line["event"] == "inbox broke"]
    assert len(broke) > 50
    assert len({line["error_id"] for line in broke}) == len(broke)
    assert all(line["update_id"] for line in broke)
    assert not any("secret" in json.dumps(line, default=str) for line in log)
    assert not any(line["event"] in {"turn broke", "inbox not emptied"} for line in log)
    await home.clock(minutes=10)
    assert "Your Telegram id" in (await home.say("Anna", "/whoami"))[0].text
    with capture_logs() as log:
        await home.restart()
    assert not any(line["event"] == "inbox broke" for line in log), "nothing is taken up again"


async def test_what_breaks_in_its_handling_is_closed_too(
    home: Household, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever breaks, and wherever: here the gate itself."""

    async def broken(*_: object) -> None:
        raise RuntimeError("broken on purpose")

    gate = home.bot.app._poller._gate
    with capture_logs() as log:
        monkeypatch.setattr(gate, "handle", broken)
        home.phone("Anna").send("/whoami")
        await home.settle()
        monkeypatch.undo()
    assert await open_updates(home) == 0
    (line,) = [line for line in log if line["event"] == "inbox broke"]
    assert line["error_id"]
    assert "Your Telegram id" in (await home.say("Anna", "/whoami"))[0].text
