"""One episode: a fresh world, its acts, then peace, and the findings."""

import asyncio
import contextlib
import gc
import logging
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import structlog

from bot import log
from bot.errors import CannotStart
from bot.services.unknown_certificates import unknown_among
from sandbox.bot import SandboxBot
from sandbox.chaos import findings, outside
from sandbox.chaos.dashboard import Dashboard
from sandbox.chaos.keys import Keys
from sandbox.chaos.players import Players
from sandbox.chaos.record import Record
from sandbox.chaos.script import ADMINS, PEOPLE, Act, written
from sandbox.chaos.weather import MOST_CALLS, Meter, Weather
from sandbox.faults import Fault
from sandbox.telegram.account import Tap
from sandbox.world import RestlessError, World

_PATIENCE_SECONDS: Final = 0.25
_HIT_SECONDS: Final = 1.0
_START_SECONDS: Final = 60.0
_ROUNDS: Final = 10
_ROUND_SECONDS: Final = 4.0
_NUDGE: Final = timedelta(seconds=4)
_SILENT: Final = frozenset({"getUpdates", "getMe", "setMyCommands"})
_SOON: Final = (2, 8, 60, 360, 360, 1900, 1900)
_LATE: Final = (25 * 3600, 360, 360, 1900, 3 * 3600)
_OPENS: Final = re.compile(r"/openpath https://([^/ ]+)(/[^ ]*)")


class Nth(Fault):
    """Holds the call that is the Nth from now on, over all stand-ins: there the bot is killed."""

    left: int
    hit: str = ""

    @classmethod
    def ordered(cls, number: int, when: str) -> "Nth":
        """The ``number``-th call, ``before`` or ``after`` it is done."""
        fault = cls(call="*", when=when, hold=True, times=0)  # type: ignore[arg-type]
        fault.left = number
        return fault

    def strikes(self, label: str) -> bool:
        """Whether this is the one."""
        if label in _SILENT:
            return False
        self.left -= 1
        if self.left != 0:
            return False
        self.struck, self.hit = 1, label
        return True


