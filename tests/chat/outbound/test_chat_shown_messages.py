"""What a message shows is remembered for a while: no call turns one into itself, none that is needed is left out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Message
from bot.chat.outbound.connection import connect
from bot.chat.outbound.notifier import TelegramCourier
from bot.chat.outbound.shown_messages import LASTS, MOST, Shown
from bot.clock import SystemClock
from bot.errors import CannotShow, DeliveryUnknown
from bot.model.message_ref import MessageRef
from bot.services.notifier import ChatFile
from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, TelegramStandin
from tests.chat.notice_examples import NOW, VOICE
from tests.chat.outbound.test_chat_results import READY


def says(text: str, *buttons: str, look: Any = "plain") -> Message:
    rows = tuple((Button(text=button, callback=CallbackData(CallbackAction.CANCEL), look=look),) for button in buttons)
    return Message(html=Markup(text), rows=rows)


class Chat:
    def __init__(self, standin: TelegramStandin) -> None:
        self.standin = standin
        self.anna: Phone = standin.join("Anna")
        self.bot = connect(standin.token, standin.url)
        self.courier = TelegramCourier(self.bot, self._voice, standin.clock)

    async def _voice(self, _: int) -> Any:
        return VOICE

    @property
    def edits(self) -> list[int | None]:
        return [call.status for call in self.standin.calls if call.label == "editMessageText"]


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    standin = TelegramStandin(SandboxClock(tmp_path / "clock"))
    await standin.start()
    chat = Chat(standin)
    await chat.bot.initialize()
    yield chat
    await chat.bot.shutdown()
    await standin.stop()


async def test_a_message_is_not_turned_into_itself(chat: Chat) -> None:
    at = await chat.courier.send(says("a", "x"), chat.anna.user_id)
    await chat.courier.change(says("a", "x"), at)
    assert chat.edits == []
    for other in (says("b", "x"), says("b"), says("b", "y"), says("b", "y", look="danger"), says("b", "y", "y")):
        await chat.courier.change(other, at)
        await chat.courier.change(other, at)
    assert chat.edits == [200] * 5


async def test_it_is_remembered_for_a_while(chat: Chat) -> None:
    at = await chat.courier.send(says("a"), chat.anna.user_id)
    chat.standin.clock.plus(LASTS - timedelta(seconds=1))
    await chat.courier.change(says("a"), at)
    assert chat.edits == []
    chat.standin.clock.plus(timedelta(seconds=1))
    await chat.courier.change(says("a"), at)
    assert chat.edits == [400]
    await chat.courier.change(says("a"), at)
    assert chat.edits == [400], "Telegram has said what it shows"
    chat.standin.clock.plus(-timedelta(seconds=10))
    await chat.courier.change(says("a"), at)
    assert chat.edits == [400, 400], "by a clock that was set back nothing is known"


async def test_what_nobody_knows_is_drawn(chat: Chat) -> None:
    at = await chat.courier.send(says("a"), chat.anna.user_id)
    chat.standin.fault(call="editMessageText", drop=True, when="after")
    with pytest.raises(DeliveryUnknown):
        await chat.courier.change(says("b"), at)
    await chat.courier.change(says("b"), at)
    await chat.courier.change(says("a"), at)
    assert chat.edits == [None, 400, 200]
    assert chat.anna.chat[-1].text == "a"


async def test_of_two_drawn_at_once_neither_is_believed(chat: Chat) -> None:
    at = await chat.courier.send(says("a"), chat.anna.user_id)
    held = chat.standin.fault(call="editMessageText", when="after", hold=True)
    slow = asyncio.create_task(chat.courier.change(says("b"), at))
    await held.reached.wait()
    await chat.courier.change(says("c"), at)
    await chat.courier.change(says("c"), at)
    held.released.set()
    await slow
    assert chat.anna.chat[-1].text == "c"
    await chat.courier.change(says("b"), at)
    assert len(chat.edits) == 4, "that b came last here says nothing of there"
    assert chat.anna.chat[-1].text == "b"
    await chat.courier.change(says("b"), at)
    assert len(chat.edits) == 4


async def test_after_a_file_or_a_deletion_nothing_is_known(chat: Chat) -> None:
    at = await chat.courier.send(says("a"), chat.anna.user_id)
    await chat.courier.hand_over(READY, ChatFile("a.p12", b"x"), chat.anna.user_id, at)
    with pytest.raises(CannotShow):
        await chat.courier.change(says("a"), at)
    gone = await chat.courier.send(says("a"), chat.anna.user_id)
    await chat.courier.remove(gone)
    with pytest.raises(CannotShow):
        await chat.courier.change(says("a"), gone)


class Standing(SystemClock):
    """A clock that is moved by hand alone."""

    moment = NOW

    def now(self) -> datetime:
        return self.moment


def test_it_is_remembered_to_the_moment() -> None:
    clock = Standing()
    shown, at = Shown(clock), MessageRef(1, 1)
    shown.remember(says("a"), at)
    for age, known in (
        (timedelta(0), True),
        (LASTS - timedelta(microseconds=1), True),
        (LASTS, False),
        (-timedelta(microseconds=1), False),
    ):
        clock.moment = NOW + age
        assert shown.is_shown(says("a"), at) is known, age


def test_no_more_are_remembered_than_that_and_none_in_the_clear(tmp_path: Path) -> None:
    shown = Shown(SandboxClock(tmp_path / "clock"))
    for number in range(MOST + 1):
        shown.remember(says("six secret words"), MessageRef(1, number))
    assert not shown.is_shown(says("six secret words"), MessageRef(1, 0))
    assert all(shown.is_shown(says("six secret words"), MessageRef(1, number)) for number in range(1, MOST + 1))
    assert "secret" not in repr(vars(shown))
    other = Shown(SandboxClock(tmp_path / "clock"))
    other.remember(says("six secret words"), MessageRef(1, 1))
    assert shown._known[MessageRef(1, 1)][0] != other._known[MessageRef(1, 1)][0], "another start, another key"


_TEXTS = st.sampled_from(["a", "b", "c"])


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(_TEXTS, st.sampled_from(["goes well", "refused", "unknown", "other media", "later"]))))
def test_what_is_left_out_is_what_is_there(tmp_path_factory: pytest.TempPathFactory, story: Any) -> None:
    """Against a model that knows what Telegram shows: whatever happens, only what is there is ever left out."""
    clock = SandboxClock(tmp_path_factory.mktemp("shown") / "clock")
    shown, at, there = Shown(clock), MessageRef(1, 1), ""
    for text, outcome in story:
        if shown.is_shown(says(text), at):
            assert there == text
            continue
        if outcome == "other media":
            shown.forget(at)
            there = "media"
        elif outcome == "later":
            clock.plus(timedelta(minutes=4))
        else:
            there = there if outcome == "refused" else text
            with suppress(DeliveryUnknown), shown.drawing(says(text), at):
                _end(outcome)


def _end(outcome: str) -> None:
    if outcome != "goes well":
        raise DeliveryUnknown
