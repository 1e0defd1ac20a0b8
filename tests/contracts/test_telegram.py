"""The stand-in's table and its answers, held against the Bot API's description where that is at hand."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox.clock import SandboxClock
from sandbox.telegram import Contact, TelegramStandin
from sandbox.telegram.methods import METHODS, SUBTYPES, TYPES, UPDATE_KINDS, Fields
from tests.contracts.deviations import TELEGRAM

CONTRACT = Path(__file__).parents[3] / "shared" / "contracts" / "telegram-bot-api.json"

pytestmark = pytest.mark.skipif(
    not CONTRACT.is_file(), reason="no ../shared/contracts/telegram-bot-api.json next to the project"
)

Described = dict[str, Any]


@pytest.fixture(scope="module")
def contract() -> Described:
    described: Described = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return described


def differences(name: str, ours: Fields, theirs: Described) -> Iterator[str]:
    for field, said in ours.items():
        if field not in theirs:
            yield f"{name}.{field} is not in the contract"
        elif (said.required, list(said.types)) != (theirs[field]["required"], theirs[field]["types"]):
            yield f"{name}.{field} is {said}, the contract says {theirs[field]}"
    for field, described in theirs.items():
        if described["required"] and field not in ours:
            yield f"{name}.{field} is required and not served"


@pytest.mark.parametrize("method", METHODS)
def test_methods_are_as_described(contract: Described, method: str) -> None:
    assert method in contract["methods"]
    found = set(differences(method, METHODS[method], contract["methods"][method]["fields"]))
    assert found == {said for said in TELEGRAM if said.startswith(f"{method}.")}


@pytest.mark.parametrize("name", TYPES)
def test_types_are_as_described(contract: Described, name: str) -> None:
    found = set(differences(name, TYPES[name], contract["types"][name]["fields"]))
    assert found == {said for said in TELEGRAM if said.startswith(f"{name}.")}


def test_unions_and_update_kinds_are_as_described(contract: Described) -> None:
    for union, members in SUBTYPES.items():
        assert set(members.values()) <= set(contract["types"][union]["subtypes"])
    assert set(UPDATE_KINDS) == set(contract["types"]["Update"]["fields"]) - {"update_id"}


def test_every_deviation_is_still_one() -> None:
    known = set(METHODS) | set(TYPES)
    assert {said.split(".")[0] for said in TELEGRAM} <= known


SCALARS = {"Integer": int, "String": str, "Boolean": bool}


def faults(value: Any, types: list[str], contract: Described, where: str) -> list[str]:
    """Why a value is none of these types; empty when it is one."""
    tried = [list(_faults(value, name, contract, where)) for name in types]
    return [] if [] in tried else min(tried, key=len)


def _faults(value: Any, name: str, contract: Described, where: str) -> Iterator[str]:
    if name.startswith("Array of "):
        if not isinstance(value, list):
            yield f"{where} is no array"
            return
        for number, item in enumerate(value):
            yield from faults(item, [name.removeprefix("Array of ")], contract, f"{where}[{number}]")
    elif name in SCALARS:
        if type(value) is not SCALARS[name]:
            yield f"{where} is no {name}"
    elif members := contract["types"][name].get("subtypes"):
        yield from faults(value, members, contract, where)
    elif not isinstance(value, dict):
        yield f"{where} is no {name}"
    else:
        fields = contract["types"][name]["fields"]
        yield from (f"{where}.{key} is not in {name}" for key in value if key not in fields)
        for key, described in fields.items():
            if key in value:
                yield from faults(value[key], described["types"], contract, f"{where}.{key}")
            elif described["required"]:
                yield f"{where}.{key} is missing"


class Judge:
    """Calls the stand-in and judges every answer by the contract."""

    def __init__(self, standin: TelegramStandin, contract: Described, client: httpx.AsyncClient) -> None:
        self._root = f"{standin.url}/bot{standin.token}"
        self._contract = contract
        self._client = client
        self.called: set[str] = set()

    async def call(self, method: str, files: Any = None, **params: Any) -> Any:
        sent = {"data": params, "files": files} if files else {"json": params}
        answer = (await self._client.post(f"{self._root}/{method}", **sent)).json()
        assert set(answer) == {"ok", "result"}, answer
        returns = self._contract["methods"][method]["returns"]
        assert faults(answer["result"], returns, self._contract, method) == []
        self.called.add(method)
        return answer["result"]


@pytest.fixture
async def judge(tmp_path: Path, contract: Described) -> Any:
    standin = TelegramStandin(SandboxClock(tmp_path / "clock"))
    await standin.start()
    async with httpx.AsyncClient() as client:
        yield standin, Judge(standin, contract, client)
    await standin.stop()


async def test_answers_and_updates_are_as_described(judge: tuple[TelegramStandin, Judge]) -> None:
    standin, bot = judge
    anna = standin.join("Anna", username="anna")
    chat = {"chat_id": anna.user_id}
    keyboard = {
        "inline_keyboard": [
            [
                {"text": "OK", "callback_data": "1:ok", "style": "primary"},
                {"text": "Copy", "copy_text": {"text": "words"}},
                {"text": "Look", "url": "https://example.com"},
            ]
        ]
    }
    html = (
        '<b>b</b><tg-time unix="1" format="r">t</tg-time><a href="https://example.com">a</a>'
        '<a href="tg://user?id=5">u</a><pre><code class="language-sh">c</code></pre>'
        '<tg-emoji emoji-id="5">e</tg-emoji>'
    )
    await bot.call("getMe")
    first = anna.send("/start now")
    anna.send("x", reply_to=first, forwarded=True)
    anna.send("z", via="gif")
    anna.edit(first, "y")
    anna.send_document("a.csr", b"data", caption="c")
    sent = await bot.call(
        "sendMessage",
        **chat,
        text=html,
        parse_mode="HTML",
        reply_markup=keyboard,
        reply_parameters={"message_id": first},
        protect_content=True,
    )
    number = {**chat, "message_id": sent["message_id"]}
    tap = anna.tap(sent["message_id"], "OK")
    anna.press(3, "old", inaccessible=True)
    asked = {"request_id": 1, "user_is_bot": False, "max_quantity": 2, "request_name": True, "request_username": True}
    below = {"keyboard": [[{"text": "Pick", "request_users": asked}]], "one_time_keyboard": True}
    await bot.call("sendMessage", **chat, text="Whom?", reply_markup=below)
    anna.share_users("Pick", [standin.join("Ben", username="ben").contact, Contact(77, "Zoe")])
    anna.block()
    anna.unblock()
    await bot.call("answerCallbackQuery", callback_query_id=tap.query_id, text="done", show_alert=True)
    updates = await bot.call("getUpdates")
    assert len(updates) == 10
    document = next(update["message"]["document"] for update in updates if "document" in str(update))
    await bot.call("getFile", file_id=document["file_id"])
    await bot.call("editMessageText", **number, text="z", reply_markup=keyboard)
    await bot.call("editMessageReplyMarkup", **number)
    await bot.call(
        "editMessageMedia",
        {"f": ("k.p12", b"data")},
        chat_id=str(anna.user_id),
        message_id=str(sent["message_id"]),
        media=json.dumps({"type": "document", "media": "attach://f", "caption": html, "parse_mode": "HTML"}),
    )
    await bot.call("sendDocument", {"document": ("k.p12", b"data")}, chat_id=str(anna.user_id))
    await bot.call("sendChatAction", **chat, action="typing")
    await bot.call("deleteMessage", **number)
    await bot.call("deleteMessages", **chat, message_ids=[first])
    menu = {"scope": {"type": "chat", **chat}, "language_code": "de"}
    await bot.call("setMyCommands", commands=[{"command": "start", "description": "Begin"}], **menu)
    assert await bot.call("getMyCommands", **menu)
    await bot.call("deleteMyCommands", **menu)
    await bot.call("setWebhook", url="https://old.example/hook")
    await bot.call("getWebhookInfo")
    await bot.call("deleteWebhook", drop_pending_updates=True)
    await bot.call("getUpdates", allowed_updates=["message"])
    await bot.call("getWebhookInfo")
    assert bot.called == set(METHODS)


def test_the_judge_can_say_no(contract: Described) -> None:
    user = {"id": 1, "is_bot": False, "first_name": "A"}
    assert faults(user, ["User"], contract, "user") == []
    assert faults(user | {"id": "1"}, ["User"], contract, "user") == ["user.id is no Integer"]
    assert faults(user | {"age": 5}, ["User"], contract, "user") == ["user.age is not in User"]
    assert faults({"id": 1, "is_bot": True}, ["User"], contract, "user") == ["user.first_name is missing"]
