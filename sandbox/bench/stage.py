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


@contextlib.asynccontextmanager
async def standins(directory: Path, people: int = 1) -> AsyncIterator[World]:
    """The stand-ins, with that many admins, and no bot."""
    everybody = [Person(f"P{number}", frozenset({"admin"})) for number in range(people)]
    async with World(directory, people=everybody) as world:
        world.cloudflare.quota = 1_000_000
        yield world


@contextlib.asynccontextmanager
async def child(world: World, what: str = "bot") -> AsyncIterator[Child]:
    """The process; at the end it has said what it measured."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "sandbox.bench.child", what, str(world.directory)),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    running = Child(process)
    calls = len(world.telegram.calls)
    await until(lambda: any(call.label == "getUpdates" for call in world.telegram.calls[calls:]))
    try:
        yield running
    finally:
        process.terminate()
        out, _ = await process.communicate()
        running.said = json.loads(out.decode().strip().splitlines()[-1])


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
