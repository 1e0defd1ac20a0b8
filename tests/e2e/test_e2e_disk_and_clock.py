"""The disk and the clock against the bot: a clear word, nothing half done, nothing lost, nothing open for longer."""

import asyncio
import resource
import signal
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import App
from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.services.inbox import receive
from bot.store.engine import database
from sandbox.bot import SandboxBot, route_for
from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process, shown
from tests.household import HA, Household
from tests.locked_household import HA_HOST, protect
from tests.patience import LAST_RESORT_SECONDS
from tests.refusing_disk import Disk
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
    _, said = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
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
    await asyncio.wait_for(sign.reached.wait(), LAST_RESORT_SECONDS)
    botless.telegram.faults.append(send)
    home.phone("Anna").send("/certs")
    await asyncio.wait_for(send.reached.wait(), LAST_RESORT_SECONDS)
    process.send_signal(signal.SIGTERM)
    _, said = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    assert process.returncode == 0
    assert b"Traceback" not in said
    botless.end_trouble()
    process = await program.start("run")
    await home.until(lambda: "pixel8" in " ".join(home.texts("Anna")))
    await home.until(lambda: len(home.live()) <= 1 and any("pixel8" in text for text in home.texts("Anna")))
    process.terminate()
    await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
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
    await asyncio.wait_for(sign.reached.wait(), LAST_RESORT_SECONDS)
    disk = Disk(home)
    disk.refuses = True
    home.world.end_trouble()
    await home.until(lambda: home.live() == ["pixel8"])
    home.phone("Anna").send("/newcert tablet")
    await home.until(lambda: any("I may not write to my database" in text for text in home.texts("Anna")))
    disk.refuses = False
    await home.clock(seconds=31)
    await home.clock(seconds=31)
    assert home.live() == ["pixel8", "tablet"]
    assert home.calls("POST") == 2, "nothing is signed twice"
    assert sum("its certificate is here" in text for text in home.texts("Anna")) == 2
    assert await is_whole(home.bot.settings.database.parent)


async def test_a_disk_that_takes_nothing_after_a_message_went_out(home: Household) -> None:
    """It was said, and that it was said cannot be written down: it is not said once more at every try."""
    said = Fault(call="sendMessage", when="after", hold=True)
    home.world.telegram.faults.append(said)
    await receive.notify_poll_conflict(home.bot.app.parts)
    await asyncio.wait_for(said.reached.wait(), LAST_RESORT_SECONDS)
    disk = Disk(home)
    disk.refuses = True
    home.world.end_trouble()
    worker = home.bot.app._worker
    for _ in range(3):
        await home.until(lambda: not worker._woken.is_set())
        await asyncio.sleep(0.1)
        home.world.clock.plus(timedelta(seconds=31))
    disk.refuses = False
    await home.clock(seconds=31)
    assert sum("Another program fetches my messages" in text for text in home.texts("Anna")) == 1
    async with home.bot.app.parts.store.read() as tx:
        assert not await tx.jobs.of_kind(JobKind.NOTICE)


class OwnClock(SandboxBot):
    """The bot on a machine whose clock is set by itself: Telegram, Cloudflare and the edge have the right time."""

    def __init__(self, world: World, admins: Sequence[int]) -> None:
        super().__init__(world, admins)
        self.clock = SandboxClock(world.directory / "own-clock")

    async def start(self) -> None:
        self._app = App(self.settings, self.clock, route=route_for(self._world.directory))
        await self._app.start()


class Machine(Household):
    """A household whose bot has a clock of its own."""

    async def set_clock(self, **by: float) -> None:
        """Set the bot's clock alone."""
        assert isinstance(self.bot, OwnClock)
        clock = self.bot.clock
        clock.plus(timedelta(**by))
        # A worker at rest notices within seconds that the clock was set back.
        await self.until(lambda: self.worker_sweeps_by(clock.now() + timedelta(minutes=5)))
        await self.settle()

    def worker_sweeps_by(self, moment: datetime) -> bool:
        """Whether the worker knows what time it is."""
        sweep = self.bot.app._worker._next_sweep
        return sweep is not None and sweep <= moment

    async def passes(self, **by: float) -> None:
        """Time passes, for everybody."""
        assert isinstance(self.bot, OwnClock)
        self.world.clock.plus(timedelta(**by))
        self.bot.clock.plus(timedelta(**by))
        await self.settle()


