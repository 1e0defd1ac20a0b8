"""Chats and their messages: as the server stores them, as JSON, and as a phone shows them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sandbox.telegram.errors import BadRequestError
from sandbox.telegram.files import Document
from sandbox.telegram.formatting import Entity, Formatted
from sandbox.telegram.keyboards import Markup, ReplyKeyboard, Rows

EventKind = Literal["new", "edit", "gone", "popup", "toast"]


@dataclass(frozen=True)
class ShownDocument:
    """A file in a chat; ``size`` in bytes."""

    file_name: str
    size: int
    mime_type: str


@dataclass(frozen=True)
class ShownMessage:
    """A message as its reader sees it; ``text`` is the plain text (of a file: its caption).

    ``quiet`` came without a sound, ``protected`` can't be forwarded or saved,
    ``reply_to`` is the message it answers.
    """

    message_id: int
    from_bot: bool
    html: str
    text: str
    entities: tuple[Entity, ...]
    rows: Rows
    document: ShownDocument | None
    date: datetime
    edited: datetime | None
    quiet: bool
    protected: bool = False
    reply_to: int | None = None


@dataclass(frozen=True)
class ChatEvent:
    """Something the bot did that a phone saw; ``sequence`` counts over all phones."""

    sequence: int
    kind: EventKind
    message_id: int | None
    text: str
    message: ShownMessage | None


@dataclass
class Message:
    """A message as the server stores it."""

    message_id: int
    chat: dict[str, Any]
    sender: dict[str, Any]
    date: datetime
    body: Formatted
    document: Document | None = None
    markup: Markup = field(default_factory=Markup)
    reply_to: "Message | None" = None
    forward_origin: dict[str, Any] | None = None
    via_bot: dict[str, Any] | None = None
    users_shared: dict[str, Any] | None = None
    quiet: bool = False
    protected: bool = False
    edited: datetime | None = None

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it."""
        return bool(self.sender["is_bot"])

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """The Bot API's ``Message``."""
        told: dict[str, Any] = {
            "message_id": self.message_id,
            "from": self.sender,
            "chat": self.chat,
            "date": int(self.date.timestamp()),
        }
        if self.edited:
            told["edit_date"] = int(self.edited.timestamp())
        if self.document:
            told["document"] = self.document.as_json()
        if self.users_shared:
            told["users_shared"] = self.users_shared
        elif self.body.text:
            told["caption" if self.document else "text"] = self.body.text
        if self.body.entities:
            told["caption_entities" if self.document else "entities"] = list(self.body.entities)
        if self.markup.inline:
            told["reply_markup"] = self.markup.inline
        told |= {name: whose for name in ("forward_origin", "via_bot") if (whose := getattr(self, name))}
        if self.reply_to and with_reply:
            told["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        if self.protected:
            told["has_protected_content"] = True
        return told

    def shown(self) -> ShownMessage:
        """The message as its reader sees it now."""
        document = None
        if self.document:
            size = len(self.document.data)
            document = ShownDocument(self.document.file_name, size, self.document.mime_type)
        return ShownMessage(
            self.message_id,
            self.from_bot,
            self.body.html,
            self.body.text,
            self.body.entities,
            self.markup.rows,
            document,
            self.date,
            self.edited,
            self.quiet,
            self.protected,
            self.reply_to.message_id if self.reply_to else None,
        )


class Chat:
    """A chat with the bot: private, or a group somebody posted from."""

    def __init__(self, description: dict[str, Any], seen: Callable[[EventKind, Message | None, str], None]) -> None:
        self.description = description
        self.messages: dict[int, Message] = {}
        self.blocked = False
        self.started = True
        self.keyboard: ReplyKeyboard | None = None
        self._keyboard_of: int | None = None
        self._seen = seen

    @property
    def chat_id(self) -> int:
        """The number by which the bot addresses it."""
        return int(self.description["id"])

    def add(self, message: Message) -> None:
        """Show a new message."""
        self.messages[message.message_id] = message
        if message.from_bot:
            if message.markup.keyboard or message.markup.removes_keyboard:
                self.keyboard, self._keyboard_of = message.markup.keyboard, message.message_id
            self._seen("new", message, message.body.text)

    def changed(self, message: Message) -> None:
        """Show that the bot edited a message."""
        self._seen("edit", message, message.body.text)

    def remove(self, message_id: int, *, by_bot: bool) -> None:
        """Take a message out of the chat, on both sides."""
        message = self.messages.pop(message_id)
        if message_id == self._keyboard_of:
            self.keyboard = None
        if by_bot:
            self._seen("gone", message, message.body.text)

    def used_keyboard(self) -> None:
        """Hide a keyboard that was for one time."""
        if self.keyboard and self.keyboard.one_time:
            self.keyboard = None

    def notify(self, kind: EventKind, text: str) -> None:
        """Show the answer to a press."""
        self._seen(kind, None, text)

    def find(self, message_id: int | None, purpose: str) -> Message:
        """A message of this chat.

        Raises:
            BadRequestError: there is none with this number, or not any more.
        """
        message = self.messages.get(message_id or 0)
        if message is None:
            raise BadRequestError(f"message to {purpose} not found")
        return message
