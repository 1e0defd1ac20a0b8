"""The measurements. Each answers lines for the table."""

import asyncio
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sandbox.bench.fixtures import (
    ROOT,
    answered,
    child,
    compiled_once,
    got_file,
    has_file,
    installed,
    once,
    standins,
    until,
)
from sandbox.bench.seed import FIVE_YEARS_OF_EVENTS, fill
from sandbox.telegram import Phone

_RUNS = 20
_AT_ONCE = 50
_TAKEN_AWAY = ("revoked at Cloudflare", "is taken away")
"""To an admin, and to a member."""

_PAGES = (10, 1_000, 10_000)
_ACCOUNTS, _MESSAGES_EACH = 1_000, 10


@dataclass(frozen=True)
class Line:
    """One line: what, how much, compared with what, and what it shall be at most (as a ratio, or by itself)."""

    what: str
    value: str
    beside: str = ""
    ratio: float | None = None
    most: float | None = None


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


async def issuing(directory: Path) -> Sequence[Line]:
    """/newcert, from the update to the file, beside the same steps bare and by openssl's command line."""
    async with standins(directory) as world:
        phone = world.people["P0"]
        async with child(world) as bot:
            await got_file(phone, "warm")
            bot.signal(signal.SIGUSR1)
            took = statistics.median([await got_file(phone, f"dev{number}") for number in range(_RUNS)])
        floor = (await once(world, "floor"))["seconds"]
    lines = [
        Line("/newcert, update in → file out", _ms(took), f"bare, same libraries: {_ms(floor)}", took / floor, 1.5)
    ]
    spent = {name: each / _RUNS for name, each in bot.said["spent"].items()}
    lines += [
        Line(
            "… of it in SQLite, its thread and SQLAlchemy",
            _ms(spent["executing"]),
            f"{spent['statements']:.0f} statements, {spent['transactions']:.0f} transactions, "
            f"{spent['commits']:.0f} of them commits",
        ),
        Line("… of it in calls, in part side by side", _ms(spent["calling"]), f"{spent['calls']:.0f} calls; bare: 3"),
    ]
    if shutil.which("openssl") is not None:
        by_hand = await asyncio.to_thread(_openssl, directory)
        lines.append(
            Line("/newcert beside openssl", _ms(took), f"openssl alone, no network: {_ms(by_hand)}", took / by_hand)
        )
    return lines


def _openssl(directory: Path) -> float:
    """Key, CSR, a self-signed certificate in place of Cloudflare's, PKCS#12: four runs of the command line."""
    key, csr, pem = (directory / f"hand.{end}" for end in ("key", "csr", "pem"))
    steps = (
        ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", str(key)],
        ["req", "-new", "-key", str(key), "-subj", "/CN=hand", "-out", str(csr)],
        ["x509", "-req", "-in", str(csr), "-signkey", str(key), "-days", "730", "-out", str(pem)],
        ["pkcs12", "-export", "-inkey", str(key), "-in", str(pem), "-passout", "pass:abc", "-out", f"{key}.p12"],
    )
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        for step in steps:
            subprocess.run(["openssl", *step], check=True, capture_output=True)
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