@asynccontextmanager
async def machine_at(directory: Path) -> AsyncIterator[Machine]:
    """Anna's household, with a host protected."""
    people = (Person("Anna", frozenset({"admin"})),)
    async with World(directory, bot=OwnClock, people=people, preset="empty") as world:
        await world.settle()
        machine = Machine(world)
        await protect(machine, HA_HOST)
        await machine.passes(seconds=2)
        yield machine


@pytest.fixture
async def machine(tmp_path: Path) -> AsyncIterator[Machine]:
    async with machine_at(tmp_path) as machine:
        yield machine


async def state(home: Household, name: str) -> State:
    async with home.bot.app.parts.store.read() as tx:
        (found,) = [one for one in await tx.certificates.in_state(*State) if one.device.name == name]
        return found.state


async def test_a_clock_set_forward_takes_no_file_back_and_back_again_it_is_on_time(machine: Machine) -> None:
    await machine.say("Anna", "/newcert pixel8")
    await machine.set_clock(days=2)
    assert await state(machine, "pixel8") is State.ACTIVE
    assert machine.file("Anna")[0] == "pixel8.p12"
    await machine.set_clock(days=-2)
    await machine.passes(hours=23)
    assert await state(machine, "pixel8") is State.ACTIVE
    await machine.passes(hours=1, minutes=11)
    assert await state(machine, "pixel8") is State.REVOKED


async def test_a_clock_years_ahead_lets_no_certificate_expire(machine: Machine) -> None:
    await machine.device("Anna", "pixel8")
    await machine.tap("Anna", "It works")
    await machine.set_clock(days=3 * 365)
    assert await state(machine, "pixel8") is State.ACTIVE
    await machine.set_clock(days=-3 * 365)
    await machine.passes(days=731)
    assert await state(machine, "pixel8") is State.EXPIRED


async def test_a_password_shown_by_a_fast_clock_leaves_the_chat_in_time(machine: Machine) -> None:
    await machine.say("Anna", "/newcert pixel8")
    await machine.set_clock(days=1)
    await machine.tap("Anna", "Password")
    await machine.set_clock(days=-1)
    await machine.passes(minutes=6)
    machine.with_button("Anna", "Copy")
    await machine.passes(minutes=16)
    with pytest.raises(LookupError):
        machine.with_button("Anna", "Copy")


async def test_no_path_is_open_for_longer_than_promised(machine: Machine) -> None:
    await machine.say("Anna", f"/openpath {HA}api/webhook/abc 1h")
    await machine.passes(seconds=10)
    assert await machine.opens(None, HA + "api/webhook/abc") == 200
    await machine.set_clock(hours=-3)
    await machine.passes(minutes=59)
    assert await machine.opens(None, HA + "api/webhook/abc") == 200
    await machine.passes(minutes=2)
    assert await machine.opens(None, HA + "api/webhook/abc") == 403
    # The bot believes that it is open still, and writes the rule: the deadline in it is the promised one.
    await machine.device("Anna", "pixel8")
    await machine.say("Anna", "/revoke pixel8")
    assert await machine.opens(None, HA + "api/webhook/abc") == 403
    await machine.tap("Anna", "+1 h")
    await machine.passes(seconds=10)
    assert await machine.opens(None, HA + "api/webhook/abc") == 403


async def test_with_a_clock_set_forward_a_path_closes_early_and_not_late(machine: Machine) -> None:
    await machine.say("Anna", f"/openpath {HA}api/webhook/abc 1h")
    await machine.passes(seconds=10)
    await machine.set_clock(hours=2)
    assert await machine.opens(None, HA + "api/webhook/abc") == 403
