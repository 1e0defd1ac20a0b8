"""The bot's account on the stand-in: what its server remembers, shared by the API and the phones."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.telegram.chat import Chat, ChatEvent, EventKind, Message
from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.files import FileStore
from sandbox.telegram.keyboards import ButtonKind
from sandbox.telegram.updates import UpdateQueue

# One menu: (command, description) pairs under (scope, language); scopes of chats are written "chat:42".
Menus = dict[tuple[str, str], tuple[tuple[str, str], ...]]


@dataclass(kw_only=True)
class Tap:
    """What came of tapping a button: ``value`` is the callback data, the address, or what was copied."""

    kind: ButtonKind
    value: str
    query_id: str | None = None
    user_id: int = 0
    message_id: int | None = None
    pressed_at: datetime | None = None
    answered: bool = False
    answer: str | None = None


class Account:
    """Everything behind one bot token."""

    def __init__(self, clock: SandboxClock, bot_id: int, username: str) -> None:
        self.clock = clock
        self.bot: dict[str, Any] = {
            "id": bot_id,
            "is_bot": True,
            "first_name": "Latchkey sandbox",
            "username": username,
        }
        self.updates = UpdateQueue(clock)
        self.files = FileStore(clock)
        self.chats: dict[int, Chat] = {}
        self.presses: dict[str, Tap] = {}
        self.commands: Menus = {}
        self.events: list[tuple[int, ChatEvent]] = []
        self.more_events = asyncio.Event()
        self._last_message_id = 0

    def open_chat(self, description: dict[str, Any]) -> Chat:
        """A new chat the bot may write to."""
        chat_id = int(description["id"])

        def seen(kind: EventKind, message: Message | None, text: str) -> None:
            shown = message.shown() if message else None
            number = message.message_id if message else None
            event = ChatEvent(len(self.events) + 1, kind, number, text, shown)
            self.events.append((chat_id, event))
            self.more_events.set()
            self.more_events = asyncio.Event()

        chat = self.chats[chat_id] = Chat(description, seen)
        return chat

    def chat(self, chat_id: int | str) -> Chat:
        """The chat with this number.

        Raises:
            BadRequestError: the bot was never started there.
        """
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None or not chat.started:
            raise BadRequestError("chat not found")
        return chat

    def new_message_id(self) -> int:
        """The next number; one row of numbers for all private chats, as on Telegram."""
        self._last_message_id += 1
        return self._last_message_id

    def press(self, user: dict[str, Any], message: dict[str, Any], data: str) -> Tap:
        """Let a person press a callback button of this message, as JSON."""
        query = {
            "id": str(secrets.randbits(62)),
            "from": user,
            "message": message,
            "chat_instance": str(message["chat"]["id"]),
            "data": data,
        }
        tap = self.pressed(query)
        self.updates.add({"callback_query": query})
        return tap

    def pressed(self, query: dict[str, Any]) -> Tap:
        """Remember a callback query as one the bot owes an answer."""
        tap = Tap(
            kind="callback",
            value=query.get("data", ""),
            query_id=query["id"],
            user_id=int(query["from"]["id"]),
            message_id=query.get("message", {}).get("message_id"),
            pressed_at=self.clock.now(),
        )
        self.presses[query["id"]] = tap
        return tap
