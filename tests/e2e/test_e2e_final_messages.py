"""Telegram has trouble at the very moment of the last word: it is said later, and nobody stays with “looking…”."""

from typing import Any

import pytest

from tests.household import Household
from tests.locked_household import locked

TROUBLES: list[dict[str, Any]] = [{"status": 429, "retry_after": 300}, {"drop": True}]


@pytest.mark.parametrize("trouble", TROUBLES, ids=["told to wait", "cut off"])
async def test_what_was_asked_for_is_shown_after_the_trouble(tmp_path: Any, trouble: dict[str, Any]) -> None:
    async with locked(tmp_path) as home:
        for text in ("/status", "/prove"):
            await asked_in_trouble(home, text, trouble)
            assert "🔎" not in home.newest("Anna").text
        home.world.cloudflare.issue_by_hand("stranger")
        await home.say("Anna", "/status")
        home.world.telegram.fault(call="editMessageText", times=1, **trouble)
        await home.tap("Anna", "Look at it")
        await home.clock(seconds=301)
        assert "stranger" in home.newest("Anna").text


async def asked_in_trouble(home: Household, text: str, trouble: dict[str, Any]) -> None:
    home.world.telegram.fault(call="editMessageText", times=1, **trouble)
    await home.say("Anna", text)
    await home.clock(seconds=301)
    await home.clock(seconds=10)
