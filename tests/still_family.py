"""The family with the bot off and the clock held: rules at the very moment at which they turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.model.jobs import JobKind
from bot.model.notices import Notice
from bot.model.people.people import Account, Person
from bot.model.people.requests import Request
from bot.services.context import AppContext
from bot.services.people.identify import recognise
from bot.store.engine.database import Store
from sandbox.bot import SandboxBot
from sandbox.world import World
from tests.family import FAMILY

THE_LEAST = timedelta(microseconds=1)


class HeldClock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment."""
        return self.moment

    def plus(self, by: timedelta) -> None:
        """Move it."""
        self.moment += by

    async def wait(self, seconds: float) -> None:
        """Nothing here waits."""
        raise AssertionError(f"somebody waits for {seconds} s")


class StillFamily:
    """Anna and Ben are admins, Tom is a member, Mia is trusted, Kim is a stranger; nobody carries out orders."""

    def __init__(self, world: World, app: AppContext, clock: HeldClock) -> None:
        self.world = world
        self.parts = app
        self.clock = clock

    async def who(self, name: str) -> Person:
        """Somebody of the family, as the gate knows them when they write."""
        return await self.named(name, name)

    async def named(self, name: str, called: str) -> Person:
        """The same, by the name that they have in Telegram now."""
        return await recognise(self.parts, self.account(name, called))

    def account(self, name: str, called: str | None = None) -> Account:
        """What Telegram tells of somebody."""
        return Account(telegram_id=self.world.people[name].user_id, name=called or name, language="en")

    async def now(self, request: Request) -> Request:
        """A request as it is now."""
        async with self.parts.store.read() as tx:
            return await tx.requests.of(request.public_id)

    async def told(self, notice: type[Notice], name: str) -> list[dict[str, Any]]:
        """What waits to be told to somebody."""
        async with self.parts.store.read() as tx:
            waiting = await tx.jobs.of_subject(JobKind.NOTICE, str(self.world.people[name].user_id))
        return [chore.payload for chore in waiting if chore.payload["notice"] == notice.__name__]


@asynccontextmanager
async def still_family(directory: Path, devices: dict[str, str] | None = None) -> AsyncIterator[StillFamily]:
    """The family's home, when the bot has been started once and stopped; ``devices`` that somebody has ordered."""
    async with World(directory, bot=SandboxBot, people=FAMILY) as world:
        for name in ("Anna", "Ben", "Tom", "Mia"):
            world.people[name].send("/whoami")
        for name, device in (devices or {}).items():
            world.people[name].send(f"/newcert {device}")
        await world.settle()
        assert isinstance(world.bot, SandboxBot)
        running, settings = world.bot.app.parts, world.bot.settings
        await world.kill_bot()
        clock = HeldClock(world.clock.now())
        store = Store(settings.database, clock, settings.telegram_token.get_secret_value())
        try:
            yield StillFamily(world, replace(running, store=store, clock=clock), clock)
        finally:
            await store.close()
