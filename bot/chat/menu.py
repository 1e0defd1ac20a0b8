"""The command menus, as far as Telegram lets a bot choose: for everybody, and for each person who belongs here."""

from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.chat.connection import QuietBot
from bot.chat.languages import ENGLISH, LANGUAGES, translated
from bot.chat.messages.menu import FOR_ADMINS, FOR_MEMBERS, FOR_STRANGERS
from bot.model.people import Role

_OWN = {Role.ADMIN: FOR_ADMINS, Role.MEMBER: FOR_MEMBERS}


async def set_menu_of_everybody(bot: QuietBot) -> None:
    """Set the menu of whoever has none of their own. Errors are the library's."""
    for language in LANGUAGES:
        # The one without a language is for all who speak none of them.
        code = None if language == ENGLISH else language
        commands = _commands(FOR_STRANGERS, language)
        await bot.set_my_commands(commands, scope=BotCommandScopeAllPrivateChats(), language_code=code)


async def set_menu_of(bot: QuietBot, telegram_id: int, role: Role, language: str) -> None:
    """Set the menu of one chat, in its language, or take its own away. Errors are the library's."""
    scope = BotCommandScopeChat(telegram_id)
    own = _OWN.get(role)
    if own is None:
        await bot.delete_my_commands(scope=scope)
    else:
        await bot.set_my_commands(_commands(own, language), scope=scope)


def _commands(described: tuple[tuple[str, str], ...], language: str) -> list[BotCommand]:
    return [BotCommand(name, translated(language, description)) for name, description in described]
