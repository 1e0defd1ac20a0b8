"""What came in, in our own words: from a raw update to one of a few small types."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.chat.outbound.results import is_number
from bot.model.certificates.names import shown_name
from bot.model.message_ref import MessageRef
from bot.model.people.people import Account

ALLOWED_UPDATES = ("message", "callback_query", "my_chat_member")
"""What is asked for. Edited messages are not: a text edited into a command must do nothing."""


Hand = Literal["typed", "forwarded", "proposed"]
"""Whose words it is: the sender's own, somebody else's, or what an inline bot put under the sender's thumb."""


@dataclass(frozen=True)
class TextSent:
    """A text in the sender's private chat with the bot. Only a typed one says what the sender wants."""

    account: Account
    text: str
    sent_at: datetime
    message: MessageRef
    hand: Hand = "typed"
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
    hand: Hand = "typed"
    """A forwarded one is meant: that is how a file comes over from one's other chats."""


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
class ButtonPressed:
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
    """Nothing for us: joins, other people's chats, what somebody says in the name of a channel."""


@dataclass(frozen=True)
class Unasked:
    """Of a kind that was not asked for: channel posts, edits. Telegram may have kept it from before it was told."""


class OddUpdate(ValueError):
    """An update that is not as the Bot API describes it. Says where, and nothing of what is in it."""


Addressed = TextSent | FileSent | CaptionSent | UsersShared | ButtonPressed
"""What somebody says to the bot in their own chat."""

Incoming = Addressed | Blocked | CameBack | InGroup | Nothing | Unasked


def sender(update: dict[str, Any]) -> int | None:
    """The account an update belongs to; ``None`` when it is nobody's. Never raises, whatever came."""
    for kind in ALLOWED_UPDATES:
        part = update.get(kind)
        who = part.get("from") if isinstance(part, dict) else None
        if isinstance(who, dict) and is_number(number := who.get("id")):
            return number
    return None


def read(body: bytes) -> Incoming:
    """Read a raw update.

    Raises:
        OddUpdate: it is not of the form that the Bot API describes.
    """
    try:
        update = _Update.model_validate_json(body)
        if update.callback_query is not None:
            return _press(update.callback_query)
        if update.my_chat_member is not None:
            return _membership(update.my_chat_member)
        return Unasked() if update.message is None else _message(update.message)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise OddUpdate(f"{'.'.join(map(str, first['loc']))}: {first['type']}") from None


# Telegram's numbers of people and chats have 52 bits at most, those of messages 32 (Bot API, User, Chat, Message).
_Number = Annotated[int, Field(gt=-(2**52), lt=2**52)]
_Positive = Annotated[int, Field(gt=0, lt=2**52)]
_Moment = Annotated[int, Field(ge=0, lt=2**33)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore", hide_input_in_errors=True)


class _User(_Part):
    id: _Positive
    is_bot: bool
    first_name: str = ""
    last_name: str = ""
    language_code: str = ""


class _Picked(_Part):
    user_id: _Positive
    first_name: str = ""
    last_name: str = ""


class _Shared(_Part):
    request_id: _Number
    users: tuple[_Picked, ...]


class _Chat(_Part):
    id: _Number
    type: str


class _Document(_Part):
    file_id: Annotated[str, Field(min_length=1)]
    file_size: Annotated[int, Field(ge=0)] | None = None
    file_name: str | None = None


class _Answered(_Part):
    message_id: Annotated[int, Field(ge=0, lt=2**52)]


class _Message(_Part):
    message_id: Annotated[int, Field(ge=0, lt=2**52)]
    date: _Moment
    chat: _Chat
    sender: _User | None = Field(default=None, alias="from")
    sender_chat: Any = None
    forward_origin: Any = None
    via_bot: Any = None
    text: str | None = None
    caption: str | None = None
    users_shared: _Shared | None = None
    document: _Document | None = None
    reply_to_message: _Answered | None = None

    @property
    def hand(self) -> Hand:
        if self.via_bot is not None:
            return "proposed"
        return "typed" if self.forward_origin is None else "forwarded"


class _Pressable(_Part):
    message_id: _Positive
    date: _Moment
    chat: _Chat


class _Query(_Part):
    id: str
    sender: _User = Field(alias="from")
    data: str | None = None
    message: _Pressable | None = None


class _Member(_Part):
    status: str


class _Membership(_Part):
    chat: _Chat
    new_chat_member: _Member
    sender: _User | None = Field(default=None, alias="from")


class _Update(_Part):
    message: _Message | None = None
    callback_query: _Query | None = None
    my_chat_member: _Membership | None = None


def _message(message: _Message) -> Incoming:
    if message.sender is None or message.sender.is_bot or message.sender_chat is not None:
        return Nothing()
    account, chat, text = _account(message.sender), message.chat, message.text
    if chat.type in {"group", "supergroup"}:
        return InGroup(chat.id) if text is not None and text.startswith("/") else Nothing()
    if chat.type != "private" or chat.id != account.telegram_id:
        return Nothing()
    return _in_private(message, account)


def _in_private(message: _Message, account: Account) -> Incoming:
    sent_at = datetime.fromtimestamp(message.date, UTC)
    ref, caption = MessageRef(message.chat.id, message.message_id), message.caption or ""
    if message.text is not None:
        answered = message.reply_to_message.message_id if message.reply_to_message else None
        return TextSent(account, message.text, sent_at, ref, message.hand, answered)
    if message.users_shared is not None:
        users = tuple(map(_picked, message.users_shared.users))
        return UsersShared(account, message.users_shared.request_id, users, sent_at)
    if message.document is not None:
        document = message.document
        name = document.file_name or ""
        return FileSent(account, ref, document.file_size, sent_at, document.file_id, name, caption, message.hand)
    return CaptionSent(account, ref, caption) if caption else Nothing()


def _press(query: _Query) -> Incoming:
    if query.sender.is_bot or query.data is None:
        return Nothing()
    account, message = _account(query.sender), query.message
    # Date 0 marks a message that Telegram no longer shows (Bot API, InaccessibleMessage).
    own = message is not None and message.date != 0 and message.chat.id == account.telegram_id
    ref = MessageRef(account.telegram_id, message.message_id) if message is not None and own else None
    return ButtonPressed(account, query.id, query.data, ref)


def _membership(change: _Membership) -> Incoming:
    private, status = change.chat.type == "private", change.new_chat_member.status
    if private and status == "kicked":
        return Blocked(change.chat.id)
    return CameBack(_account(change.sender)) if private and status == "member" and change.sender else Nothing()


def _picked(user: _Picked) -> Account:
    return Account(telegram_id=user.user_id, name=_name(user), language="en")


def _account(who: _User) -> Account:
    return Account(telegram_id=who.id, name=_name(who), language=who.language_code or "en")


def _name(user: _User | _Picked) -> str:
    return shown_name(" ".join(part for part in (user.first_name, user.last_name) if part))
