"""Reply markup: the limits of inline keyboards, and the buttons as a phone shows them."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from sandbox.telegram.errors import BadRequestError

ButtonKind = Literal["callback", "url", "copy"]

_MAX_BUTTONS = 100
_MAX_IN_ROW = 8
_MAX_DATA_BYTES = 64
_MAX_COPIED = 256
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
class Markup:
    """What a bot attached: inline rows, or a keyboard that makes the message uneditable."""

    rows: Rows = ()
    inline: dict[str, Any] | None = None
    replaces_keyboard: bool = False


def markup(sent: dict[str, Any] | None) -> Markup:
    """The reply markup of a call, checked.

    Raises:
        BadRequestError: an inline keyboard beyond Telegram's limits.
    """
    if sent is None:
        return Markup()
    if "inline_keyboard" not in sent:
        return Markup(replaces_keyboard=True)
    rows = [row for row in sent["inline_keyboard"] if row]
    if sum(len(row) for row in rows) > _MAX_BUTTONS:
        raise BadRequestError("reply markup is too long")
    if any(len(row) > _MAX_IN_ROW for row in rows):
        raise BadRequestError(f"more than {_MAX_IN_ROW} buttons in a row")
    shown = tuple(tuple(_button(button) for button in row) for row in rows)
    return Markup(shown, {"inline_keyboard": rows}) if rows else Markup()


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
