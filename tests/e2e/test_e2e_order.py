"""Of two people who press about the same thing in one batch, the earlier one's press takes effect first."""

import random
from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.chat.inbound import poller
from bot.model.people.people import Account
from bot.services.people import identify, requests
from tests.family import Family, family

ASKER = "the asker"
PRESSES = (
    *(
        (admin, verb)
        for admin in ("Anna", "Ben")
        for verb in (CallbackAction.LET_IN, CallbackAction.DENY, CallbackAction.BLOCK)
    ),
    *((ASKER, verb) for verb in (CallbackAction.WITHDRAW, CallbackAction.REMIND)),
)
PAIRS = tuple((one, other) for one, other in permutations(PRESSES, 2) if one[0] != other[0])
AT_ONCE = 20
"""As many requests wait for an answer at most."""


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as at_home:
        for admin in ("Anna", "Ben"):
            await at_home.say(admin, "/whoami")
        yield at_home


async def asks(home: Family, who: str) -> str:
    """A new stranger asks to come in; answers the request."""
    home.world.people[who] = home.world.telegram.join(who)
    account = Account(telegram_id=home.phone(who).user_id, name=who, language="en")
    parts = home.bot.app.parts
    asked = await requests.ask_to_come_in(parts, await identify.recognise(parts, account))
    return asked.request.public_id


def presses(home: Family, request: str, asker: str, press: tuple[str, CallbackAction]) -> None:
    phone = home.phone(asker if press[0] == ASKER else press[0])
    shown = [message.message_id for message in phone.chat if message.from_bot]
    phone.press(shown[-1], encode(CallbackData(press[1], request)))


async def outcome(home: Family, request: str) -> tuple[str, ...]:
    """What has become of a request and its asker, whoever decided."""
    async with home.bot.app.parts.store.read() as tx:
        found = await tx.requests.of(request)
        reminded = str(found.reminded_at is not None)
        return found.state, found.person.role, found.person.standing, found.decided_by_name or "", reminded


@pytest.mark.parametrize("seed", range(3))
async def test_two_presses_in_one_batch_do_what_they_do_one_after_the_other(home: Family, seed: int) -> None:
    dice = random.Random(seed)
    pairs = dice.sample(PAIRS, AT_ONCE)
    expected = []
    for number, (first, second) in enumerate(pairs):
        request = await asks(home, f"Calm{number}")
        await home.settle()
        for press in (first, second):
            presses(home, request, f"Calm{number}", press)
            await home.settle()
        expected.append(await outcome(home, request))
        await home.clock(minutes=1)

    # Whoever took their request back counts among those who wait for a day.
    await home.clock(days=1)
    hasty = [await asks(home, f"Hasty{number}") for number in range(AT_ONCE)]
    await home.settle()
    await home.world.kill_bot()
    # Whoever was not seen for an hour is written down anew, which takes a moment longer.
    home.world.clock.plus(timedelta(hours=2))
    order = [*range(AT_ONCE)] * 2
    dice.shuffle(order)
    for at, number in enumerate(order):
        presses(home, hasty[number], f"Hasty{number}", pairs[number][number in order[:at]])
    await home.world.start_bot()
    await home.settle()
    found = [await outcome(home, request) for request in hasty]
    wrong = [(pair, e, f) for pair, e, f in zip(pairs, expected, found, strict=True) if e != f]
    assert not wrong


async def test_who_presses_later_does_not_wait_until_the_earlier_one_is_answered(
    home: Family, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tom's phone, or the way to it, is slow: what Anna decides is decided meanwhile."""
    monkeypatch.setattr(poller, "PATIENCE_SECONDS", 600.0)
    await home.say("Tom", "/newcert tablet")
    request = home.callback("Tom", "Take it back").split(":")[2]
    held = home.world.telegram.fault(call="answerCallbackQuery", hold=True, times=1)
    home.phone("Tom").press(home.newest("Tom").message_id, encode(CallbackData(CallbackAction.REMIND, request)))
    await held.reached.wait()
    home.phone("Anna").press(home.newest("Anna").message_id, encode(CallbackData(CallbackAction.LET_IN, request)))
    await home.until(lambda: any(event.text == "Tom hears it from me now." for event in home.phone("Anna").events))
    home.world.end_trouble()
    await home.settle()


async def test_who_presses_later_is_not_held_up_by_all_that_stands_before_the_earlier_press(home: Family) -> None:
    """Tom floods, and Telegram is slow to answer him: his press waits in his lane, Anna's does not wait for it."""
    await home.say("Tom", "/newcert tablet")
    request = home.callback("Tom", "Take it back").split(":")[2]
    held = home.world.telegram.fault(call="sendMessage", hold=True, times=1)
    home.phone("Tom").send("/whoami")
    await held.reached.wait()
    for _ in range(10):
        home.phone("Tom").press(home.newest("Tom").message_id, encode(CallbackData(CallbackAction.REMIND, request)))
    home.phone("Anna").press(home.newest("Anna").message_id, encode(CallbackData(CallbackAction.LET_IN, request)))
    home.phone("Anna").send("/whoami")
    await home.until(lambda: any(event.text == "Tom hears it from me now." for event in home.phone("Anna").events))
    await home.until(lambda: home.newest("Anna").text.startswith("Your Telegram id"))
    home.world.end_trouble()
    await home.settle()
