"""Each person reads their own language: Telegram's, until they choose one."""

from pathlib import Path

import pytest

from bot.chat.languages import LANGUAGES, translated
from bot.chat.messages.menu import FOR_ADMINS
from bot.errors import StoreUnavailable
from bot.model.results import LanguageNow
from bot.services.people import preferences
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


async def test_a_refusal_that_is_too_long_for_a_popup_is_said_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def stuck(*_args: object) -> LanguageNow:
        raise StoreUnavailable("full")

    async with World(tmp_path, bot=SandboxBot, people=[Person("Anna", ADMIN, language="de")]) as world:
        home = Household(world)
        await home.say("Anna", "/language")
        monkeypatch.setattr(preferences, "choose_language", stuck)
        seen = await home.tap("Anna", "Deutsch")
        assert [event.kind for event in seen] == ["new"]
        assert seen[0].text.endswith("versuch es noch einmal, wenn es behoben ist.")
