"""Reply markup: the limits of keyboards, and the buttons as a phone shows them."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.telegram.errors import BadRequestError

ButtonKind = Literal["callback", "url", "copy"]

_MAX_BUTTONS = 100
_MAX_IN_ROW = 8
_MAX_DATA_BYTES = 64
_MAX_COPIED = 256
_MAX_PLACEHOLDER = 64
_MAX_PICKED = 10
_STYLES = frozenset({"primary", "success", "danger"})
_ACTIONS = ("callback_data", "url", "copy_text")
_ADDRESS = re.compile(r"(?:https?|tg)://[^\s/?#]\S*|[\w-]+(?:\.[\w-]+)+(?:[/?#]\S*)?", re.IGNORECASE)


@dataclass(frozen=True)
class ShownButton:
    """A button under a message; ``value`` is the callback data, the address, or what is copied."""

    text: str
    kind: ButtonKind
    value: str
    style: str | None = None


Rows = tuple[tuple[ShownButton, ...], ...]


@dataclass(frozen=True)
class ReplyKey:
    """A button below the input field: it sends its text, or lets the person pick ``most`` contacts at most
    for the request ``request_id``.
    """

    text: str
    request_id: int | None = None
    most: int = 0
    with_name: bool = False
    with_username: bool = False
    style: str | None = None


@dataclass(frozen=True)
class ReplyKeyboard:
    """Buttons below the input field; ``one_time`` ones hide once one of them was used."""

    rows: tuple[tuple[ReplyKey, ...], ...]
    one_time: bool = False

    @property
    def keys(self) -> tuple[ReplyKey, ...]:
        """All buttons."""
        return tuple(key for row in self.rows for key in row)


@dataclass(frozen=True)
class Markup:
    """What a bot attached: inline rows, or what is done to the keyboard and makes the message uneditable."""

    rows: Rows = ()
    inline: dict[str, Any] | None = None
    replaces_keyboard: bool = False
    keyboard: ReplyKeyboard | None = None
    removes_keyboard: bool = False


def markup(sent: dict[str, Any] | None, *, private: bool = True) -> Markup:
    """The reply markup of a call, checked; ``private``: for a chat with one person.

    Raises:
        BadRequestError: a keyboard beyond Telegram's limits, or one that is not for this kind of chat.
    """
    if sent is None:
        return Markup()
    if "keyboard" in sent:
        return Markup(replaces_keyboard=True, keyboard=_reply_keyboard(sent, private=private))
    if "inline_keyboard" not in sent:
        return Markup(replaces_keyboard=True, removes_keyboard="remove_keyboard" in sent)
    rows = sent["inline_keyboard"]
    _check_rows(rows)
    if sum(len(row) for row in rows) > _MAX_BUTTONS:
        raise BadRequestError("reply markup is too long")
    if any(len(row) > _MAX_IN_ROW for row in rows):
        raise BadRequestError(f"more than {_MAX_IN_ROW} buttons in a row")
    shown = tuple(tuple(_button(button) for button in row) for row in rows)
    return Markup(shown, {"inline_keyboard": rows}) if rows else Markup()


def _check_rows(rows: list[list[Any]]) -> None:
    """No rows at all are no keyboard; a row without buttons is an error."""
    if not all(rows):
        raise BadRequestError("reply markup has an empty row of buttons")


def _reply_keyboard(sent: dict[str, Any], *, private: bool) -> ReplyKeyboard:
    _check_rows(sent["keyboard"])
    rows = tuple(tuple(_reply_key(key, private=private) for key in row) for row in sent["keyboard"])
    keyboard = ReplyKeyboard(rows, one_time=sent.get("one_time_keyboard", False))
    asked = [key.request_id for key in keyboard.keys if key.request_id is not None]
    if len(set(asked)) < len(asked):
        raise BadRequestError("button request identifiers must be unique in a message")
    if not keyboard.keys:
        raise BadRequestError("reply keyboard has no buttons")
    if not 1 <= len(sent.get("input_field_placeholder", "-")) <= _MAX_PLACEHOLDER:
        raise BadRequestError("input field placeholder has 1 to 64 characters")
    return keyboard


def _reply_key(key: dict[str, Any], *, private: bool) -> ReplyKey:
    if not key["text"].strip():
        raise BadRequestError("keyboard button text must be non-empty")
    if key.get("style") is not None and key["style"] not in _STYLES:
        raise BadRequestError("invalid button style specified")
    asked = key.get("request_users")
    if asked is None:
        return ReplyKey(key["text"], style=key.get("style"))
    if not private:
        raise BadRequestError("users can be requested in private chats only")
    if not -(2**31) <= asked["request_id"] < 2**31:
        raise BadRequestError("request_id is a signed 32-bit number")
    if asked.get("user_is_bot") is not False:
        raise BadRequestError("only people can be picked here: user_is_bot must be false")
    most = asked.get("max_quantity", 1)
    if not 1 <= most <= _MAX_PICKED:
        raise BadRequestError("BUTTON_USERS_QUANTITY_INVALID")
    return ReplyKey(
        key["text"],
        asked["request_id"],
        most,
        asked.get("request_name", False),
        asked.get("request_username", False),
        key.get("style"),
    )


def _button(button: dict[str, Any]) -> ShownButton:
    text, style = button["text"], button.get("style")
    if not text.strip():
        raise BadRequestError("inline keyboard button text is empty")
    actions = [action for action in _ACTIONS if action in button]
    if not actions:
        raise BadRequestError("text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise BadRequestError("inline keyboard button must have exactly one action")
    if style is not None and style not in _STYLES:
        raise BadRequestError("invalid button style specified")
    if "callback_data" in button:
        if not 1 <= len(button["callback_data"].encode()) <= _MAX_DATA_BYTES:
            raise BadRequestError("BUTTON_DATA_INVALID")
        return ShownButton(text, "callback", button["callback_data"], style)
    if "url" in button:
        if not _ADDRESS.fullmatch(button["url"]):
            raise BadRequestError(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
        return ShownButton(text, "url", button["url"], style)
    if not 1 <= len(button["copy_text"]["text"]) <= _MAX_COPIED:
        raise BadRequestError("BUTTON_COPY_TEXT_INVALID")
    return ShownButton(text, "copy", button["copy_text"]["text"], style)
