"""One sandbox in one directory: the clock, the three stand-ins, the people, their devices and the bot."""

import asyncio
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, Self

from sandbox.addresses import publish_address, publish_admins, token_of
from sandbox.clock import SandboxClock
from sandbox.cloudflare import CloudflareStandin
from sandbox.cloudflare.zone import Preset
from sandbox.edge import EdgeStandin
from sandbox.standin import Standin
from sandbox.telegram import Phone, TelegramStandin

DEFAULT_HOSTS: Final = ("ha.example.com", "photos.example.com")

_PATIENCE_SECONDS = 300.0
_LOOK_AGAIN_SECONDS = 0.05
_SILENT_LOOKS = 6


class BotHandle(Protocol):
    """The real bot, run against the stand-ins of a world. It may be started again after it ended."""

    async def start(self) -> None:
        """Start it; returns when it polls."""

    async def stop(self) -> None:
        """Let it end as on a signal."""

    async def kill(self) -> None:
        """End it as if the machine stopped."""

    async def idle(self) -> None:
        """Return when every fetched update is handled and no chore is due now."""


class RestlessError(RuntimeError):
    """The sandbox did not come to rest in time."""


@dataclass(frozen=True)
class Person:
    """Somebody with a phone. ``roles``: none (a stranger), or of ``admin``, ``member`` and ``trusted``;
    ``unstarted`` is a stranger who has not pressed Start: the bot cannot write to them. ``language``: their Telegram's.
    """

    name: str
    roles: frozenset[str] = frozenset()
    language: str = "en"


@dataclass(frozen=True)
class InstalledCertificate:
    """What a device presents: a PKCS#12 and its password."""

    p12: bytes
    password: str


BotFactory = Callable[["World", Sequence[int]], BotHandle]
"""Makes the bot for a world and the numbers of its permanent admins; called when the stand-ins listen."""


