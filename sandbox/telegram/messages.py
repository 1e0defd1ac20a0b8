"""Sending, editing and deleting messages."""

from datetime import timedelta
from typing import Any

from sandbox.telegram.account import Account
from sandbox.telegram.chat import Chat, Message
from sandbox.telegram.errors import BadRequestError, BotApiError
from sandbox.telegram.formatting import Formatted, formatted, utf16_length
from sandbox.telegram.keyboards import Markup, markup

# Counted in UTF-16 units, the stricter of the two readings of "characters".
MAX_TEXT = 4096
MAX_CAPTION = 1024

# Telegram deletes what is younger than two days.
_DELETABLE = timedelta(hours=48)
_MAX_DELETED = 100
_ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)

Params = dict[str, Any]


class Messages:
    """The methods that change what people see."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def send_message(self, params: Params) -> Any:
        """``sendMessage``."""
        chat = self._writable(params)
        body = _text(params, "message is too long")
        shape = _sent_markup(chat, params)
        message = self._new(chat, params, body, shape, _replied(chat, params))
        chat.add(message)
        return message.as_json()

    def send_document(self, params: Params) -> Any:
        """``sendDocument``."""
        chat = self._writable(params)
        caption = _caption(params)
        shape = _sent_markup(chat, params)
        reply_to = _replied(chat, params)
        document = self._account.files.received(params["document"])
        message = self._new(chat, params, caption, shape, reply_to)
        message.document = document
        chat.add(message)
        return message.as_json()

    def edit_text(self, params: Params) -> Any:
        """``editMessageText``; leaving the markup out takes the buttons away."""
        chat, message = self._editable(params)
        if message.document:
            raise BadRequestError("there is no text in the message to edit")
        body = _text(params, "MESSAGE_TOO_LONG")
        shape = markup(params.get("reply_markup"))
        if body.same == message.body.same and shape.inline == message.markup.inline:
            raise BadRequestError(_NOT_MODIFIED)
        message.body = body
        return self._edited(chat, message, shape)

    def edit_markup(self, params: Params) -> Any:
        """``editMessageReplyMarkup``."""
        chat, message = self._editable(params)
        shape = markup(params.get("reply_markup"))
        if shape.inline == message.markup.inline:
            raise BadRequestError(_NOT_MODIFIED)
        return self._edited(chat, message, shape)

    def edit_media(self, params: Params) -> Any:
        """``editMessageMedia``: a document in the place of a text or of another document."""
        chat, message = self._editable(params)
        media = params["media"]
        caption = _caption(media)
        shape = markup(params.get("reply_markup"))
        message.document = self._account.files.received(media["media"])
        message.body = caption
        return self._edited(chat, message, shape)

    def delete(self, params: Params) -> Any:
        """``deleteMessage``."""
        chat = self._account.chat(params["chat_id"])
        self._check_age(chat.find(params["message_id"], "delete"))
        chat.remove(params["message_id"], by_bot=True)
        return True

    def delete_many(self, params: Params) -> Any:
        """``deleteMessages``: what is not there is skipped."""
        chat = self._account.chat(params["chat_id"])
        if not 1 <= len(params["message_ids"]) <= _MAX_DELETED:
            raise BadRequestError("message identifiers are not specified")
        there = [chat.messages[each] for each in params["message_ids"] if each in chat.messages]
        for message in there:
            self._check_age(message)
        for message_id in {message.message_id: message for message in there}:
            chat.remove(message_id, by_bot=True)
        return True

    def chat_action(self, params: Params) -> Any:
        """``sendChatAction``."""
        self._writable(params)
        if params["action"] not in _ACTIONS:
            raise BadRequestError("wrong parameter action in request")
        return True

    def _writable(self, params: Params) -> Chat:
        if "chat_id" not in params:
            raise BadRequestError("chat_id is empty")
        chat = self._account.chat(params["chat_id"])
        if chat.blocked:
            raise BotApiError(403, "Forbidden: bot was blocked by the user")
        return chat

    def _editable(self, params: Params) -> tuple[Chat, Message]:
        chat = self._writable(params)
        if "message_id" not in params:
            raise BadRequestError("message identifier is not specified")
        message = chat.find(params["message_id"], "edit")
        if not message.from_bot or message.markup.replaces_keyboard:
            raise BadRequestError("message can't be edited")
        return chat, message

    def _new(self, chat: Chat, params: Params, body: Formatted, shape: Markup, reply_to: Message | None) -> Message:
        return Message(
            self._account.new_message_id(),
            chat.description,
            self._account.bot,
            self._account.clock.now(),
            body,
            markup=shape,
            reply_to=reply_to,
            quiet=params.get("disable_notification", False),
            protected=params.get("protect_content", False),
        )

    def _edited(self, chat: Chat, message: Message, shape: Markup) -> Any:
        message.markup = shape
        message.edited = self._account.clock.now()
        chat.changed(message)
        return message.as_json()

    def _check_age(self, message: Message) -> None:
        incoming_elsewhere = not message.from_bot and message.chat["type"] != "private"
        if incoming_elsewhere or self._account.clock.now() - message.date >= _DELETABLE:
            raise BadRequestError("message can't be deleted for everyone")


def _sent_markup(chat: Chat, params: Params) -> Markup:
    return markup(params.get("reply_markup"), private=chat.description["type"] == "private")


def _text(params: Params, too_long: str) -> Formatted:
    body = formatted(params["text"], params.get("parse_mode"))
    if not body.text:
        raise BadRequestError("text must be non-empty")
    if utf16_length(body.text) > MAX_TEXT:
        raise BadRequestError(too_long)
    return body


def _caption(params: Params) -> Formatted:
    body = formatted(params.get("caption", ""), params.get("parse_mode"))
    if utf16_length(body.text) > MAX_CAPTION:
        raise BadRequestError("message caption is too long")
    return body


def _replied(chat: Chat, params: Params) -> Message | None:
    wanted = params.get("reply_parameters")
    if not wanted:
        return None
    message = chat.messages.get(wanted["message_id"])
    if message is None and not wanted.get("allow_sending_without_reply"):
        raise BadRequestError("message to be replied not found")
    return message
