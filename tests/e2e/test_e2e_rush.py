"""Everybody orders at once while strangers flood: a revoke is answered, and each order comes to its end.

``FLOOD=full`` (``make flood``) plays it in full: 10,000 messages of strangers, 200 orders at the same moment.
"""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine.database import prepare
from bot.store.engine.schema import migrate
from sandbox.bot import settings_for, write_members_down
from sandbox.telegram import Phone
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process, shown
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS

FULL = os.environ.get("FLOOD") == "full"
ACCOUNTS, MESSAGES = (1_000, 10) if FULL else (100, 10)
PEOPLE, EACH = (100, 2) if FULL else (8, 2)
ALL_WITHIN_SECONDS = 100.0
MOST_MEGABYTES_MORE = 60

NAMES = tuple(f"Member{number:03d}" for number in range(PEOPLE))


@pytest.fixture
async def botless(tmp_path: Path) -> AsyncIterator[World]:
    admins = (Person("Anna", frozenset({"admin"})), Person("Ben", frozenset({"admin"})))
    people = (*admins, *(Person(name, frozenset({"trusted"})) for name in NAMES))
    async with World(tmp_path / "world", people=people) as world:
        settings = settings_for(world.directory, world.admins)
        prepare(settings.database)
        migrate(settings.database)
        await write_members_down(world, settings)
        yield world


def megabytes(pid: int) -> float:
    """What a process holds in memory now."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def answered(phone: Phone, number: int) -> bool:
    """Whether the order of that number came to an end: the file is there, or a word that there is none."""
    texts = [message.text for message in phone.chat if message.from_bot]
    return any(f"{phone.name}-{number}" in text and not text.startswith("Making") for text in texts)


async def test_everybody_orders_at_once_while_strangers_flood(botless: World) -> None:
    home = Household(botless)
    crowd = [botless.telegram.join(f"S{n}", user_id=200_000 + n) for n in range(ACCOUNTS)]
    process = await Process(botless).start("run")
    home.phone("Anna").send("/newcert pixel8")
    await shown(home, "its certificate is here")
    before = megabytes(process.pid)

    for number in range(MESSAGES):
        for phone in crowd:
            phone.send(f"/start {number} {'x' * 200}")
    for number in range(EACH):
        for name in NAMES:
            home.phone(name).send(f"/newcert {name}-{number}")
    began, seen = time.monotonic(), len(home.phone("Anna").events)
    home.phone("Anna").send("/revoke pixel8")
    await home.until(lambda: len(home.phone("Anna").events) > seen)
    answered_after = time.monotonic() - began
    # Sent last of all, behind what came before it at Telegram; and yet it does not wait for the orders' work.
    assert sum(answered(home.phone(name), number) for name in NAMES for number in range(EACH)) < PEOPLE * EACH / 2
    pixel8 = next(one for one in botless.cloudflare.certificates if one.common_name == "pixel8")
    await home.until(lambda: pixel8.status == "revoked")
    revoked_after = time.monotonic() - began

    async with asyncio.timeout(LAST_RESORT_SECONDS):
        for name in NAMES:
            for number in range(EACH):
                while not answered(home.phone(name), number):  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0.05)
    all_after = time.monotonic() - began
    live = [one.common_name for one in botless.cloudflare.certificates if one.status == "active"]
    assert len(live) == len(set(live)) == min(botless.cloudflare.quota, PEOPLE * EACH)
    files = sum(bool(message.document) for name in NAMES for message in home.phone(name).chat)
    assert files == len(live)
    more = megabytes(process.pid) - before
    assert more < MOST_MEGABYTES_MORE
    sys.stdout.write(
        f"revoke answered after {answered_after:.1f} s, done after {revoked_after:.1f} s; "
        f"{PEOPLE * EACH} orders after {all_after:.1f} s; {more:.0f} MB more\n"
    )
    process.terminate()
    _, log = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    assert b"Traceback" not in log
