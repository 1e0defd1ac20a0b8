"""The real bot on the sandbox: in this process, or in one of its own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from bot.app import App
from bot.edge.probe import Route
from bot.model.audit import SYSTEM, AuditTag
from bot.model.people.people import Account, Role
from bot.services.rule_observer import RuleObserver
from bot.settings import Settings
from bot.store.engine.database import Store, prepare
from bot.store.engine.schema import migrate
from sandbox.addresses import addresses
from sandbox.clock import SandboxClock
from sandbox.edge.authority import ROOT_NAME
from sandbox.world import World


class SandboxBot:
    """The bot for a world, in this process. Its database stays when it ends, as on a real machine."""

    def __init__(self, world: World, admins: Sequence[int], look: RuleObserver | None = None) -> None:
        self._world = world
        self._look = look
        self._settings = settings_for(world.directory, admins)
        self._app: App | None = None

    @property
    def app(self) -> App:
        """The running bot's inside, for tests.

        Raises:
            RuntimeError: it does not run.
        """
        if self._app is None:
            raise RuntimeError("the bot does not run")
        return self._app

    @property
    def settings(self) -> Settings:
        """What it runs with."""
        return self._settings

    async def start(self) -> None:
        """See ``BotHandle.start``. Members of the household are written down before the first start."""
        if not self._settings.database.exists():
            lay_down(self._settings.database)
            await write_members_down(self._world, self._settings)
        self._app = App(self._settings, self._world.clock, route=route_for(self._world.directory), look=self._look)
        await self._app.start()

    async def stop(self) -> None:
        """See ``BotHandle.stop``."""
        await self.app.park()
        await self.app.stop()
        self._app = None

    async def kill(self) -> None:
        """See ``BotHandle.kill``. What a process holds in memory is lost; what it committed stays."""
        await self.app.stop()
        self._app = None

    async def idle(self) -> None:
        """See ``BotHandle.idle``; an end of the bot by itself comes out here."""
        app = self.app
        idle = asyncio.ensure_future(app.idle())
        ended = asyncio.ensure_future(app.run())
        try:
            await asyncio.wait([idle, ended], return_when=asyncio.FIRST_COMPLETED)
            if ended.done():
                ended.result()
        finally:
            idle.cancel()
            ended.cancel()
            await asyncio.gather(idle, ended, return_exceptions=True)


def lay_down(file: Path) -> None:
    """Make an empty database in ``file``, as a first start of the bot does.

    The migrations run once in a process; after that their outcome is copied, as running them takes longer than all
    the rest of a start. A bot that finds such a file still looks whether it is up to date.
    """
    prepare(file)
    if not _EMPTY:
        migrate(file)
        assert not file.with_name(file.name + "-wal").exists()
        _EMPTY.append(file.read_bytes())
    file.write_bytes(_EMPTY[0])


_EMPTY: list[bytes] = []


def settings_for(directory: Path, admins: Sequence[int]) -> Settings:
    """The settings for the stand-ins that publish their addresses in ``directory``."""
    published = addresses(directory)
    return Settings(
        telegram_token=SecretStr(published["telegram"]["token"]),
        telegram_api=published["telegram"]["url"],
        cloudflare_token=SecretStr(published["cloudflare"]["token"]),
        cloudflare_api=published["cloudflare"]["api"],
        zone=published["cloudflare"]["zone"],
        admins=frozenset(admins),
        database=directory / "bot" / "latchkey.sqlite3",
        # What comes on Mondays alone would make a story depend on the day it is told.
        digest="off",
    )


def route_for(directory: Path) -> Route:
    """How the bot's own requests reach the edge that publishes its address in ``directory``, whatever a name says."""
    return Route(("127.0.0.1", addresses(directory)["edge"]["port"]), directory / ROOT_NAME)


async def write_members_down(world: World, settings: Settings) -> None:
    """Make the people of a world what its roles say, as if an admin had let them in long ago."""
    members = [name for name, roles in world.roles.items() if roles & {"member", "trusted"} and "admin" not in roles]
    if not members:
        return
    store = Store(settings.database, world.clock, settings.telegram_token.get_secret_value())
    try:
        async with store.write() as tx:
            for name in members:
                phone = world.people[name]
                account = Account(telegram_id=phone.user_id, name=name, language=phone.language)
                person = await tx.people.register(account, Role.MEMBER, tag=AuditTag.PERSON_LET_IN, actor=SYSTEM)
                if "trusted" in world.roles[name]:
                    await tx.people.change(person, tag=AuditTag.PERSON_TRUSTED, trusted=True)
    finally:
        await store.close()


async def run_bot(directory: Path) -> None:
    """Run the bot until it ends or is cancelled, for the sandbox that other processes run on ``directory``."""
    admins = addresses(directory).get("admins", [])
    app = App(settings_for(directory, admins), SandboxClock(directory / "clock"), route=route_for(directory))
    await app.start()
    try:
        await app.run()
    finally:
        await app.stop()
