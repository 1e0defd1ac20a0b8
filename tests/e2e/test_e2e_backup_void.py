"""A restored backup: what waited when it was made is void, each kind by itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.inbox import receive
from bot.services.operator import claim
from tests.e2e.test_e2e_backup import backup, restored, working
from tests.family import Family, family
from tests.patience import LAST_RESORT_SECONDS


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as home:
        yield home


async def test_an_invitation(home: Family) -> None:
    await home.say("Anna", "/invite Oma")
    link = home.newest("Anna").text.split("start=")[1].split()[0]
    await restored(home, backup(home))
    await home.say("Kim", f"/start {link}")
    assert "has been used" in home.newest("Kim").text
    assert not any("Kim" in text for text in home.texts("Anna"))


async def test_a_claim(home: Family) -> None:
    made = await claim.new_claim(home.bot.app.parts.store)
    await restored(home, backup(home))
    await home.say("Kim", f"/start {made.token}")
    assert "has been used" in home.newest("Kim").text


async def test_a_request(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    yes = home.callback("Anna", "Approve")
    await restored(home, backup(home))
    await home.tap("Ben", "Unfreeze all")
    await home.press("Anna", yes)
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.requests.outstanding() == ()
    with pytest.raises(LookupError):
        home.with_button("Tom", "Get it now")


async def test_a_permission(home: Family) -> None:
    await home.say("Tom", "/newcert tablet")
    await home.tap("Anna", "Approve")
    await home.tap("Tom", "Get it now")
    await home.tap("Tom", "Android")
    get = home.callback("Tom", "Send me the key")
    await restored(home, backup(home))
    await home.tap("Ben", "Unfreeze all")
    await home.press("Tom", get)
    assert home.live() == []


async def test_an_undo(home: Family) -> None:
    await working(home, "Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    undo = home.callback("Anna", "Undo")
    await restored(home, backup(home))
    await home.press("Anna", undo)
    await home.clock(seconds=10)
    assert home.live() == []


async def test_a_message_on_its_way(home: Family) -> None:
    refused = home.world.telegram.fault(call="sendMessage", status=500, times=0)
    await receive.notify_poll_conflict(home.bot.app.parts)
    await asyncio.wait_for(refused.reached.wait(), LAST_RESORT_SECONDS)
    await restored(home, backup(home), start=False)
    home.world.end_trouble()
    await home.world.start_bot()
    await home.clock(minutes=11)
    assert not any("Another program fetches" in text for text in home.texts("Anna"))


async def test_a_password_that_is_in_the_chat_leaves_it_all_the_same(home: Family) -> None:
    await home.say("Anna", "/newcert pixel8")
    await home.tap("Anna", "Password")
    slip = home.newest("Anna").message_id
    await restored(home, backup(home))
    assert slip in {message.message_id for message in home.phone("Anna").chat}
    await home.clock(minutes=16)
    assert slip not in {message.message_id for message in home.phone("Anna").chat}
