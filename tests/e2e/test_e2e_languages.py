"""Each person reads their own language: Telegram's, until they choose one."""

from pathlib import Path

import pytest

from bot.chat.languages import LANGUAGES, translated
from bot.chat.messages.menu import FOR_ADMINS
from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests.household import Household

ADMIN = frozenset({"admin"})


@pytest.mark.parametrize("language", LANGUAGES)
async def test_telegrams_language_until_another_is_chosen(language: str, tmp_path: Path) -> None:
    async with World(tmp_path, bot=SandboxBot, people=[Person("Anna", ADMIN, language=f"{language}-XX")]) as world:
        home = Household(world)
        await home.say("Anna", "/language")
        assert home.newest("Anna").text == translated(language, "Which language shall I speak to you?")
        assert home.phone("Anna").menu[0] == ("newcert", translated(language, dict(FOR_ADMINS)["newcert"]))
        await home.tap("Anna", "Deutsch")
        chosen = translated("de", "From now on I speak English to you. /help shows what I can do.")
        assert home.newest("Anna").text == chosen
        await home.say("Anna", "/language")
        assert home.newest("Anna").text == translated("de", "Which language shall I speak to you?")
        assert home.phone("Anna").menu[0] == ("newcert", translated("de", dict(FOR_ADMINS)["newcert"]))
