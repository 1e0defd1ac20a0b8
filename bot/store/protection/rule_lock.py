"""One writer of the rule at a time: a lock on a file beside the database, for the bot and the command line alike."""

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.clock import Clock
from bot.errors import InvalidDatabase

_LOOK_AGAIN_SECONDS = 0.05


class RuleLock:
    """Held from before the rows are read until after what was written is recorded; let go by the system at the end
    of the process.
    """

    def __init__(self, database: Path, clock: Clock) -> None:
        self._file = database.with_name(database.name + ".rule-lock")
        self._clock = clock

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Wait for the lock and hold it.

        Raises:
            DatabaseWrong: the file cannot be made.
        """
        try:
            descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise InvalidDatabase(f"The lock {self._file} cannot be made: {error.strerror}.") from None
        try:
            while not _taken(descriptor):
                await self._clock.wait(_LOOK_AGAIN_SECONDS)
            yield
        finally:
            os.close(descriptor)


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
