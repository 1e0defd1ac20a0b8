"""One bot for one database: a lock on a file beside it, let go by the system when the process ends."""

import fcntl
import os
import time
from pathlib import Path

from bot.errors import AlreadyRunning, InvalidDatabase

_LOOK_AGAIN_SECONDS = 0.1


class InstanceLock:
    """Holds the lock from ``take`` to ``release``."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(database.name + ".lock")
        self._descriptor: int | None = None

    def take(self, *, patience_seconds: float = 0.0) -> None:
        """Take the lock; wait for it as long as ``patience_seconds``: the command line holds it while it brings the
        database up to date.

        Raises:
            AlreadyRunning: another process has it.
            DatabaseWrong: the file cannot be made.
        """
        try:
            descriptor = os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise InvalidDatabase(f"The lock {self._file} cannot be made: {error.strerror}.") from None
        until = time.monotonic() + patience_seconds
        while not _locked(descriptor):
            if time.monotonic() >= until:
                os.close(descriptor)
                raise AlreadyRunning("Another Latchkey runs on this database: stop it first.")
            time.sleep(_LOOK_AGAIN_SECONDS)
        self._descriptor = descriptor

    def release(self) -> None:
        """Let the lock go."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None


def _locked(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