class World:
    """A sandbox, used as ``async with World(directory, bot=…) as world``.

    ``hosts`` are the zone's names: with ``documented`` and ``dashboard`` associated and in the rule, with
    ``empty`` only where the zone's name comes from. ``people`` are by name, in the order in which they joined;
    ``roles`` says what each shall be. ``devices`` fills as certificates are installed. ``ports`` may fix
    (port, control port) by stand-in's name. Without ``bot`` there are only the stand-ins.
    """

    def __init__(
        self,
        directory: Path,
        *,
        bot: BotFactory | None = None,
        people: Sequence[Person] = (),
        hosts: Sequence[str] = DEFAULT_HOSTS,
        preset: Preset = "documented",
        ports: Mapping[str, tuple[int, int]] | None = None,
    ) -> None:
        self.directory = directory
        self.clock = SandboxClock(directory / "clock")
        self.telegram = TelegramStandin(self.clock, token=token_of(directory))
        self.cloudflare = CloudflareStandin(self.clock, directory, zone_name=zone_name(hosts), preset=preset)
        if preset != "empty":
            _use_hosts(self.cloudflare, hosts)
        self.edge = EdgeStandin(self.clock, directory)
        self.people: dict[str, Phone] = {}
        self.roles: dict[str, frozenset[str]] = {}
        self.devices: dict[str, InstalledCertificate] = {}
        self._ports = dict(ports or {})
        self._make_bot = bot
        self._bot: BotHandle | None = None
        self._bot_runs = False
        self._lost_holds: dict[int, int] = {}
        for person in people:
            self.join(person)

    @property
    def standins(self) -> dict[str, Standin]:
        """The stand-ins by name."""
        return {standin.name: standin for standin in (self.telegram, self.cloudflare, self.edge)}

    @property
    def admins(self) -> list[int]:
        """The numbers of the permanent admins."""
        return [phone.user_id for name, phone in self.people.items() if "admin" in self.roles[name]]

    @property
    def bot(self) -> BotHandle:
        """The bot.

        Raises:
            RuntimeError: this world has none, or was not started.
        """
        if self._bot is None:
            raise RuntimeError("there is no bot in this sandbox")
        return self._bot

    @property
    def bot_runs(self) -> bool:
        """Whether the bot was started and not ended since."""
        return self._bot_runs

    def join(self, person: Person) -> Phone:
        """Give somebody a phone."""
        if person.name in self.people:
            raise ValueError(f"there is a {person.name} already")
        phone = self.people[person.name] = self.telegram.join(
            person.name, language=person.language, started="unstarted" not in person.roles
        )
        self.roles[person.name] = person.roles
        return phone

    def folder(self, name: str) -> Path:
        """Where a person's own files are."""
        folder = self.directory / "people" / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    async def start(self) -> None:
        """Start the stand-ins, then the bot."""
        for name, standin in self.standins.items():
            port, control_port = self._ports.get(name, (0, 0))
            await standin.start(port=port, control_port=control_port)
            publish_address(self.directory, standin)
        publish_admins(self.directory, self.admins)
        if self._make_bot is not None:
            self._bot = self._make_bot(self, self.admins)
            await self.start_bot()

    async def stop(self) -> None:
        """Stop the bot, then the stand-ins."""
        self.end_trouble()
        try:
            if self._bot_runs:
                await self.stop_bot()
        finally:
            for standin in reversed(self.standins.values()):
                await standin.stop()

    async def start_bot(self) -> None:
        """Start the bot, for the first time or again."""
        if self._bot_runs:
            raise RuntimeError("the bot runs already")
        await self.bot.start()
        self._bot_runs = True

    async def stop_bot(self) -> None:
        """Let the bot end in order."""
        self._ends()
        await self.bot.stop()

    async def kill_bot(self) -> None:
        """End the bot as if its machine stopped."""
        self._ends()
        await self.bot.kill()

    def end_trouble(self) -> None:
        """No trouble any more; what is held goes on."""
        for standin in self.standins.values():
            standin.release()
            standin.faults.clear()
        self._lost_holds.clear()

    async def settle(self) -> None:
        """Return when the bot has done all there is to do now, or waits for a call that is held.

        At once while the bot is off. Raises ``RestlessError`` after minutes of real time.
        """
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                while self._bot_runs:
                    before = self.activity
                    await self._rest_or_hold()
                    if self.activity == before:
                        return
        except TimeoutError as late:
            pending = self.telegram.pending
            told = f"no rest within {_PATIENCE_SECONDS:.0f} s; {pending} updates not fetched"
            raise RestlessError(told) from late

    async def __aenter__(self) -> Self:
        try:
            await self.start()
        except BaseException:
            await self.stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def _ends(self) -> None:
        if not self._bot_runs:
            raise RuntimeError("the bot does not run")
        self._bot_runs = False
        # Whoever was held up dies with the bot, so these holds say nothing about its next life.
        self._lost_holds |= {id(fault): fault.struck for fault in self._holds()}

    @property
    def activity(self) -> tuple[int, int, int]:
        """What has happened so far, in numbers: as long as they change, the bot is at work."""
        calls = sum(call.label != "getUpdates" for call in self.telegram.calls)
        return len(self.telegram.account.events), calls, len(self.cloudflare.calls)

    async def _rest(self) -> None:
        await self.telegram.quiet()
        await self.bot.idle()

    async def _rest_or_hold(self) -> None:
        ways = [asyncio.ensure_future(self._rest()), asyncio.ensure_future(self._standstill())]
        try:
            done, _ = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
        for way in done:
            way.result()

    async def _standstill(self) -> None:
        """Return when a call is held and nothing else has happened for a while.

        The bot cannot be idle then, and nobody else can tell whether the rest of it is.
        """
        looks, before = 0, self.activity
        while looks < _SILENT_LOOKS:
            await asyncio.sleep(_LOOK_AGAIN_SECONDS)
            now = self.activity
            still = bool(self._holds()) and not self.telegram.pending and now == before
            looks, before = looks + 1 if still else 0, now

    def _holds(self) -> list[Any]:
        return [
            fault
            for standin in self.standins.values()
            for fault in standin.faults
            if fault.hold
            and fault.reached.is_set()
            and not fault.released.is_set()
            and fault.struck > self._lost_holds.get(id(fault), 0)
        ]


def zone_name(hosts: Sequence[str]) -> str:
    """The zone of these names: what they end in alike, for one name what follows its first label."""
    if not hosts:
        raise ValueError("a zone needs at least one host")
    ends = [host.lower().split(".")[::-1] for host in hosts]
    ends = [end[:-1] if len(end) > 2 else end for end in ends]
    levels = zip(*ends, strict=False)
    shared = [level[0] for level in itertools.takewhile(lambda level: len(set(level)) == 1, levels)]
    if len(shared) < 2:
        raise ValueError(f"{', '.join(hosts)} are not of one zone")
    return ".".join(reversed(shared))


def _use_hosts(cloudflare: CloudflareStandin, hosts: Sequence[str]) -> None:
    """Put ``hosts`` where the preset has its own, in a zone that nobody has touched yet."""
    preset = cloudflare.hosts
    rules = cloudflare.rules
    quoted = " ".join(f'"{host}"' for host in preset)
    if sorted(hosts) == sorted(preset) or len(rules) != 1 or quoted not in rules[0]["expression"]:
        return
    wanted = " ".join(f'"{host}"' for host in hosts)
    cloudflare.associate(list(hosts))
    cloudflare.edit_rule_by_hand(rules[0]["id"], expression=rules[0]["expression"].replace(quoted, wanted))