@dataclass
class Told:
    """What an episode comes to. ``tags``: what the record tells of; ``trail``: what was done, in order; ``wrong``: what may not be."""

    seed: str
    acts: int = 0
    kills: int = 0
    hits: int = 0
    troubles: int = 0
    calls: int = 0
    worst: int = 0
    files: int = 0
    keys: int = 0
    tags: set[str] = field(default_factory=set)
    trail: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Episode:
    """Plays one episode in a directory of its own."""

    def __init__(self, directory: Path, seed: str, acts: int, *, percent: float, kills: float) -> None:
        self._directory = directory
        self._seed = seed
        self._script = written(seed, acts, kills)
        self._percent = percent
        self._ended: asyncio.Task[None] | None = None
        self._opened: dict[tuple[str, str], None] = {}
        self._lives: list[int] = []
        self._unsettled = 0
        self.told = Told(seed)

    async def play(self) -> Told:
        """Play it to its end, whatever that is."""
        self._directory.mkdir(parents=True, exist_ok=True)
        preset = random.Random(f"preset {self._seed}").choice(("empty", "empty", "documented", "dashboard"))
        self._log = self._directory / "log.jsonl"
        with _logged_to(self._log):
            self._world = World(self._directory, bot=SandboxBot, people=PEOPLE, preset=preset)  # type: ignore[arg-type]
            async with self._world as world:
                self._players, self._keys = Players(world), Keys(world)
                self._dashboard, self._weather = Dashboard(world.cloudflare), Weather(world, self._seed, self._percent)
                self._meter = Meter.at(world.cloudflare)
                self._watch()
                await world.settle()
                try:
                    await self._chaos()
                    await self._peace()
                except (RestlessError, _EndedError, CannotStart) as error:
                    self.told.wrong.append(f"{type(error).__name__}: {error}")
                finally:
                    self._unwatch()
                self.told.wrong += outside.log_lines(self._log)
        return self.told

    async def _chaos(self) -> None:
        self._weather.begin()
        for act in self._script:
            done = await self._do(act)
            self.told.trail.append(f"{len(self.told.trail) + 1:4d} {self._world.clock.now():%d %H:%M:%S} {act}: {done}")
            self.told.acts += 1
            self._keys.look()
            if self._ended is not None and self._ended.done():
                raise _EndedError(f"the bot ended by itself: {self._ended.exception()!r}")
        self.told.troubles += self._weather.struck
        self._weather.end()

    async def _do(self, act: Act) -> str:
        if act.kind == "kill":
            return await self._kill(act)
        if self._players.plays(act):
            done = self._play(act)
        elif act.kind == "burst":
            done = " | ".join(self._play(each) for each in act.args["acts"])
            self.told.acts += len(act.args["acts"]) - 1
        else:
            done = await self._elsewhere(act)
        if act.rests:
            await self._breathe()
        else:
            await asyncio.sleep(0.01)
        return done

    def _play(self, act: Act) -> str:
        for host, path in _OPENS.findall(str(act.args.get("text", ""))):
            self._opened[host, path] = None
        return self._players.play(act)

    async def _elsewhere(self, act: Act) -> str:
        match act.kind:
            case "hand":
                self._dashboard_unchanged()
                return self._dashboard.do(**act.args)
            case "clock":
                self._world.clock.plus(timedelta(seconds=act.args["plus"]))
            case "weather":
                self._weather.change(**act.args)
            case "stop":
                self._unwatch()
                await self._world.stop_bot()
                self._died()
                await self._start()
        return "done"

    async def _breathe(self) -> None:
        try:
            await asyncio.wait_for(self._world.settle(), _PATIENCE_SECONDS)
            self._unsettled = 0
        except TimeoutError:
            # It may wait for its next try, by the sandbox's clock.
            self._world.clock.plus(_NUDGE * 2 ** min(self._unsettled, 5))
            self._unsettled += 1

    async def _kill(self, act: Act) -> str:
        fault = Nth.ordered(act.args["call"], act.args["when"])
        hit = (self._world.telegram, self._world.cloudflare)
        for standin in hit:
            standin.faults.insert(0, fault)
        done = " | ".join(self._play(each) for each in act.args["during"])
        self.told.acts += len(act.args["during"])
        await self._until_hit(fault)
        self._keys.look()
        self._unwatch()
        await self._world.kill_bot()
        self._died()
        fault.released.set()
        for standin in hit:
            standin.faults.remove(fault)
        self.told.kills += 1
        self.told.hits += fault.reached.is_set()
        self._world.clock.plus(timedelta(seconds=act.args["away"]))
        await self._start()
        return f"{done}; killed {act.args['when']} {fault.hit or 'nothing'}"

    async def _until_hit(self, fault: Nth) -> None:
        """Return when the call was made, or when the bot has nothing more to do, or after a while."""
        ways = [asyncio.ensure_future(fault.reached.wait()), asyncio.ensure_future(self._world.settle())]
        await asyncio.wait(ways, timeout=_HIT_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)

    async def _start(self) -> None:
        starting = asyncio.ensure_future(self._world.start_bot())
        for _ in range(int(_START_SECONDS / _PATIENCE_SECONDS)):
            done, _ = await asyncio.wait([starting], timeout=_PATIENCE_SECONDS)
            if done:
                break
            # It may wait for Telegram, by the sandbox's clock.
            self._world.clock.plus(_NUDGE)
        else:
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            raise _EndedError("the bot did not start")
        starting.result()
        self._watch()

    def _watch(self) -> None:
        bot = self._world.bot
        assert isinstance(bot, SandboxBot)
        self._ended = asyncio.create_task(bot.app.run())

    def _unwatch(self) -> None:
        if self._ended is not None and not self._ended.done():
            self._ended.cancel()
        self._ended = None

    def _died(self) -> None:
        self._lives.append(len(self._world.telegram.calls))
        # A cut-off transaction holds its lock until its cursors are gone; a process that ends lets go at once.
        gc.collect()

    def _dashboard_unchanged(self) -> None:
        self.told.wrong += self._dashboard.differences()

    async def _peace(self) -> None:
        """No trouble any more: what was under way comes to its end, and then everything is looked at twice."""
        await self._comes_round()
        await self._steps(_SOON)
        await self._tidied_up()
        await self._steps((8, 360, 360))
        await self._look(late=False)
        await self._calm_presses()
        await self._steps(_LATE)
        await self._look(late=True)

    async def _comes_round(self) -> None:
        """Whatever was told to wait waits no longer."""
        for _ in range(_ROUNDS):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._world.settle(), _ROUND_SECONDS)
                return
            self._world.clock.plus(timedelta(seconds=61))

    async def _steps(self, seconds: tuple[int, ...]) -> None:
        await self._world.settle()
        for each in seconds:
            self._keys.look()
            self._world.clock.plus(timedelta(seconds=each))
            await self._world.settle()
        self._keys.look()

    async def _tidied_up(self) -> None:
        """An admin who still may ends the lockdown and puts back what somebody changed in the rule."""
        record = Record(self._bot.settings.database)
        for who in ADMINS:
            phone = self._world.people[who]
            known = record.account(phone.user_id)
            if known and known["standing"] == "ok" and not phone.blocked:
                phone.send("/lockdown off")
                await self._world.settle()
                phone.press(1, "1:putback:-:", inaccessible=True)
                await self._world.settle()
                return

    async def _calm_presses(self) -> None:
        taps: list[tuple[str, Tap]] = []
        chance = random.Random(f"calm {self._seed}")
        for who, phone in self._world.people.items():
            buttons = [] if phone.blocked else self._players.buttons(who)
            if buttons:
                message_id, _, data = chance.choice(buttons)
                taps.append((who, phone.press(message_id, data)))
                await self._world.settle()
        self.told.wrong += [f"{who}'s press {tap.value} was never answered" for who, tap in taps if not tap.answered]

    @property
    def _bot(self) -> SandboxBot:
        assert isinstance(self._world.bot, SandboxBot)
        return self._world.bot

    async def _look(self, *, late: bool) -> None:
        world, told, parts = self._world, self.told, self._bot.app.parts
        record = Record(self._bot.settings.database)
        async with parts.store.read() as tx:
            whole = await tx.audit.first_broken() is None
            unknown = await unknown_among(tx, await parts.edge.all_certificates())
        told.tags |= {event["tag"] for event in record.events}
        shown = frozenset(one.cloudflare_id for one in unknown)
        vault = frozenset(row["public_id"] for row in record.certificates if parts.vault.look(row["public_id"]))
        self._dashboard_unchanged()
        told.wrong += findings.certificates(world, record, self._dashboard, shown)
        told.wrong += findings.permissions(world, record, self._keys, parts.policy.device_limit)
        told.wrong += findings.events(record, whole=whole)
        told.wrong += findings.left_over(record, world.clock.now())
        orphans = self._weather.unlearnt + told.kills
        told.wrong += outside.chats(world, record, vault, orphans=orphans, late=late)
        told.wrong += outside.words(world, record, self._keys)
        told.wrong += await outside.edge(world, record, self._keys, self._opened)
        told.wrong += outside.disk(world, self._keys, self._log)
        told.wrong += outside.answers(world, self._lives)
        told.calls, told.worst = len(world.cloudflare.calls), self._meter.worst
        told.files, told.keys = sum(self._keys.seen_files.values()), len(self._keys.keys)
        if self._meter.worst > MOST_CALLS:
            told.wrong.append(f"{self._meter.worst} calls to Cloudflare in five minutes")


class _EndedError(RuntimeError):
    """The bot is gone, and nobody killed it."""


@contextlib.contextmanager
def _logged_to(file: Path) -> Iterator[None]:
    """The bot's log goes to a file, as JSON, without a redaction that the running bot would not have."""
    root = logging.getLogger()
    before, level, ours = root.handlers[:], root.level, structlog.get_config()
    with file.open("a", encoding="utf-8") as stream:
        log.set_up("json", level=logging.INFO)
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
        try:
            yield
        finally:
            root.handlers[:] = before
            root.setLevel(level)
            structlog.configure(**ours)
