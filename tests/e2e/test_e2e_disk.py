"""The disk and the clock against the bot: a clear word, nothing half done, nothing lost, nothing open for longer."""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from bot.store import database
from sandbox.faults import Fault
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process, shown
from tests.household import Household
from tests.store.open_store import opened

STUCK = "I cannot write anything down right now: the disk I write to refuses."
FILE = "latchkey.sqlite3"


@pytest.fixture
async def botless(tmp_path: Path) -> AsyncIterator[World]:
    async with World(tmp_path / "world", people=(Person("Anna", frozenset({"admin"})),)) as world:
        yield world


async def is_whole(directory: Path) -> bool:
    async with opened(directory) as store, store.read() as tx:
        return await tx.audit.first_broken() is None


async def test_a_full_disk_is_told_and_nothing_is_lost(botless: World) -> None:
    home, program = Household(botless), Process(botless)
    process = await program.start("run")
    home.phone("Anna").send("/newcert pixel8")
    await shown(home, "its certificate is here")
    # From now on no file grows: as on a full disk, but for this program alone.
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))
    for _ in range(2):
        home.phone("Anna").send("/newcert tablet")
    assert "Nothing was changed." in await shown(home, STUCK)
    assert home.live() == ["pixel8"]
    resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    await shown(home, "tablet – its certificate is here")
    assert sum(STUCK in text for text in home.texts("Anna")) == 1
    assert home.live() == ["pixel8", "tablet"]
    process.terminate()
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert b"The disk refuses: the database cannot be read or written." in said
    assert b"Traceback" not in said
    assert await is_whole(botless.directory / "bot")


async def test_told_to_stop_with_everything_held_up_it_stops_in_time(botless: World) -> None:
    home, program = Household(botless), Process(botless)
    process = await program.start("run")
    sign = Fault(call="POST *client_certificates*", when="before", hold=True)
    send = Fault(call="sendMessage", when="after", hold=True, times=0)
    botless.cloudflare.faults.append(sign)
    home.phone("Anna").send("/newcert pixel8")
    await asyncio.wait_for(sign.reached.wait(), 30)
    botless.telegram.faults.append(send)
    home.phone("Anna").send("/certs")
    await asyncio.wait_for(send.reached.wait(), 30)
    process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0
    assert b"Traceback" not in said
    botless.end_trouble()
    process = await program.start("run")
    await home.until(lambda: "pixel8" in " ".join(home.texts("Anna")))
    await home.until(lambda: len(home.live()) <= 1 and any("pixel8" in text for text in home.texts("Anna")))
    process.terminate()
    await asyncio.wait_for(process.communicate(), 20)
    assert await is_whole(botless.directory / "bot")


async def test_a_database_held_by_another_program(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_MILLISECONDS", 50)
    await home.restart()
    with closing(sqlite3.connect(home.bot.settings.database)) as other:
        other.execute("BEGIN IMMEDIATE")
        home.phone("Anna").send("/newcert pixel8")
        await home.until(lambda: any("another program holds my database" in text for text in home.texts("Anna")))
        assert home.live() == []
    home.world.clock.plus(timedelta(seconds=40))
    await home.until(lambda: home.live() == ["pixel8"])
    await home.settle()
    assert await is_whole(home.bot.settings.database.parent)


async def test_a_disk_that_takes_nothing_between_cloudflares_yes_and_ours(home: Household) -> None:
    """The certificate exists, and it cannot be written down: in the end there is one, and its file."""
    sign = Fault(call="POST *client_certificates*", when="after", hold=True)
    home.world.cloudflare.faults.append(sign)
    home.phone("Anna").send("/newcert pixel8")
    await asyncio.wait_for(sign.reached.wait(), 30)
    wanted = {"query_only": "ON"}

    def used(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={wanted['query_only']}")
        cursor.close()

    event.listen(home.bot.app.parts.store._engine.sync_engine, "checkout", used)
    home.world.end_trouble()
    await home.until(lambda: home.live() == ["pixel8"])
    home.phone("Anna").send("/newcert tablet")
    await home.until(lambda: any("I may not write to my database" in text for text in home.texts("Anna")))
    wanted["query_only"] = "OFF"
    await home.clock(seconds=31)
    await home.clock(seconds=31)
    assert home.live() == ["pixel8", "tablet"]
    assert home.calls("POST") == 2, "nothing is signed twice"
    assert sum("its certificate is here" in text for text in home.texts("Anna")) == 2
    assert await is_whole(home.bot.settings.database.parent)
