"""The real bot on the sandbox: in this process, or in one of its own."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from pydantic import SecretStr

from bot.app import App
from bot.settings import Settings
from sandbox.addresses import addresses
from sandbox.clock import SandboxClock
from sandbox.world import World


class SandboxBot:
    """The bot for a world, in this process. Its database stays when it ends, as on a real machine."""

    def __init__(self, world: World, admins: Sequence[int]) -> None:
        self._world = world
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
        """See ``BotHandle.start``."""
        self._app = App(self._settings, self._world.clock)
        await self._app.start()

    async def stop(self) -> None:
        """See ``BotHandle.stop``."""
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
    )


async def run_bot(directory: Path) -> None:
    """Run the bot until it ends or is cancelled, for the sandbox that other processes run on ``directory``."""
    admins = addresses(directory).get("admins", [])
    app = App(settings_for(directory, admins), SandboxClock(directory / "clock"))
    await app.start()
    try:
        await app.run()
    finally:
        await app.stop()
