"""A person's side: a phone that writes, taps and shows what the bot did."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.account import Account, Tap
from sandbox.telegram.chat import ChatEvent, Message, ShownMessage
from sandbox.telegram.formatting import Entity, Formatted, plain
from sandbox.telegram.keyboards import ReplyKey, ReplyKeyboard

_COMMAND = re.compile(r"/[A-Za-z0-9_]{1,32}(?:@\w+)?(?!\S)")


@dataclass(frozen=True)
class Contact:
    """Somebody in a phone's contacts, with the bot in their phone or without."""

    user_id: int
    first_name: str
    username: str | None = None


class Phone:
    """One Telegram account; the bot may write to it once it has pressed Start, which ``started`` says."""

    def __init__(
        self, account: Account, *, user_id: int, name: str, language: str, username: str | None, started: bool = True
    ) -> None:
        self.user_id = user_id
        self.name = name
        self.language = language
        self.username = username
        self._account = account
        named = {"first_name": name} | ({"username": username} if username else {})
        self._user: dict[str, Any] = {"id": user_id, "is_bot": False, **named, "language_code": language}
        self._chat = account.open_chat({"id": user_id, "type": "private", **named})
        self._chat.started = started

    @property
    def chat(self) -> list[ShownMessage]:
        """The messages now visible, oldest first."""
        return [message.shown() for message in self._chat.messages.values()]

    @property
    def events(self) -> list[ChatEvent]:
        """What this phone saw from the bot, oldest first."""
        return [event for user_id, event in self._account.events if user_id == self.user_id]

    @property
    def contact(self) -> Contact:
        """This account as others have it in their contacts."""
        return Contact(self.user_id, self.name, self.username)

    @property
    def keyboard(self) -> ReplyKeyboard | None:
        """The buttons now below the input field."""
        return self._chat.keyboard

    @property
    def blocked(self) -> bool:
        """Whether this person has blocked the bot."""
        return self._chat.blocked

    @property
    def menu(self) -> tuple[tuple[str, str], ...]:
        """The commands this person's app offers: (command, description), the narrowest scope first."""
        for scope in (f"chat:{self.user_id}", "all_private_chats", "default"):
            for language in (self.language, ""):
                if menu := self._account.commands.get((scope, language)):
                    return menu
        return ()

    def send(self, text: str, *, reply_to: int | None = None, forwarded: bool = False, via: str = "") -> int:
        """Write to the bot, or send what the inline bot ``via`` proposed; returns the message's number."""
        if not text.strip():
            raise ValueError("the app sends no empty message")
        message = self._message(_typed(text))
        message.reply_to = self._found(reply_to) if reply_to else None
        if forwarded:
            message.forward_origin = {
                "type": "hidden_user",
                "sender_user_name": "Somebody else",
                "date": int(message.date.timestamp()),
            }
        message.via_bot = _inline_bot(via)
        return self._sent(message)

    def send_document(self, filename: str, data: bytes, caption: str | None = None, *, via: str = "") -> int:
        """Send the bot a file, or one that the inline bot ``via`` proposed; returns the message's number."""
        message = self._message(_typed(caption or ""))
        message.document = self._account.files.keep(filename, data)
        message.via_bot = _inline_bot(via)
        return self._sent(message)

    def edit(self, message_id: int, text: str) -> None:
        """Change an own message."""
        self._awake()
        message = self._found(message_id)
        if message.from_bot:
            raise LookupError(f"message {message_id} is the bot's")
        message.body = _typed(text)
        message.edited = self._account.clock.now()
        self._account.updates.add({"edited_message": message.as_json()})

    def tap(self, message_id: int, button: str) -> Tap:
        """Tap a button by its text.

        Raises:
            LookupError: no such message or button; names the buttons there are.
        """
        shown = [each for row in self._found(message_id).markup.rows for each in row]
        for each in shown:
            if each.text == button:
                if each.kind == "callback":
                    return self.press(message_id, each.value)
                return Tap(kind=each.kind, value=each.value, user_id=self.user_id)
        raise LookupError(f"no button {button!r} here, only {[each.text for each in shown]}")

    def use_key(self, text: str) -> int:
        """Tap a button below the input field that sends its text; returns the message's number.

        Raises:
            LookupError: there is no such button.
        """
        if self._key(text).request_id is not None:
            raise LookupError(f"{text!r} does not send a text: it lets one pick people")
        self._chat.used_keyboard()
        return self.send(text)

    def share_users(self, button: str, users: Sequence[Contact]) -> int:
        """Tap a button that lets one pick people, and pick these; returns the service message's number.

        Raises:
            LookupError: there is no such button.
            ValueError: nobody was picked, or more than the app lets one pick.
        """
        key = self._key(button)
        if key.request_id is None:
            raise LookupError(f"{button!r} lets nobody pick people")
        if not 1 <= len({user.user_id for user in users}) == len(users) <= key.most:
            raise ValueError(f"the app lets one pick 1 to {key.most} people")
        self._chat.used_keyboard()
        return self.forge_users_shared(key.request_id, [_shared(key, user) for user in users])

    def forge_users_shared(self, request_id: int, users: Sequence[dict[str, Any]]) -> int:
        """Send a service message as a changed app could, whatever buttons there are."""
        names = ", ".join(str(user.get("first_name", user.get("user_id"))) for user in users)
        message = self._message(plain(f"You shared {names} with the bot"))
        message.users_shared = {"request_id": request_id, "users": list(users)}
        return self._sent(message)

    def _key(self, text: str) -> ReplyKey:
        keys = self._chat.keyboard.keys if self._chat.keyboard else ()
        for key in keys:
            if key.text == text:
                return key
        raise LookupError(f"no button {text!r} below the input field, only {[key.text for key in keys]}")

    def press(self, message_id: int, data: str, *, inaccessible: bool = False) -> Tap:
        """Send any callback data as a forged app would; an inaccessible message has no content and date 0."""
        self._awake()
        if inaccessible:
            message = {"chat": self._chat.description, "message_id": message_id, "date": 0}
        else:
            message = self._found(message_id).as_json()
        return self._account.press(self._user, message, data)

    def file(self, message_id: int) -> bytes:
        """The bytes of a message's file.

        Raises:
            LookupError: no such message, or it carries no file.
        """
        document = self._found(message_id).document
        if document is None:
            raise LookupError(f"message {message_id} carries no file")
        return document.data

    def delete(self, message_id: int) -> None:
        """Delete a message on both sides; bots are not told."""
        self._found(message_id)
        self._chat.remove(message_id, by_bot=False)

    def block(self) -> None:
        """Block the bot."""
        self._member("member", "kicked")
        self._chat.blocked = True

    def unblock(self) -> None:
        """Start the bot again."""
        self._member("kicked", "member")
        self._chat.blocked = False

    def _member(self, before: str, after: str) -> None:
        def member(status: str) -> dict[str, Any]:
            until = {"until_date": 0} if status == "kicked" else {}
            return {"user": self._account.bot, "status": status, **until}

        if (before == "kicked") is not self._chat.blocked:
            raise RuntimeError(f"{self.name} has{'' if self._chat.blocked else ' not'} blocked the bot")
        change = {
            "chat": self._chat.description,
            "from": self._user,
            "date": int(self._account.clock.now().timestamp()),
            "old_chat_member": member(before),
            "new_chat_member": member(after),
        }
        self._account.updates.add({"my_chat_member": change})

    def _awake(self) -> None:
        if self._chat.blocked:
            raise RuntimeError(f"{self.name} has blocked the bot")

    def _found(self, message_id: int) -> Message:
        message = self._chat.messages.get(message_id)
        if message is None:
            raise LookupError(f"no message {message_id} in {self.name}'s chat")
        return message

    def _message(self, body: Formatted) -> Message:
        self._awake()
        return Message(
            self._account.new_message_id(),
            self._chat.description,
            self._user,
            self._account.clock.now(),
            body,
        )

    def _sent(self, message: Message) -> int:
        self._chat.started = True
        self._chat.add(message)
        self._account.updates.add({"message": message.as_json()})
        return message.message_id


def _inline_bot(username: str) -> dict[str, Any] | None:
    return {"id": 99, "is_bot": True, "first_name": username, "username": username} if username else None


def _shared(key: ReplyKey, user: Contact) -> dict[str, Any]:
    told: dict[str, Any] = {"user_id": user.user_id}
    if key.with_name:
        told["first_name"] = user.first_name
    if key.with_username and user.username:
        told["username"] = user.username
    return told


def _typed(text: str) -> Formatted:
    body = plain(text)
    command = _COMMAND.match(body.text)
    if not command:
        return body
    entity: Entity = {"type": "bot_command", "offset": 0, "length": command.end()}
    return Formatted(body.text, (entity,), body.html)
