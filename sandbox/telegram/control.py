"""What the control port adds: people, what they write and tap, what their phones saw."""

import asyncio
import base64
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.telegram.phone import Contact, Phone

if TYPE_CHECKING:
    from sandbox.telegram.server import TelegramStandin

_MAX_WAIT_SECONDS = 60.0

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_routes(app: web.Application, standin: "TelegramStandin") -> None:
    """Everything a page with phones needs, below ``/_control/``."""
    routes = _Routes(standin)
    for path, handler in (
        ("people", routes.people),
        ("send", routes.send),
        ("send_document", routes.send_document),
        ("tap", routes.tap),
        ("key", routes.key),
        ("share_users", routes.share_users),
    ):
        app.router.add_post(f"/_control/{path}", _explained(handler))
    app.router.add_get("/_control/events", _explained(routes.events))
    app.router.add_get("/_control/file", _explained(routes.file))


def state(standin: "TelegramStandin") -> dict[str, Any]:
    """All of the stand-in that a spectator may see, as JSON."""
    return {
        "people": [
            {
                "user_id": phone.user_id,
                "name": phone.name,
                "language": phone.language,
                "username": phone.username,
                "blocked": phone.blocked,
                "chat": [_plain(message) for message in phone.chat],
                "menu": [list(command) for command in phone.menu],
                "keyboard": _plain(phone.keyboard) if phone.keyboard else None,
            }
            for phone in standin.phones.values()
        ],
        "groups": {
            str(chat_id): [_plain(message) for message in messages] for chat_id, messages in standin.groups.items()
        },
        "commands": [
            {"scope": scope, "language": language, "commands": [list(command) for command in commands]}
            for (scope, language), commands in standin.commands.items()
        ],
        "pending": standin.pending,
        "unanswered": [
            {"user_id": tap.user_id, "message_id": tap.message_id, "data": tap.value} for tap in standin.unanswered
        ],
    }


class _Routes:
    def __init__(self, standin: "TelegramStandin") -> None:
        self._standin = standin

    async def events(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "0"))
        wait = min(float(request.query.get("wait", "0")), _MAX_WAIT_SECONDS)
        if wait and not self._standin.shown_events(after):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait):
                    await self._standin.account.more_events.wait()
        return web.json_response(
            [{"user_id": user_id, **_plain(event)} for user_id, event in self._standin.shown_events(after)]
        )

    async def people(self, request: web.Request) -> web.Response:
        asked = await request.json()
        phone = self._standin.join(
            asked["name"],
            user_id=asked.get("user_id"),
            language=asked.get("language", "en"),
            username=asked.get("username"),
        )
        return web.json_response({"user_id": phone.user_id})

    async def send(self, request: web.Request) -> web.Response:
        asked = await request.json()
        message_id = self._phone(asked["user_id"]).send(asked["text"], reply_to=asked.get("reply_to"))
        return web.json_response({"message_id": message_id})

    async def send_document(self, request: web.Request) -> web.Response:
        asked = await request.json()
        data = base64.b64decode(asked["data_base64"], validate=True)
        message_id = self._phone(asked["user_id"]).send_document(asked["file_name"], data, asked.get("caption"))
        return web.json_response({"message_id": message_id})

    async def tap(self, request: web.Request) -> web.Response:
        asked = await request.json()
        tap = self._phone(asked["user_id"]).tap(asked["message_id"], asked["button"])
        return web.json_response({"kind": tap.kind, "value": tap.value, "query_id": tap.query_id})

    async def key(self, request: web.Request) -> web.Response:
        asked = await request.json()
        return web.json_response({"message_id": self._phone(asked["user_id"]).use_key(asked["text"])})

    async def share_users(self, request: web.Request) -> web.Response:
        asked = await request.json()
        contacts = [Contact(each["user_id"], each["first_name"], each.get("username")) for each in asked["users"]]
        message_id = self._phone(asked["user_id"]).share_users(asked["button"], contacts)
        return web.json_response({"message_id": message_id})

    async def file(self, request: web.Request) -> web.Response:
        phone = self._phone(int(request.query["user_id"]))
        data = phone.file(int(request.query["message_id"]))
        return web.Response(body=data, content_type="application/octet-stream")

    def _phone(self, user_id: int) -> Phone:
        if user_id not in self._standin.phones:
            raise LookupError(f"there is nobody with number {user_id}")
        return self._standin.phones[user_id]


def _explained(handler: Handler) -> Handler:
    """Tell the caller what was wrong instead of a bare 500."""

    async def explained(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (LookupError, ValueError, RuntimeError) as error:
            return web.json_response({"error": str(error) or type(error).__name__}, status=400)

    return explained


def _plain(shown: Any) -> dict[str, Any]:
    plain = _jsonable(asdict(shown))
    return dict(plain)


def _jsonable(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _jsonable(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_jsonable(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value
