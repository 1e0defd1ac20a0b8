"""Which raw updates ask to take something away: they are never too many, whoever belongs here sends them."""

from typing import Any

from bot.chat.callback_data import Unreadable, decode
from bot.chat.routes import COMMANDS, VERBS
from bot.model.people.access import Action

_TAKES_AWAY = frozenset({Action.REVOKE, Action.REPORT, Action.REPORT_OTHERS})


def takes_away(update: dict[str, Any]) -> bool:
    """Whether an update, as it came, asks to revoke or to report something lost."""
    query = update.get("callback_query")
    if isinstance(query, dict):
        press = decode(str(query.get("data", "")))
        return not isinstance(press, Unreadable) and VERBS[press.verb].action in _TAKES_AWAY
    message = update.get("message")
    text = message.get("text") if isinstance(message, dict) else None
    return isinstance(text, str) and command_of(text) in _COMMANDS


def command_of(text: str) -> str:
    """The command a text begins with, in lower case and without the bot's name; empty when there is none."""
    first = text.split(maxsplit=1)[0] if text.strip() else ""
    return first.removeprefix("/").partition("@")[0].lower() if first.startswith("/") else ""


_COMMANDS = frozenset(name for name, route in COMMANDS.items() if route.action in _TAKES_AWAY)
