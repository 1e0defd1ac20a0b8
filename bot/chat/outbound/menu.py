"""The command menus, as far as Telegram lets a bot choose: for everybody, and for each person who belongs here."""

import hashlib
import json
from functools import lru_cache

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.chat.languages import ENGLISH, LANGUAGES, translated
from bot.chat.messages.menu import FOR_ADMINS, FOR_MEMBERS, FOR_STRANGERS
from bot.chat.outbound.connection import RedactedBot
from bot.model.people.people import Role

_OWN = {Role.ADMIN: FOR_ADMINS, Role.MEMBER: FOR_MEMBERS}


async def set_menu_of_everybody(bot: RedactedBot) -> None:
    """Set the menu of whoever has none of their own. Errors are the library's."""
    for language in LANGUAGES:
        # The one without a language is for all who speak none of them.
        code = None if language == ENGLISH else language
        commands = _commands(FOR_STRANGERS, language)
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code)


async def set_menu_of(bot: RedactedBot, telegram_id: int, role: Role, language: str) -> None:
    """Set the menu of one chat, in its language, or take its own away. Errors are the library's."""
    scope = BotCommandScopeChat(telegram_id)
    own = _OWN.get(role)
    if own is None:
        await bot.delete_my_commands(scope=scope)
    else:
        await bot.set_my_commands(_commands(own, language), scope=scope)


@lru_cache(maxsize=256)
def fingerprint_of(bot_id: int, role: Role, language: str) -> str:
    """Another one for another menu. It holds the bot's number: a new bot shows none of what the last one did."""
    own = _OWN.get(role)
    return _fingerprint(bot_id, [] if own is None else [_described(own, language)])


@lru_cache(maxsize=256)
def fingerprint_of_everybody(bot_id: int) -> str:
    """The same for whoever has no menu of their own."""
    return _fingerprint(bot_id, [_described(FOR_STRANGERS, language) for language in LANGUAGES])


def _fingerprint(bot_id: int, menus: list[list[tuple[str, str]]]) -> str:
    return hashlib.sha256(json.dumps([bot_id, menus]).encode()).hexdigest()


def _described(described: tuple[tuple[str, str], ...], language: str) -> list[tuple[str, str]]:
    return [(name, translated(language, description)) for name, description in described]


def _commands(described: tuple[tuple[str, str], ...], language: str) -> list[BotCommand]:
    return [BotCommand(name, description) for name, description in _described(described, language)]
