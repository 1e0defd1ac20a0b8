"""What Telegram answers, or whoever answers in its place: whatever it is, it is one of our errors and no traceback."""

import ast
import inspect
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import telegram
from markupsafe import Markup

from bot.chat.inbound.updates import ALLOWED_UPDATES
from bot.chat.messages.message import Message
from bot.chat.outbound.connection import RedactedBot, connect, our_errors
from bot.chat.outbound.menu import set_menu_of
from bot.chat.outbound.notifier import TelegramCourier
from bot.chat.outbound.results import RESULTS
from bot.chat.outbound.shown_messages import LASTS
from bot.errors import (
    CannotShow,
    ChatBusy,
    ChatTrouble,
    DeliveryUnknown,
    InvalidSetting,
    LatchkeyError,
    Unreachable,
)
from bot.model.message_ref import MessageRef
from bot.model.notices import Ready
from bot.model.people.people import Role
from bot.services.notifier import ChatFile
from sandbox.clock import SandboxClock
from sandbox.telegram import TelegramStandin
from tests.chat.notice_examples import ALL_NOTICES, VOICE

AT = MessageRef(100_001, 5)
FILE = ChatFile("a.p12", b"x")
READY = next(notice for notice in ALL_NOTICES if isinstance(notice, Ready))


class Line:
    """Our bot and our courier, connected to a stand-in that answers what it is told to."""

    def __init__(self, standin: TelegramStandin) -> None:
        self.standin = standin
        self.bot = connect(standin.token, standin.url)
        self.courier = TelegramCourier(self.bot, self._voice, standin.clock)

    async def _voice(self, _: int) -> Any:
        return VOICE

    async def ask(self, method: str, body: Any, status: int | None = None) -> LatchkeyError | None:
        """Call a method that is answered so; our error, if it is one."""
        self.standin.faults.clear()
        self.standin.clock.plus(LASTS)
        fault = self.standin.fault(call=method, body=body, status=status, times=0)
        try:
            with our_errors():
                await CALLS[method](self)
        except LatchkeyError as error:
            assert fault.struck
            return error
        assert fault.struck
        return None


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    standin = TelegramStandin(SandboxClock(tmp_path / "clock"))
    await standin.start()
    line = Line(standin)
    await line.bot.initialize()
    yield line
    await line.bot.shutdown()
    await standin.stop()


async def begin(line: Line) -> None:
    """As every start does."""
    bot = connect(line.standin.token, line.standin.url)
    try:
        await bot.initialize()
    finally:
        await bot.shutdown()


MESSAGE = Message(html=Markup("hello"))
CALLS: dict[str, Callable[[Line], Awaitable[object]]] = {
    "getMe": begin,
    "getUpdates": lambda line: line.bot.raw_updates(offset=None, seconds=0, kinds=ALLOWED_UPDATES),
    "sendMessage": lambda line: line.courier.send(MESSAGE, 100_001),
    "sendDocument": lambda line: line.courier.hand_over(READY, FILE, 100_001, None),
    "editMessageText": lambda line: line.courier.change(MESSAGE, AT),
    "editMessageMedia": lambda line: line.courier.hand_over(READY, FILE, 100_001, AT),
    "deleteMessage": lambda line: line.courier.remove(AT),
    "answerCallbackQuery": lambda line: line.bot.answer_callback_query("5"),
    "setMyCommands": lambda line: set_menu_of(line.bot, 100_001, Role.ADMIN, "en"),
    "deleteMyCommands": lambda line: set_menu_of(line.bot, 100_001, Role.NONE, "en"),
    "getFile": lambda line: line.bot.fetch_file("5"),
    "getWebhookInfo": lambda line: line.bot.webhook_host(),
    "deleteWebhook": lambda line: line.bot.delete_webhook(),
}

SENT = {"message_id": 5, "date": 1, "chat": {"id": 100_001, "type": "private", "first_name": "Anna"}}
ME = {"id": 7, "is_bot": True, "first_name": "Latchkey", "username": "latchkey_bot"}
GOOD: dict[str, Any] = {
    "getMe": ME,
    "getUpdates": [],
    "getWebhookInfo": {"url": ""},
    **dict.fromkeys(("sendMessage", "sendDocument", "editMessageText", "editMessageMedia"), SENT),
    **dict.fromkeys(
        ("deleteMessage", "answerCallbackQuery", "setMyCommands", "deleteMyCommands", "deleteWebhook"), True
    ),
}

