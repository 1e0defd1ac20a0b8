"""The command menus, as far as Telegram lets a bot choose: for everybody, and for each admin."""

import structlog
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from bot.chat.connection import QuietBot, our_errors
from bot.chat.messages.menu import FOR_ADMINS, FOR_EVERYBODY
from bot.errors import ChatTrouble
from bot.model.people import Person

_log = structlog.get_logger()


async def set_menus(bot: QuietBot, admins: tuple[Person, ...]) -> None:
    """Set the menus. Cosmetic only: a failure (an admin who never wrote to the bot) is logged and no more."""
    try:
        with our_errors():
            await bot.set_my_commands(_commands(FOR_EVERYBODY), scope=BotCommandScopeAllPrivateChats())
    except ChatTrouble as trouble:
        _log.warning("menu not set", trouble=type(trouble).__name__)
    for admin in admins:
        try:
            with our_errors():
                await bot.set_my_commands(_commands(FOR_ADMINS), scope=BotCommandScopeChat(admin.telegram_id))
        except ChatTrouble as trouble:
            _log.info("menu of an admin not set", admin=admin.public_id, trouble=type(trouble).__name__)


def _commands(described: tuple[tuple[str, str], ...]) -> list[BotCommand]:
    return [BotCommand(name, description) for name, description in described]
