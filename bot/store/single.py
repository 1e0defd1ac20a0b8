"""One bot for one database: a lock on a file beside it, let go by the system when the process ends."""

import fcntl
import os
from pathlib import Path

from bot.errors import AlreadyRunning, DatabaseWrong


class SingleRun:
    """Holds the lock from ``take`` to ``release``."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            AlreadyRunning: another process has it.
            DatabaseWrong: the file cannot be made.
        """
        try:
            descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise DatabaseWrong(f"The lock {self._file} cannot be made: {error.strerror}.") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise AlreadyRunning("Another Latchkey runs on this database: stop it first.") from None
        self._descriptor = descriptor

    def release(self) -> None:
        """Let the lock go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
