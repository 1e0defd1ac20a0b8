"""Floods: whoever belongs here is answered before those who flood, and the bot stays small.

How fast that is beside a bare fetching of the same flood: ``make bench``.
"""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.telegram import Phone
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process, shown
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.preloaded import Running

ACCOUNTS, MESSAGES = 1_000, 10
FROM_AN_ADMIN = 3_000
MOST_MEGABYTES_MORE = 40


@pytest.fixture
async def botless(tmp_path: Path) -> AsyncIterator[World]:
    people = (Person("Anna", frozenset({"admin"})), Person("Ben", frozenset({"admin"})))
    async with World(tmp_path / "world", people=people) as world:
        yield world


def strangers(world: World) -> list[Phone]:
    return [world.telegram.join("S" * 64 + str(n), user_id=200_000 + n) for n in range(ACCOUNTS)]


def megabytes(process: Running) -> float:
    """What the process holds in memory now."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


async def answer(home: Household, who: str, text: str) -> int:
    """Send a text and wait until its sender's phone shows something new of the bot's; how much was not fetched then."""
    phone = home.phone(who)
    before = len(phone.events)
    phone.send(text)
    await home.until(lambda: len(phone.events) > before)
    return home.world.telegram.pending


async def test_revoke_is_answered_under_a_flood_of_strangers(botless: World) -> None:
    """10,000 messages of 1,000 accounts wait at Telegram before Anna's, and as many come after it."""
    home, crowd = Household(botless), strangers(botless)
    process = await Process.fresh(botless).start("run")
    home.phone("Anna").send("/newcert pixel8")
    await shown(home, "its certificate is here")
    before = megabytes(process)
    for number in range(MESSAGES):
        for phone in crowd:
            phone.send(f"/start {number} {'x' * 200}")
    assert botless.telegram.pending >= ACCOUNTS * MESSAGES

    revoking = asyncio.create_task(answer(home, "Anna", "/revoke pixel8"))
    await asyncio.sleep(0)
    for _ in range(MESSAGES):
        for phone in crowd:
            phone.send("and again")
    assert await revoking > ACCOUNTS * MESSAGES / 2, "most of what came after hers was waiting still"
    await home.until(lambda: botless.cloudflare.certificates[0].status == "revoked")

    # Nothing of those who belong here is lost, also behind the second half.
    await answer(home, "Ben", "/certs all")
    assert "Everybody's devices: 1" in home.texts("Ben")[-1]
    await home.until(lambda: botless.telegram.pending == 0)
    assert megabytes(process) < before + MOST_MEGABYTES_MORE
    answered = sum(any(m.from_bot for m in phone.chat) for phone in crowd)
    assert 0 < answered < ACCOUNTS / 2
    process.terminate()
    _, log = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    assert b"Traceback" not in log


async def test_revoke_is_answered_while_another_admin_floods(botless: World) -> None:
    """A phone in a thief's hands, or a bot of somebody's own."""
    home = Household(botless)
    process = await Process.fresh(botless).start("run")
    home.phone("Anna").send("/newcert pixel8")
    await shown(home, "its certificate is here")
    for number in range(FROM_AN_ADMIN):
        home.phone("Ben").send(f"/revoke nothing{number}" if number % 10 == 0 else "/certs all")
    before = len(home.phone("Ben").events)
    await answer(home, "Anna", "/revoke pixel8")
    assert len(home.phone("Ben").events) - before < FROM_AN_ADMIN / 2, "most of what came before hers was waiting still"
    process.terminate()
    await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
