"""The real bot of a sandbox in a process of its own, to be killed by the system."""

import asyncio
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sandbox.bot import run_bot, settings_for
from sandbox.world import World
from tests.children import die_with_the_tests
from tests.patience import LAST_RESORT_SECONDS
from tests.preloaded import FORKS

_LOOK_SECONDS = 0.02
_SILENT_LOOKS = 3
_DUE = "SELECT (SELECT count(*) FROM chore WHERE due_at <= ?) + (SELECT count(*) FROM inbox WHERE handled_at IS NULL)"


class ProcessBot:
    """See ``sandbox.world.BotHandle``."""

    def __init__(self, world: World, admins: Sequence[int]) -> None:
        del admins
        self._world = world

    async def start(self) -> None:
        """Start it, and wait until it polls."""
        self._process = FORKS.Process(target=_run, args=(self._world.directory,), daemon=True)
        await asyncio.to_thread(self._process.start)
        await asyncio.wait_for(self._world.telegram.account.updates.polled.wait(), LAST_RESORT_SECONDS)

    async def stop(self) -> None:
        """The end of a test: nobody needs it any more."""
        await self.kill()

    async def kill(self) -> None:
        """Send SIGKILL."""
        self._process.kill()
        await asyncio.to_thread(self._process.join)

    async def idle(self) -> None:
        """Return when nothing was due or unhandled for a while. Nobody tells, so the database is asked."""
        silent = 0
        while silent < _SILENT_LOOKS:
            await asyncio.sleep(_LOOK_SECONDS)
            silent = silent + 1 if self._left() == 0 else 0

    def _left(self) -> int:
        now = self._world.clock.now().strftime("%Y-%m-%d %H:%M:%S.%f")
        with closing(sqlite3.connect(settings_for(self._world.directory, ()).database)) as database:
            (left,) = database.execute(_DUE, (now,)).fetchone()
        return int(left)


def _run(directory: Path) -> None:
    die_with_the_tests()
    asyncio.run(run_bot(directory))