# Of the messages that Telegram sends only the number is needed: odd for it is another number alone.
ODD_NUMBERS: tuple[Any, ...] = (None, True, "5", 5.0, 0, -5, 2**63, [5], {})
ODD_RESULTS: tuple[Any, ...] = (
    *(None, False, 0, 1, -1, 2.5, "", "ok", "true", [[]], [None], {}, {"result": True}, {"ok": True}, [SENT], [True]),
    *({"message_id": number} for number in ODD_NUMBERS),
    *({"message_id": number, "date": 1, "chat": {}} for number in ODD_NUMBERS),
    *({**ME, "username": name} for name in (None, 5, "", "a b", "a" * 65, ["a"], "https://x.example")),
    *({**ME, "id": number} for number in ODD_NUMBERS[:4]),
    *({**ME, "is_bot": said} for said in (None, False, "true", 1)),
    *({"file_path": path} for path in (None, 5, "", "/etc/passwd", "../bot.sqlite3", "a/../../b", "a\x00b", "a\nb")),
    *[{"url": None}, {"url": 5}, {"url": []}, {"url": True}],
)
ODD_BODIES: tuple[Any, ...] = (
    *("", " ", "<html><body>Please sign in to this network</body></html>", "null", "true", "5", '"ok"', "[]", "{}"),
    *(
        '{"ok": true',
        "\ufffd",
        '{"ok": true, "result": ]}',
        '{"result": true}',
        '{"ok": "yes", "result": 5}',
    ),
    *({"ok": True}, {"ok": None, "result": True}, {"ok": 1, "result": True}, [{"ok": True, "result": True}]),
    *({"ok": False}, {"ok": False, "result": True}, {"ok": False, "error_code": 400, "description": "Bad Request: x"}),
)
ODD_REFUSALS: tuple[Any, ...] = (
    *("", "<html>502 Bad Gateway</html>", "null", "[]", "5", "{}", '{"ok": false', {"error_code": 403}),
    *(
        {"ok": False},
        {"ok": False, "description": None},
        {"ok": False, "description": 5},
        {"ok": False, "description": ""},
    ),
    *({"ok": False, "description": ["x"]}, {"ok": False, "description": {"a": 1}}, {"ok": "no", "description": "x"}),
)


def is_good(method: str, result: Any) -> bool:
    """The few that are odd for all others."""
    if method == "getUpdates":
        return isinstance(result, list)
    if method == "getWebhookInfo":
        return isinstance(result, dict) and isinstance(result.get("url"), str)
    edits = method in {"editMessageText", "editMessageMedia"}
    return result is True and (edits or GOOD.get(method) is True)


@pytest.mark.parametrize("method", CALLS)
async def test_an_odd_answer_is_no_answer(line: Line, method: str) -> None:
    bodies = (*ODD_BODIES, *({"ok": True, "result": odd} for odd in ODD_RESULTS if not is_good(method, odd)))
    wrong = [
        f"{body!r}: {came!r}" for body in bodies if type(came := await line.ask(method, body)) is not DeliveryUnknown
    ]
    assert wrong == []


@pytest.mark.parametrize("method", CALLS)
async def test_a_no_that_telegram_did_not_say_is_no_no(line: Line, method: str) -> None:
    wrong = [
        f"{status} {body!r}: {came!r}"
        for status in (400, 401, 403, 404, 409, 413, 429, 500, 502, 599)
        for body in ODD_REFUSALS
        if type(came := await line.ask(method, body, status)) is not DeliveryUnknown
    ]
    assert wrong == []


@pytest.mark.parametrize("method", CALLS)
async def test_the_right_answer_is_taken(line: Line, method: str) -> None:
    if method == "getFile":
        anna = line.standin.join("Anna")
        anna.send_document("a.csr", b"content")
        (update,) = await line.bot.raw_updates(offset=None, seconds=0, kinds=ALLOWED_UPDATES)
        assert await line.bot.fetch_file(update["message"]["document"]["file_id"]) == b"content"
        return
    more = {"new_field": {"of": ["a", "later", "version"]}}
    result = GOOD[method]
    for said in (result, {**result, **more}) if isinstance(result, dict) else (result,):
        assert await line.ask(method, {"ok": True, "result": said}) is None


@pytest.mark.parametrize(
    "more",
    [{"date": "soon"}, {"date": 10**15}, {"chat": None}, {"chat": {"id": "x"}}, {"entities": 5}, {"reply_markup": []}],
    ids=str,
)
async def test_what_nobody_reads_of_a_message_may_be_odd(line: Line, more: dict[str, Any]) -> None:
    """It has arrived: to send it once more would be the harm."""
    for method in ("sendMessage", "sendDocument", "editMessageText", "editMessageMedia"):
        assert await line.ask(method, {"ok": True, "result": {**SENT, **more}}) is None


