"""A household with members at the sandbox, and short words for asking and deciding."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.model.people.people import Person
from sandbox.bot import SandboxBot
from sandbox.world import Person as Phone
from sandbox.world import World
from tests.household import Household

ADMIN, MEMBER, TRUSTED = frozenset({"admin"}), frozenset({"member"}), frozenset({"trusted"})
FAMILY = (Phone("Anna", ADMIN), Phone("Ben", ADMIN), Phone("Tom", MEMBER), Phone("Mia", TRUSTED), Phone("Kim"))


class Family(Household):
    """Anna and Ben are admins, Tom is a member, Mia is trusted, Kim is a stranger."""

    async def person(self, who: str) -> Person:
        """Somebody as the record knows them."""
        async with self.bot.app.parts.store.read() as tx:
            return await tx.people.of_telegram(self.phone(who).user_id)

    async def comes_in(self, who: str, by: str = "Anna") -> None:
        """Ask, and be let in."""
        await self.say(who, "hello")
        await self.tap(who, "Ask to come in")
        await self.tap(by, "Let in")

    async def gets(self, who: str) -> None:
        """Take the key that was allowed, on an Android phone, with the proposed name where none was given."""
        await self.tap(who, "Android")
        if any(b.text.startswith("Call it") for row in self.newest_with_buttons(who) for b in row):
            await self.tap(who, next(b.text for row in self.newest_with_buttons(who) for b in row))
        await self.tap(who, "Send me the key")

    def newest_with_buttons(self, who: str):  # type: ignore[no-untyped-def]
        """The rows of the newest message that has any."""
        return next(m.rows for m in reversed(self.phone(who).chat) if m.from_bot and m.rows)

    async def tags(self) -> list[str]:
        """The record's tags, oldest first; the chain must be whole."""
        async with self.bot.app.parts.store.read() as tx:
            assert await tx.audit.first_broken() is None
            return [event.tag async for event in tx.audit.events()]


@asynccontextmanager
async def family(directory: Path, **settings: object) -> AsyncIterator[Family]:
    """The family's home, running."""

    def bot(world: World, admins: object) -> SandboxBot:
        made = SandboxBot(world, admins)  # type: ignore[arg-type]
        if settings:
            made._settings = made.settings.model_copy(update=settings)
        return made

    async with World(directory, bot=bot, people=FAMILY) as world:
        await world.settle()
        yield Family(world)
