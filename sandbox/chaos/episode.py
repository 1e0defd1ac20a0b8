"""One episode: a fresh world, its acts, then peace, and the findings."""

import asyncio
import gc
import random
import re
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.errors import CannotStart
from sandbox.bot import SandboxBot
from sandbox.chaos import external_checks
from sandbox.chaos.fault_injection import Meter, Nth, Weather
from sandbox.chaos.invariants import Peace, Scene
from sandbox.chaos.log_scan import logged_to
from sandbox.chaos.message_scan import Told
from sandbox.chaos.script import PEOPLE, Act, written
from sandbox.world import RestlessError, World

_PATIENCE_SECONDS: Final = 0.5
_MOST_PATIENCE: Final = 12
_HIT_SECONDS: Final = 1.0
_START_SECONDS: Final = 60.0
_NUDGE: Final = timedelta(seconds=4)
_OPENS: Final = re.compile(r"/openpath https://([^/ ]+)(/[^ ]*)")


class Episode:
    """Plays one episode in a directory of its own; ``peace`` is what comes after its chaos."""

    peace: type[Peace] = Peace

    def __init__(self, directory: Path, seed: str, acts: int, *, percent: float, kills: float) -> None:
        self._directory = directory
        self._seed = seed
        self._script = written(seed, acts, kills)
        self._percent = percent
        self._ended: asyncio.Task[None] | None = None
        self._unsettled = 0
        self.told = Told(seed=seed)

    async def play(self) -> Told:
        """Play it to its end, whatever that is."""
        self._directory.mkdir(parents=True, exist_ok=True)
        preset = random.Random(f"preset {self._seed}").choice(("empty", "empty", "documented", "dashboard"))
        log_file = self._directory / "log.jsonl"
        with logged_to(log_file):
            self._world = World(self._directory, bot=SandboxBot, people=PEOPLE, preset=preset)  # type: ignore[arg-type]
            async with self._world as world:
                weather = Weather(world, self._seed, self._percent)
                self._scene = scene = Scene(world, weather, Meter.at(world.cloudflare), log_file)
                self._watch()
                await world.settle()
                try:
                    await self._chaos()
                    await self.peace(scene, self.told).comes()
                except (RestlessError, _EndedError, CannotStart) as error:
                    self.told.wrong.append(f"{type(error).__name__}: {error}")
                finally:
                    self._unwatch()
                self.told.wrong += external_checks.log_lines(log_file)
        return self.told

    async def _chaos(self) -> None:
        self._scene.weather.begin()
        for act in self._script:
            done = await self._do(act)
            self.told.trail.append(f"{len(self.told.trail) + 1:4d} {self._world.clock.now():%d %H:%M:%S} {act}: {done}")
            self.told.acts += 1
            self._scene.keys.look()
            if self._ended is not None and self._ended.done():
                raise _EndedError(f"the bot ended by itself: {self._ended.exception()!r}")
        self.told.troubles += self._scene.weather.struck
        self._scene.weather.end()

    async def _do(self, act: Act) -> str:
        if act.kind == "kill":
            return await self._kill(act)
        if self._scene.players.plays(act):
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
            self._scene.opened[host, path] = None
        return self._scene.players.play(act)

    async def _elsewhere(self, act: Act) -> str:
        match act.kind:
            case "hand":
                self.told.wrong += self._scene.dashboard.differences()
                return self._scene.dashboard.do(**act.args)
            case "clock":
                self._world.clock.plus(timedelta(seconds=act.args["plus"]))
            case "weather":
                self._scene.weather.change(**act.args)
            case "stop":
                self._unwatch()
                await self._world.stop_bot()
                self._died()
                await self._start()
        return "done"

    async def _breathe(self) -> None:
        """Let the bot come to rest. Where it waits for its next try, by the sandbox's clock, that moves on a little."""
        resting = asyncio.ensure_future(self._world.settle())
        try:
            for _ in range(_MOST_PATIENCE):
                before = self._world.activity
                done, _ = await asyncio.wait([resting], timeout=_PATIENCE_SECONDS)
                if done:
                    self._unsettled = 0
                    return
                if self._world.activity == before:
                    break
        finally:
            resting.cancel()
            await asyncio.gather(resting, return_exceptions=True)
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
        self._scene.keys.look()
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
        self._scene.lives.append(len(self._world.telegram.calls))
        # A cut-off transaction holds its lock until its cursors are gone; a process that ends lets go at once.
        gc.collect()


class _EndedError(RuntimeError):
    """The bot is gone, and nobody killed it."""
