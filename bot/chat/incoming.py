"""What came in, in our own words: from a raw update to one of a few small types."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot.model.chat import MessageRef
from bot.model.names import shown_name
from bot.model.people import Account

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What is asked for. Edited messages are not: a text edited into a command must do nothing."""


@dataclass(frozen=True)
class TextSent:
    """A text in the sender's private chat with the bot."""

    account: Account
    text: str
    sent_at: datetime
    forwarded: bool
    message: MessageRef
    reply_to: int | None = None
    """The number of the message it answers, where Telegram tells it."""


@dataclass(frozen=True)
class FileSent:
    """A file in the private chat. ``file_id`` opens it to whoever has the token: never logged, never stored."""

    account: Account
    message: MessageRef
    size: int | None
    sent_at: datetime
    file_id: str = field(repr=False)
    name: str = ""
    caption: str = ""


@dataclass(frozen=True)
class CaptionSent:
    """Words under a picture or the like, which is no business of ours."""

    account: Account
    message: MessageRef
    text: str


@dataclass(frozen=True)
class UsersShared:
    """Contacts picked by a button below the input field. Untrusted: nothing ties it to a button of ours. The bot
    may have no way to write to them yet. ``language`` of a picked account is not told; it reads "en".
    """

    account: Account
    request_id: int
    users: tuple[Account, ...]
    sent_at: datetime


@dataclass(frozen=True)
class Pressed:
    """A press. ``message`` is ``None`` where Telegram no longer shows us the message."""

    account: Account
    query_id: str
    data: str
    message: MessageRef | None


@dataclass(frozen=True)
class Blocked:
    """Somebody blocked the bot."""

    telegram_id: int


@dataclass(frozen=True)
class CameBack:
    """Somebody who had blocked the bot lets it write again."""

    account: Account


@dataclass(frozen=True)
class InGroup:
    """A command in a group."""

    chat_id: int


@dataclass(frozen=True)
class Nothing:
    """Nothing for us: joins, channel posts, edits, other people's chats."""


Addressed = TextSent | FileSent | CaptionSent | UsersShared | Pressed
"""What somebody says to the bot in their own chat."""

Incoming = Addressed | Blocked | CameBack | InGroup | Nothing


def sender(update: dict[str, Any]) -> int | None:
    """The account an update belongs to; ``None`` when it is nobody's."""
    for kind in ALLOWED_UPDATES:
        who = (update.get(kind) or {}).get("from")
        if isinstance(who, dict) and isinstance(who.get("id"), int):
            return int(who["id"])
    return None


def read(body: bytes) -> Incoming:
    """Read a raw update. What is not of the expected form is ``Nothing``."""
    update = json.loads(body)
    if "callback_query" in update:
        return _press(update["callback_query"])
    if "my_chat_member" in update:
        return _membership(update["my_chat_member"])
    return _message(update["message"]) if "message" in update else Nothing()


def _message(message: dict[str, Any]) -> Incoming:
    account = _account(message.get("from"))
    if account is None or "sender_chat" in message:
        return Nothing()
    chat = message["chat"]
    text = message.get("text")
    if chat["type"] in {"group", "supergroup"}:
        return InGroup(chat["id"]) if isinstance(text, str) and text.startswith("/") else Nothing()
    if chat["type"] != "private" or chat["id"] != account.telegram_id:
        return Nothing()
    sent_at = datetime.fromtimestamp(message["date"], UTC)
    ref = MessageRef(chat["id"], message["message_id"])
    if isinstance(text, str):
        forwarded = "forward_origin" in message or "via_bot" in message
        reply_to = (message.get("reply_to_message") or {}).get("message_id")
        return TextSent(account, text, sent_at, forwarded, ref, reply_to)
    shared = message.get("users_shared")
    if isinstance(shared, dict):
        return UsersShared(account, shared["request_id"], tuple(map(_picked, shared["users"])), sent_at)
    document, caption = message.get("document"), _words(message.get("caption"))
    if isinstance(document, dict):
        name = _words(document.get("file_name"))
        return FileSent(account, ref, document.get("file_size"), sent_at, document["file_id"], name, caption)
    return CaptionSent(account, ref, caption) if caption else Nothing()


def _words(text: Any) -> str:
    return text if isinstance(text, str) else ""


def _press(query: dict[str, Any]) -> Incoming:
    account = _account(query.get("from"))
    data = query.get("data")
    if account is None or not isinstance(data, str):
        return Nothing()
    message = query.get("message") or {}
    # Date 0 marks a message that Telegram no longer shows (Bot API, InaccessibleMessage).
    own = message.get("date", 0) != 0 and (message.get("chat") or {}).get("id") == account.telegram_id
    return Pressed(account, query["id"], data, MessageRef(account.telegram_id, message["message_id"]) if own else None)


def _membership(change: dict[str, Any]) -> Incoming:
    private = (change.get("chat") or {}).get("type") == "private"
    status = (change.get("new_chat_member") or {}).get("status")
    if private and status == "kicked":
        return Blocked(change["chat"]["id"])
    account = _account(change.get("from"))
    return CameBack(account) if private and status == "member" and account is not None else Nothing()


def _picked(user: dict[str, Any]) -> Account:
    return Account(telegram_id=user["user_id"], name=_name(user), language="en")


def _account(who: Any) -> Account | None:
    if not isinstance(who, dict) or who.get("is_bot") is not False:
        return None
    return Account(telegram_id=who["id"], name=_name(who), language=who.get("language_code") or "en")


def _name(user: dict[str, Any]) -> str:
    return shown_name(" ".join(part for part in (user.get("first_name"), user.get("last_name")) if part))
