"""Our buttons as Telegram's, within Telegram's limits: the library checks almost none of them."""

from telegram import (
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestUsers,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.chat.callback_data import encode
from bot.chat.messages.message import MAX_COPIED, Button, Message

_MAX_IN_A_ROW = 8
_MOST = 100

PICK_CONTACT = 1
"""The number by which Telegram tells which button a picked contact came from."""


def reply_markup(message: Message) -> InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    """All that is attached to a message.

    Raises:
        ValueError: as ``keyboard``, or buttons below the message and below the input field at once.
    """
    if message.pick is None and not message.unpick:
        return keyboard(message.rows)
    if any(message.rows) or (message.pick is not None and message.unpick):
        raise ValueError("a message attaches one keyboard")
    if message.pick is None:
        return ReplyKeyboardRemove()
    asked = KeyboardButtonRequestUsers(PICK_CONTACT, user_is_bot=False, max_quantity=1, request_name=True)
    key = KeyboardButton(message.pick, request_users=asked)
    return ReplyKeyboardMarkup([[key]], resize_keyboard=True, one_time_keyboard=True)


def keyboard(rows: tuple[tuple[Button, ...], ...]) -> InlineKeyboardMarkup | None:
    """The keyboard for a message, without the rows that have no buttons; ``None`` when none is left.

    Raises:
        ValueError: more than Telegram takes (8 a row, 100 in all, 256 characters to copy), or a button that does not
            do exactly one thing.
    """
    # Telegram refuses a row without buttons.
    rows = tuple(row for row in rows if row)
    if not rows:
        return None
    if any(len(row) > _MAX_IN_A_ROW for row in rows) or sum(len(row) for row in rows) > _MOST:
        raise ValueError("too many buttons")
    return InlineKeyboardMarkup([[_button(button) for button in row] for row in rows])


def _button(button: Button) -> InlineKeyboardButton:
    if sum(what is not None for what in (button.callback, button.copy, button.url)) != 1:
        raise ValueError("a button does exactly one thing")
    if button.copy is not None and not 1 <= len(button.copy) <= MAX_COPIED:
        raise ValueError("too long to copy")
    return InlineKeyboardButton(
        button.text,
        callback_data=None if button.callback is None else encode(button.callback),
        copy_text=None if button.copy is None else CopyTextButton(button.copy),
        url=button.url,
        style=None if button.look == "plain" else button.look,
    )
