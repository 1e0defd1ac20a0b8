"""Our buttons as Telegram's, within Telegram's limits: the library checks almost none of them."""

from telegram import CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup

from bot.chat.messages.form import Button
from bot.chat.messages.issuing import MOST_COPIED
from bot.chat.press import encode

_MOST_IN_A_ROW = 8
_MOST = 100


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The keyboard for a message; ``None`` without buttons.

    Raises:
        ValueError: more than Telegram takes (8 a row, 100 in all, 256 characters to copy), or a button that does not
            do exactly one thing.
    """
    if not rows:
        return None
    if any(len(row) > _MOST_IN_A_ROW for row in rows) or sum(len(row) for row in rows) > _MOST:
        raise ValueError("too many buttons")
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if sum(what is not None for what in (button.press, button.copy, button.url)) != 1:
        raise ValueError("a button does exactly one thing")
    if button.copy is not None and not 1 <= len(button.copy) <= MOST_COPIED:
        raise ValueError("too long to copy")
    return InlineKeyboardButton(
        button.text,
        callback_data=None if button.press is None else encode(button.press),
        copy_text=None if button.copy is None else CopyTextButton(button.copy),
        url=button.url,
        style=None if button.look == "plain" else button.look,
    )
