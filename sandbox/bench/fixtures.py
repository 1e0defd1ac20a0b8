"""Stand-ins, phones and the measured process."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from sandbox.bot import lay_down, settings_for, write_members_down
from sandbox.faults import Fault
from sandbox.telegram import Phone
from sandbox.world import Person, World

ROOT = Path(__file__).parents[2]
_PATIENCE = 120.0
_LOOK = 0.0005


class Child:
    """The measured process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: dict[str, Any] = {}

    def signal(self, which: signal.Signals) -> None:
        """Tell its meter."""
        self.process.send_signal(which)

    def rss_mb(self) -> float:
        """What it holds in memory now, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))

    def cpu_seconds(self) -> float:
        """The time it has used the processor, user and system."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class _Arrivals(Fault):
    """No trouble at all: it notes which calls arrive, while a long poll is answered late."""

    labels: set[str]

    @classmethod
    def at(cls, world: World) -> set[str]:
        """What arrives at Telegram's stand-in from now on."""
        noting = cls(call="*", times=0)
        noting.labels = set()
        world.telegram.faults.append(noting)
        return noting.labels

    def strikes(self, label: str) -> bool:
        """Note it, and let it through."""
        self.labels.add(label)
        return False


@contextlib.asynccontextmanager
async def standins(directory: Path, people: int = 1) -> AsyncIterator[World]:
    """The stand-ins and no bot; P0 is the admin, the others are trusted."""
    roles = [frozenset({"admin"}), *[frozenset({"trusted"})] * (people - 1)]
    everybody = [Person(f"P{number}", role) for number, role in enumerate(roles)]
    async with World(directory, people=everybody) as world:
        world.cloudflare.quota = 1_000_000
        settings = settings_for(world.directory, world.admins)
        lay_down(settings.database)
        await write_members_down(world, settings)
        yield world


@contextlib.asynccontextmanager
async def child(world: World, what: str = "bot") -> AsyncIterator[Child]:
    """The process; at the end it has said what it measured."""
    arrived = _Arrivals.at(world)
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.bench.child", what, str(world.directory)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    running = Child(process)
    await until(lambda: "getUpdates" in arrived)
    try:
        yield running
    finally:
        process.terminate()
        out, _ = await process.communicate()
        running.said = json.loads(out.decode().strip().splitlines()[-1])


@contextlib.asynccontextmanager
async def installed(world: World) -> AsyncIterator[Child]:
    """The bot as people run it, without any meter in it."""
    arrived, settings = _Arrivals.at(world), settings_for(world.directory, world.admins)
    told = compiled_once(world.directory.parent) | {
        "PYTHONPATH": str(ROOT),
        "LATCHKEY_TELEGRAM_TOKEN": settings.telegram_token.get_secret_value(),
        "LATCHKEY_TELEGRAM_API": settings.telegram_api,
        "LATCHKEY_CLOUDFLARE_TOKEN": settings.cloudflare_token.get_secret_value(),
        "LATCHKEY_CLOUDFLARE_API": settings.cloudflare_api,
        "LATCHKEY_ZONE": settings.zone,
        "LATCHKEY_ADMINS": " ".join(map(str, settings.admins)),
        "LATCHKEY_DATABASE": str(settings.database),
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=told,
        cwd=world.directory,
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        await until(lambda: "getUpdates" in arrived)
        yield Child(process)
    finally:
        process.terminate()
        await process.wait()


def compiled_once(place: Path) -> dict[str, str]:
    """An environment in which what one process has compiled is there for the next, as it is where pip installed it."""
    own = ("LATCHKEY_", "PYTHONDONTWRITEBYTECODE")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    return plain | {"PYTHONPYCACHEPREFIX": str(place / "compiled")}


async def once(world: World, what: str) -> dict[str, Any]:
    """A process that measures itself and ends."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.bench.child", what, str(world.directory)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    said: dict[str, Any] = json.loads(out.decode().strip().splitlines()[-1])
    return said


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something on a phone."""
    async with asyncio.timeout(_PATIENCE):
        while not holds():  # noqa: ASYNC110 -- nobody tells, and events are looked at where they fall
            await asyncio.sleep(_LOOK)


async def answered(phone: Phone, text: str, holds: Callable[[str], bool] = bool) -> float:
    """Send a text; the seconds until the phone shows something that holds."""
    before = len(phone.events)
    begun = time.perf_counter()
    phone.send(text)
    await until(lambda: any(holds(event.text) for event in phone.events[before:]))
    return time.perf_counter() - begun


async def got_file(phone: Phone, name: str, options: str = "") -> float:
    """Ask for a certificate; the seconds until its file is there."""
    begun = time.perf_counter()
    phone.send(f"/newcert {name} {options}")
    await until(lambda: has_file(phone, name))
    return time.perf_counter() - begun


def has_file(phone: Phone, name: str) -> bool:
    """Whether the file of that name is in the chat."""
    return any(message.document and message.document.file_name == f"{name}.p12" for message in phone.chat)
