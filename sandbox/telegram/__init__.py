"""A stand-in for Telegram: a strict Bot API server and the phones of the people who talk to the bot."""

from sandbox.telegram.account import Tap
from sandbox.telegram.chat import ChatEvent, ShownDocument, ShownMessage
from sandbox.telegram.keyboards import ShownButton
from sandbox.telegram.phone import Contact, Phone
from sandbox.telegram.server import TelegramStandin

__all__ = [
    "ChatEvent",
    "Contact",
    "Phone",
    "ShownButton",
    "ShownDocument",
    "ShownMessage",
    "Tap",
    "TelegramStandin",
]
