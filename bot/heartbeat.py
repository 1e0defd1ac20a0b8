"""The heartbeat: when Telegram last answered, in a small file beside the database.

A bot whose polling has died looks alive from outside; this is the one fact that does not.
"""

import os
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

STALE = timedelta(minutes=3)
_AT_MOST_EVERY = timedelta(seconds=1)
_CLOCKS_DIFFER = timedelta(minutes=1)


class _Clock(Protocol):
    def now(self) -> datetime: ...


class Heartbeat:
    """Writes and reads the moment of the last answer."""

    def __init__(self, database: Path, clock: _Clock) -> None:
        self._file = database.with_name(database.name + ".heartbeat")
        self._clock = clock
        self._beaten_at: datetime | None = None

    def beat(self) -> None:
        """Telegram has answered. Written once a second at most: under a flood it answers a hundred times."""
        now = self._clock.now()
        if self._beaten_at is not None and timedelta(0) <= now - self._beaten_at < _AT_MOST_EVERY:
            return
        self._beaten_at = now
        fresh = self._file.with_name(self._file.name + ".new")
        with suppress(OSError):
            # On a full disk there is no heartbeat: the bot is not well, and that is told.
            # Private like all that lies beside it: a file left by an earlier version goes first, and its mode with it.
            fresh.unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
            fresh.write_text(now.isoformat(), encoding="ascii")
            fresh.replace(self._file)

    def age(self) -> timedelta | None:
        """How long ago the last answer was; ``None`` when there never was one, or the file is no heartbeat."""
        try:
            return self._clock.now() - datetime.fromisoformat(self._file.read_text(encoding="ascii").strip())
        except (OSError, ValueError, TypeError):
            return None

    def is_alive(self) -> bool:
        """Whether Telegram answered lately."""
        age = self.age()
        return age is not None and -_CLOCKS_DIFFER < age < STALE
