import asyncio
import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
)
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, TelegramStandin
from tests.patience import LAST_RESORT_SECONDS


async def call(standin: TelegramStandin, method: str, **request: Any) -> httpx.Response:
    async with httpx.AsyncClient() as client:
        return await client.post(f"{standin.url}/bot{standin.token}/{method}", **request)


async def test_get_me(standin: TelegramStandin, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (int(standin.token.split(":")[0]), True, "latchkey_sandbox_bot")


@pytest.mark.parametrize("token", ["1:" + "x" * 35, "nonsense"])
async def test_a_foreign_token_is_refused(new_bot: Callable[..., Bot], token: str) -> None:
    with pytest.raises(InvalidToken):
        async with new_bot(token):
            pass


async def test_a_revoked_token_ends_waiting_calls(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await standin.account.updates.polled.wait()
    standin.revoke_token()
    with pytest.raises(InvalidToken):
        await waiting
    with pytest.raises(InvalidToken):
        await bot.send_message(anna.user_id, "x")


@pytest.mark.parametrize(
    ("method", "params", "status", "words"),
    [
        ("sendSticker", {}, 404, "Not Found"),
        ("sendMessage", {"chat_id": 1}, 400, "message text is empty"),
        ("sendMessage", {"text": "x"}, 400, "chat_id is empty"),
        ("sendMessage", {"chat_id": 1, "text": "x", "loud": "true"}, 400, "no parameter 'loud'"),
        ("sendMessage", {"chat_id": 1, "text": 5}, 400, "text must be of type String"),
        ("sendMessage", {"chat_id": 1, "text": ["x"]}, 400, "text must be of type String"),
        ("sendMessage", {"chat_id": 1, "text": "x", "protect_content": "yes"}, 400, "type Boolean"),
        ("deleteMessage", {"chat_id": 1, "message_id": "one"}, 400, "type Integer"),
        ("deleteMessage", {"chat_id": 1, "message_id": True}, 400, "type Integer"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": "{"}, 400, "as JSON"),
        ("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": {"rows": []}}, 400, "must be one of"),
        (
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_markup": {"inline_keyboard": [[{"text": 1}]]}},
            400,
            "inline_keyboard[0][0].text must be of type String",
        ),
        ("editMessageMedia", {"media": {"type": "photo", "media": "x"}}, 400, "not served"),
        ("editMessageMedia", {"media": {"type": "document", "media": "attach://f"}}, 400, "wrong file"),
        ("getUpdates", {"limit": 101}, 400, "limit must be"),
        ("setMyCommands", {"commands": [{"command": "Start", "description": "x"}]}, 400, "COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "start", "description": ""}]}, 400, "DESCRIPTION"),
        ("getMyCommands", {"language_code": "english"}, 400, "invalid language code"),
    ],
)
async def test_bad_calls_are_refused(
    standin: TelegramStandin, method: str, params: dict[str, Any], status: int, words: str
) -> None:
    answer = await call(standin, method, json=params)
    assert answer.status_code == status
    assert answer.json()["ok"] is False
    assert answer.json()["error_code"] == status
    assert words in answer.json()["description"]


async def test_a_file_nobody_asked_for_is_refused(standin: TelegramStandin, anna: Phone) -> None:
    answer = await call(standin, "sendMessage", data={"chat_id": anna.user_id, "text": "x"}, files={"extra": b"data"})
    assert "no parameter refers to: extra" in answer.json()["description"]


async def test_faults_look_like_telegram(
    standin: TelegramStandin, bot: Bot, anna: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without it the library warns of its own future whenever it raises RetryAfter.
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    standin.fault(call="sendMessage", status=429, retry_after=7)
    with pytest.raises(RetryAfter) as limited:
        await bot.send_message(anna.user_id, "x")
    assert limited.value.retry_after == timedelta(seconds=7)
    standin.fault(call="sendMessage", status=502, when="after")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(anna.user_id, "arrived all the same")
    standin.fault(call="sendMessage", drop=True, when="after")
    with pytest.raises(NetworkError):
        await bot.send_message(anna.user_id, "arrived too")
    assert [message.text for message in anna.chat] == ["arrived all the same", "arrived too"]
    assert [call.status for call in standin.calls if call.label == "sendMessage"] == [429, 502, None]


async def test_calls_are_listed_with_their_parameters(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.user_id, "x", disable_notification=True)
    last = standin.calls[-1]
    assert (last.label, last.status) == ("sendMessage", 200)
    assert last.sent["text"] == "x"
    assert standin.token not in repr(standin.calls)


async def test_menus(standin: TelegramStandin, bot: Bot, ben: Phone) -> None:
    await bot.set_my_commands([BotCommand("start", "Begin")])
    assert ben.menu == (("start", "Begin"),)
    await bot.set_my_commands([("status", "Zustand")], BotCommandScopeAllPrivateChats(), "de")
    assert ben.menu == (("status", "Zustand"),)
    await bot.set_my_commands([("people", "People")], BotCommandScopeChat(ben.user_id))
    assert ben.menu == (("people", "People"),)
    assert standin.commands == {
        ("default", ""): (("start", "Begin"),),
        ("all_private_chats", "de"): (("status", "Zustand"),),
        (f"chat:{ben.user_id}", ""): (("people", "People"),),
    }
    assert await bot.get_my_commands() == (BotCommand("start", "Begin"),)
    assert await bot.delete_my_commands(BotCommandScopeChat(ben.user_id))
    assert ben.menu == (("status", "Zustand"),)
    with pytest.raises(BadRequest, match=r"^Chat not found"):
        await bot.set_my_commands([("a", "b")], BotCommandScopeChat(424242))


def test_a_number_joins_once(standin: TelegramStandin) -> None:
    assert standin.join("Anna", user_id=7).user_id == 7
    with pytest.raises(ValueError, match="chat 7 already"):
        standin.join("Ben", user_id=7)


async def test_the_control_port_plays_a_person(standin: TelegramStandin, bot: Bot) -> None:
    async with httpx.AsyncClient(base_url=standin.control_url) as page:

        async def post(path: str, **sent: Any) -> dict[str, Any]:
            answer = await page.post(path, json=sent)
            assert answer.status_code == 200, answer.text
            return dict(answer.json())

        user_id = (await post("/people", name="Cleo"))["user_id"]
        first = (await post("/send", user_id=user_id, text="hi"))["message_id"]
        await post("/send", user_id=user_id, text="again", reply_to=first)
        data = base64.b64encode(b"bytes").decode()
        file = await post("/send_document", user_id=user_id, file_name="a.csr", data_base64=data, caption="c")
        assert standin.pending == 3
        fetched = await page.get("/file", params={"user_id": user_id, "message_id": file["message_id"]})
        assert fetched.content == b"bytes"

        events = asyncio.create_task(page.get("/events", params={"after": 0, "wait": 60}, timeout=60))
        answered, _ = await asyncio.wait({events}, timeout=0.5)
        assert not answered
        keyboard = InlineKeyboardMarkup([[InlineKeyboardButton("OK", callback_data="1:ok")]])
        sent = await bot.send_message(user_id, "<b>there</b>", parse_mode="HTML", reply_markup=keyboard)
        async with asyncio.timeout(LAST_RESORT_SECONDS):
            (event,) = (await events).json()
        assert (event["user_id"], event["sequence"], event["kind"]) == (user_id, 1, "new")
        assert event["message"]["html"] == "<b>there</b>"
        assert event["message"]["rows"][0][0]["text"] == "OK"
        assert (await page.get("/events", params={"after": 1})).json() == []

        tap = await post("/tap", user_id=user_id, message_id=sent.message_id, button="OK")
        assert (tap["kind"], tap["value"]) == ("callback", "1:ok")
        wrong = await page.post("/tap", json={"user_id": user_id, "message_id": 1, "button": "Nope"})
        assert wrong.status_code == 400
        state = (await page.get("/state")).json()
        assert [message["text"] for message in state["people"][0]["chat"]] == ["hi", "again", "c", "there"]
        assert state["unanswered"] == [{"user_id": user_id, "message_id": sent.message_id, "data": "1:ok"}]


def test_each_has_a_token_of_its_own(clock: SandboxClock) -> None:
    assert len({TelegramStandin(clock).token for _ in range(50)}) == 50
    assert TelegramStandin(clock, token="7000000001:AA" + "x" * 33).token == "7000000001:AA" + "x" * 33


async def test_it_listens_on_loopback_and_stops(clock: SandboxClock) -> None:
    standin = TelegramStandin(clock)
    await standin.start()
    url = f"{standin.url}/bot{standin.token}/getMe"
    async with httpx.AsyncClient() as client:
        assert (await client.get(url)).json()["ok"] is True
    await standin.stop()
    async with httpx.AsyncClient() as client:
        with pytest.raises(httpx.ConnectError):
            await client.get(url)