async def test_numbers_are_taken_up_to_what_can_be_stored(line: Line) -> None:
    for number, taken in ((1, True), (0, False), (2**63 - 1, True), (2**63, False)):
        came = await line.ask("sendMessage", {"ok": True, "result": {"message_id": number}})
        assert (came is None) is taken, number


def refusal(description: str, **parameters: Any) -> dict[str, Any]:
    return {"ok": False, "error_code": 0, "description": description, "parameters": parameters}


async def test_what_telegram_refuses_is_told_apart(line: Line) -> None:
    kinds: tuple[tuple[int, str, type[ChatTrouble | InvalidSetting]], ...] = (
        (400, "Bad Request: message can't be edited", CannotShow),
        (400, "Bad Request: chat not found", Unreachable),
        (403, "Forbidden: bot was blocked by the user", Unreachable),
        (401, "Unauthorized", InvalidSetting),
        (404, "Not Found", InvalidSetting),
        (500, "Internal Server Error", DeliveryUnknown),
        (409, "Conflict: terminated by other getUpdates request", DeliveryUnknown),
    )
    for status, words, kind in kinds:
        for method in ("sendMessage", "editMessageText", "getMe"):
            assert type(await line.ask(method, refusal(words), status)) is kind, (status, method)


async def test_how_long_to_wait_is_believed_for_a_day_at_most(line: Line) -> None:
    day = int(timedelta(days=1).total_seconds())
    for said, waits in ((1, 1), (day - 1, day - 1), (day, day), (day + 1, day), (2**62, day)):
        came = await line.ask("sendMessage", refusal("Too Many Requests", retry_after=said), 429)
        assert isinstance(came, ChatBusy)
        assert came.retry_after == waits
    odds: tuple[Any, ...] = (0, -1, True, "5", 5.5, None, [5], 2**63)
    for odd in odds:
        came = await line.ask("sendMessage", refusal("Too Many Requests", retry_after=odd), 429)
        assert type(came) is DeliveryUnknown, odd
    given: tuple[Any, ...] = ([], "x", 5, None, {"migrate_to_chat_id": -5})
    for parameters in given:
        body = {"ok": False, "description": "Too Many Requests", "parameters": parameters}
        assert type(await line.ask("sendMessage", body, 429)) is DeliveryUnknown, parameters


async def test_an_update_without_a_number_is_left_out(line: Line) -> None:
    odd: list[Any] = [None, 5, "x", [], {}, *({"update_id": number} for number in (None, True, "5", 5.0, 2**63))]
    line.standin.fault(call="getUpdates", body={"ok": True, "result": [*odd, {"update_id": 5}]})
    assert await line.bot.raw_updates(offset=None, seconds=0, kinds=ALLOWED_UPDATES) == [{"update_id": 5}]


async def test_a_file_that_is_gone_is_not_a_token_that_is(line: Line) -> None:
    line.standin.fault(call="getFile", body={"ok": True, "result": {"file_path": "documents/gone.csr"}})
    with pytest.raises(CannotShow), our_errors():
        await line.bot.fetch_file("5")


async def test_of_a_webhook_the_host_alone_is_told(line: Line) -> None:
    for url, host in (
        ("", ""),
        ("https://Old.Example:8443/hook/secret?token=secret", "old.example"),
        ("https://user:secret@old.example/", "old.example"),
        ("https://[2001:db8::1]/x", "2001:db8::1"),
        ("https://[oops/secret", "?"),
        ("https://<b>secret</b>/", "?"),
        ("nonsense secret", "?"),
    ):
        line.standin.faults.clear()
        line.standin.fault(call="getWebhookInfo", body={"ok": True, "result": {"url": url}})
        assert await line.bot.webhook_host() == host


def test_every_method_that_is_called_has_its_reading_and_its_test() -> None:
    methods = {name for name, _ in inspect.getmembers(telegram.Bot, inspect.iscoroutinefunction) if "_" in name}
    called: set[str] = set()
    for file in (Path(__file__).parents[3] / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in methods and "bot" in ast.unparse(node.value).lower():
                first, *rest = node.attr.split("_")
                called.add(first + "".join(map(str.capitalize, rest)))
    assert "sendMessage" in called
    assert called <= set(RESULTS)
    assert set(CALLS) == set(RESULTS)


def test_the_token_is_in_no_error(line: Line) -> None:
    assert line.standin.token not in repr(line.bot)
    assert isinstance(line.bot, RedactedBot)
    assert json.dumps(GOOD["getMe"])