async def throughput(directory: Path) -> Sequence[Line]:
    """Answers a second with one, eight and sixty-four people at once, beside a bare bot that echoes."""
    lines = []
    for people in (1, 8, 64):
        rates = {}
        for what in ("bot", "echo"):
            async with standins(directory / f"{what}{people}", people) as world, child(world, what):
                rates[what] = await _rate(list(world.people.values()), max(3, 24 // people))
        lines.append(
            Line(
                f"/whoami answered, {people} at once",
                f"{rates['bot']:.0f}/s",
                f"bare echo: {rates['echo']:.0f}/s",
                rates["echo"] / rates["bot"],
            )
        )
    return lines


async def _rate(phones: list[Phone], each: int) -> float:
    async def talks(phone: Phone) -> None:
        for _ in range(each):
            await answered(phone, "/whoami")

    await asyncio.gather(*(answered(phone, "/whoami") for phone in phones))
    begun = time.perf_counter()
    await asyncio.gather(*(talks(phone) for phone in phones))
    return len(phones) * each / (time.perf_counter() - begun)


async def load(directory: Path) -> Sequence[Line]:
    """The longest stall of the event loop while fifty certificates are made at once, and a revoke meanwhile."""
    lines = []
    for name, option in (("P-256", ""), ("RSA", "rsa")):
        async with standins(directory / name, _AT_ONCE) as world:
            phones = list(world.people.values())
            async with child(world) as bot:
                for phone in phones[:4]:
                    await got_file(phone, "gone")
                idle = statistics.median([await _revoked(phone, "gone") for phone in phones[:3]])
                bot.signal(signal.SIGUSR1)
                begun = time.perf_counter()
                for phone in phones:
                    phone.send(f"/newcert many {option}")
                await until(_have(phones, any))
                busy = await _revoked(phones[3], "gone")
                await until(_have(phones, all))
                took = time.perf_counter() - begun
                bot.signal(signal.SIGUSR2)
        stall = bot.said["stall"]
        lines += [
            Line(f"{_AT_ONCE} certificates at once, {name}", f"{took:.2f} s"),
            Line(f"… longest stall of the event loop, {name}", _ms(stall), "at most 50 ms", stall / 0.05, 1.0),
            Line(f"tap → “revoked” under that load, {name}", _ms(busy), f"idle: {_ms(idle)}", busy / idle, 2.0),
        ]
    return lines


def _have(phones: Sequence[Phone], how: Callable[[Iterable[bool]], bool]) -> Callable[[], bool]:
    return lambda: how(has_file(phone, "many") for phone in phones)


async def flood(directory: Path) -> Sequence[Line]:
    """A revoke behind ten thousand messages of strangers, beside a bare bot that fetches the same and answers it."""
    took = {}
    for what in ("bot", "fetch"):
        async with standins(directory / what) as world, child(world, what):
            admin = world.people["P0"]
            if what == "bot":
                await got_file(admin, "gone")
            crowd = [world.telegram.join(f"S{number}", user_id=200_000 + number) for number in range(_ACCOUNTS)]
            for number in range(_MESSAGES_EACH):
                for phone in crowd:
                    phone.send(f"/start {number} {'x' * 200}")
            took[what] = await answered(admin, "/revoke gone")
    name = f"revoke answered behind {_ACCOUNTS * _MESSAGES_EACH:,} messages of strangers"
    return [
        Line(name, f"{took['bot']:.2f} s", f"bare fetching: {took['fetch']:.2f} s", took["bot"] / took["fetch"], 2.0)
    ]


async def _revoked(phone: Phone, name: str) -> float:
    return await answered(phone, f"/revoke {name}", lambda text: any(words in text for words in _TAKEN_AWAY))


async def pages(directory: Path) -> Sequence[Line]:
    """Lists and /status with few and many certificates, and a record of five years."""
    took: dict[str, list[float]] = {}
    for count in _PAGES:
        async with standins(directory / str(count)) as world:
            await fill(world.directory, world.admins, count, FIVE_YEARS_OF_EVENTS)
            phone = world.people["P0"]
            async with child(world):
                for command, shown in _COMMANDS.items():
                    times = [await answered(phone, command, _holds(shown)) for _ in range(6)][1:]
                    took.setdefault(command, []).append(statistics.median(times))
    return [
        Line(
            f"{command} with {' / '.join(f'{count:,}' for count in _PAGES)} certificates",
            " / ".join(_ms(each) for each in times),
            "the most beside the fewest",
            times[-1] / times[0],
            2.0,
        )
        for command, times in took.items()
    ]


_COMMANDS = {
    "/certs all": "Everybody's devices",
    "/people": "Member",
    "/audit": "",
    "/status": "Looked at",
}


def _holds(words: str) -> Callable[[str], bool]:
    return lambda text: words in text


async def idling(directory: Path) -> Sequence[Line]:
    """Memory and processor while nothing happens."""
    async with standins(directory) as world:
        async with installed(world):
            pass  # the first one compiles, and keeps the memory that took
        async with installed(world) as bot:
            await got_file(world.people["P0"], "warm")
            await asyncio.sleep(3)
            before = bot.cpu_seconds()
            await asyncio.sleep(10)
            used, memory = (bot.cpu_seconds() - before) / 10, bot.rss_mb()
    return [
        Line("memory, idle", f"{memory:.0f} MB", "at most 100 MB", memory / 100, 1.0),
        Line("processor, idle", f"{used:.1%}"),
    ]


_IMPORTS = (
    "import aiosqlite, babel.messages.pofile, cloudflare, cryptography.x509, httpcore, httpx, "
    "pydantic_settings, "
    "sqlalchemy.ext.asyncio, structlog, telegram, telegram.request, typer"
)


async def starting(directory: Path) -> Sequence[Line]:
    """From nothing to the first getUpdates, beside importing the same libraries."""
    took = []
    for number in range(4):
        async with standins(directory / str(number)) as world:
            begun = time.perf_counter()
            async with installed(world):
                took.append(time.perf_counter() - begun)
    imports = []
    for _ in range(4):
        begun = time.perf_counter()
        await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-c", _IMPORTS],
            check=True,
            cwd=ROOT,
            env=compiled_once(directory),
        )
        imports.append(time.perf_counter() - begun)
    # The first of each compiled what the others found compiled.
    start, bare = statistics.median(took[1:]), statistics.median(imports[1:])
    return [
        Line("start → first getUpdates", f"{start:.2f} s", f"importing its libraries: {bare:.2f} s", start / bare, 1.3)
    ]
