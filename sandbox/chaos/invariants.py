"""After the chaos: no trouble any more, the clock goes on, and everything is looked at."""

import asyncio
import contextlib
import random
from datetime import timedelta
from pathlib import Path
from typing import Final

from bot.services.certificates.unmanaged import unknown_among
from sandbox.bot import SandboxBot
from sandbox.chaos import external_checks, invariant_checks
from sandbox.chaos.actors import Players
from sandbox.chaos.dashboard import Dashboard
from sandbox.chaos.fault_injection import MOST_CALLS, Meter, Weather
from sandbox.chaos.keys import Keys
from sandbox.chaos.message_scan import Told
from sandbox.chaos.record import Record
from sandbox.chaos.script import ADMINS
from sandbox.telegram.account import Tap
from sandbox.world import World

_ROUNDS: Final = 10
_ROUND_SECONDS: Final = 4.0
_SOON: Final = (2, 8, 60, 360, 360, 1900, 1900)
_LATE: Final = (25 * 3600, 360, 360, 1900, 3 * 3600)


class Scene:
    """All that plays a part: the world, what happens to it, who looks on.

    ``opened``: paths that somebody asked to open; ``lives``: how many calls Telegram had had at each end of the bot.
    """

    def __init__(self, world: World, weather: Weather, meter: Meter, log: Path) -> None:
        self.world = world
        self.weather = weather
        self.meter = meter
        self.log = log
        self.players = Players(world)
        self.keys = Keys(world)
        self.dashboard = Dashboard(world.cloudflare)
        self.opened: dict[tuple[str, str], None] = {}
        self.lives: list[int] = []


class Peace:
    """Lets everything come to its end, and looks at it twice: soon, and more than a day later."""

    def __init__(self, scene: Scene, told: Told) -> None:
        self._scene = scene
        self.told = told

    async def comes(self) -> None:
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
                async with asyncio.timeout(_ROUND_SECONDS):
                    await self._scene.world.settle()
                return
            self._scene.world.clock.plus(timedelta(seconds=61))

    async def _steps(self, seconds: tuple[int, ...]) -> None:
        await self._scene.world.settle()
        for each in seconds:
            self._scene.keys.look()
            self._scene.world.clock.plus(timedelta(seconds=each))
            await self._scene.world.settle()
        self._scene.keys.look()

    async def _tidied_up(self) -> None:
        """An admin who still may ends the lockdown and puts back what somebody changed in the rule."""
        record = Record(self._bot.settings.database)
        for who in ADMINS:
            phone = self._scene.world.people[who]
            known = record.account(phone.user_id)
            if known and known["standing"] == "ok" and not phone.blocked:
                phone.send("/lockdown off")
                await self._scene.world.settle()
                phone.press(1, "1:putback:-:", inaccessible=True)
                await self._scene.world.settle()
                return

    async def _calm_presses(self) -> None:
        taps: list[tuple[str, Tap]] = []
        chance = random.Random(f"calm {self.told.seed}")
        for who, phone in self._scene.world.people.items():
            buttons = [] if phone.blocked else self._scene.players.buttons(who)
            if buttons:
                message_id, _, data = chance.choice(buttons)
                taps.append((who, phone.press(message_id, data)))
                await self._scene.world.settle()
        self.told.wrong += [f"{who}'s press {tap.value} was never answered" for who, tap in taps if not tap.answered]

    @property
    def _bot(self) -> SandboxBot:
        assert isinstance(self._scene.world.bot, SandboxBot)
        return self._scene.world.bot

    async def _look(self, *, late: bool) -> None:
        world, told, parts = self._scene.world, self.told, self._bot.app.parts
        record = Record(self._bot.settings.database)
        async with parts.store.read() as tx:
            whole = await tx.audit.first_broken() is None
            unknown = await unknown_among(tx, await parts.edge.all_certificates())
        told.tags |= {event["tag"] for event in record.events}
        shown = frozenset(one.cloudflare_id for one in unknown)
        vault = frozenset(row["public_id"] for row in record.certificates if parts.vault.look(row["public_id"]))
        told.wrong += self._scene.dashboard.differences()
        told.wrong += invariant_checks.certificates(world, record, self._scene.dashboard, shown)
        told.wrong += invariant_checks.permissions(world, record, self._scene.keys, parts.policy.device_limit)
        told.wrong += invariant_checks.events(record, whole=whole)
        told.wrong += invariant_checks.left_over(record, world.clock.now())
        orphans = self._scene.weather.unlearnt + told.kills
        told.wrong += external_checks.chats(world, record, vault, orphans=orphans, late=late)
        told.wrong += external_checks.words(world, record, self._scene.keys)
        told.wrong += await external_checks.edge(world, record, self._scene.keys, self._scene.opened)
        told.wrong += external_checks.disk(world, self._scene.keys, self._scene.log)
        told.wrong += external_checks.answers(world, self._scene.lives)
        told.calls, told.worst = len(world.cloudflare.calls), self._scene.meter.worst
        told.files, told.keys = sum(self._scene.keys.seen_files.values()), len(self._scene.keys.keys)
        if self._scene.meter.worst > MOST_CALLS:
            told.wrong.append(f"{self._scene.meter.worst} calls to Cloudflare in five minutes")
