"""Telegram's Bot API on loopback, in memory."""

import re
import secrets
from typing import Any, ClassVar

from aiohttp import web

from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.standin import Standin
from sandbox.telegram import control
from sandbox.telegram.account import Account, Menus, Tap
from sandbox.telegram.api import BotApi, unauthorized
from sandbox.telegram.chat import ChatEvent, ShownMessage
from sandbox.telegram.errors import BotApiError
from sandbox.telegram.parameters import checked, outline, read
from sandbox.telegram.phone import Phone

_TOKEN_SHAPE = re.compile(r"[0-9]+:[A-Za-z0-9_-]{35}")
_FIRST_USER_ID = 100_001

_REASONS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    504: "Gateway Timeout",
}


class TelegramStandin(Standin):
    """The Bot API as far as the table in ``methods`` goes, strict where Telegram is.

    ``token`` is the only one it knows, drawn anew unless it is given; ``phones`` are the people, by user id;
    ``commands`` the stored menus under (scope, language).
    """

    name: ClassVar[str] = "telegram"

    def __init__(self, clock: SandboxClock, *, token: str = "", username: str = "latchkey_sandbox_bot") -> None:
        super().__init__(clock)
        token = token or new_token()
        if not _TOKEN_SHAPE.fullmatch(token):
            raise ValueError("a bot token is a number, a colon and 35 letters, digits, - or _")
        self.token = token
        self.phones: dict[int, Phone] = {}
        self.account = Account(clock, int(token.split(":", maxsplit=1)[0]), username)
        self._api = BotApi(self.account)
        self._revoked = False

    @property
    def commands(self) -> Menus:
        """The stored command menus."""
        return self.account.commands

    @property
    def pending(self) -> int:
        """Updates that no ``getUpdates`` offset has confirmed."""
        return self.account.updates.pending

    @property
    def unanswered(self) -> list[Tap]:
        """Presses the bot never answered, oldest first."""
        return [tap for tap in self.account.presses.values() if not tap.answered]

    @property
    def groups(self) -> dict[int, list[ShownMessage]]:
        """What the bot wrote into chats that are not private."""
        return {
            chat_id: [message.shown() for message in chat.messages.values()]
            for chat_id, chat in self.account.chats.items()
            if chat_id not in self.phones
        }

    def join(
        self,
        name: str,
        *,
        user_id: int | None = None,
        language: str = "en",
        username: str | None = None,
        started: bool = True,
    ) -> Phone:
        """Let a person press Start (which by itself makes no update), or not yet.

        Raises:
            ValueError: somebody has that number.
        """
        number = max(self.phones, default=_FIRST_USER_ID - 1) + 1 if user_id is None else user_id
        if number in self.account.chats:
            raise ValueError(f"there is a chat {number} already")
        phone = Phone(self.account, user_id=number, name=name, language=language, username=username, started=started)
        self.phones[number] = phone
        return phone

    def post(self, update: dict[str, Any]) -> int:
        """Queue any update; returns its number, 0 when the bot did not ask for such.

        A group or channel in it becomes a chat the bot may write to; a callback query wants an answer.
        """
        if "callback_query" in update:
            self.account.pressed(update["callback_query"])
        for content in update.values():
            chat = _chat_of(content)
            if chat and chat.get("type") != "private" and chat["id"] not in self.account.chats:
                self.account.open_chat(chat)
        return self.account.updates.add(update)

    async def quiet(self) -> None:
        """Return when no update is pending."""
        await self.account.updates.quiet()

    def revoke_token(self) -> None:
        """Make the token worthless, for waiting calls too."""
        self._revoked = True
        self.account.updates.end_poll(unauthorized())

    def routes(self, app: web.Application) -> None:
        """The API and its file downloads."""
        app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]+}", self._called)
        app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", self._download)

    def control_routes(self, app: web.Application) -> None:
        """People, their messages and taps."""
        control.add_routes(app, self)

    def label(self, request: web.Request) -> str:
        """The method's name, or ``file`` for a download."""
        if "method" in request.match_info:
            return request.match_info["method"]
        return "file" if "path" in request.match_info else "unknown"

    async def sent(self, request: web.Request) -> dict[str, Any]:
        """The parameters; of files name and size only."""
        return await outline(request) if "method" in request.match_info else {}

    def trouble(self, fault: Fault) -> web.StreamResponse:
        """A fault as Telegram's JSON error; a body of its own goes out as it is."""
        status = fault.status or 200
        if isinstance(fault.body, str):
            return web.Response(status=status, text=fault.body)
        if fault.body is not None:
            return web.json_response(fault.body, status=status)
        description, parameters = _REASONS.get(status, "Error"), {}
        if fault.retry_after is not None:
            description += f": retry after {fault.retry_after}"
            parameters = {"retry_after": fault.retry_after}
        return BotApiError(status, description, parameters).response()

    def state(self) -> dict[str, Any]:
        """People, chats as now shown, menus, presses without an answer."""
        return control.state(self)

    def shown_events(self, after: int) -> list[tuple[int, ChatEvent]]:
        """What all phones saw after a sequence number, with whose phone it was."""
        return self.account.events[after:]

    async def _called(self, request: web.Request) -> web.Response:
        try:
            self._authorise(request)
            method = request.match_info["method"]
            result = await self._api.call(method, checked(method, await read(request)))
        except BotApiError as error:
            return error.response()
        return web.json_response({"ok": True, "result": result})

    async def _download(self, request: web.Request) -> web.Response:
        try:
            self._authorise(request)
            data = self.account.files.fetch(request.match_info["path"])
        except BotApiError as error:
            return error.response()
        return web.Response(body=data, content_type="application/octet-stream")

    def _authorise(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not _TOKEN_SHAPE.fullmatch(token):
            raise BotApiError(404, "Not Found")
        if token != self.token or self._revoked:
            raise unauthorized()


def new_token() -> str:
    """A token that no other stand-in has, of the form that Telegram gives."""
    return f"{7_000_000_000 + secrets.randbelow(1_000_000_000)}:AA{secrets.token_urlsafe(33)[:33]}"


def _chat_of(content: Any) -> dict[str, Any] | None:
    if not isinstance(content, dict):
        return None
    chat = content.get("chat") or (content.get("message") or {}).get("chat")
    return chat if isinstance(chat, dict) else None
