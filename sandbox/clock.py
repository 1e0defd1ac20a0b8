"""One clock for all processes of a sandbox: real time plus an offset kept in one small file."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

_LOOK_AGAIN_SECONDS = 0.05


class SandboxClock:
    """Real time, moved by whoever plays with the sandbox. Satisfies the bot's ``Clock``.

    The offset (seconds, a decimal number) lives in ``file``, so that stand-ins and the bot in
    other processes move together. Within one process waiters wake at once when it moves.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._moved = asyncio.Event()
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            self._write(0.0)

    def now(self) -> datetime:
        """The sandbox's present moment, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._offset())

    def plus(self, by: timedelta) -> None:
        """Move the clock; a negative ``by`` sets it back."""
        self._write(self._offset() + by.total_seconds())
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait(self, seconds: float) -> None:
        """Return when ``seconds`` have passed on this clock, or in truth: it may be set back meanwhile."""
        until, steady = self.now() + timedelta(seconds=seconds), time.monotonic() + seconds
        while (left := min((until - self.now()).total_seconds(), steady - time.monotonic())) > 0:
            # Not ``wait_for``: up to Python 3.11 it loses a cancellation that comes in the moment its time is up,
            # and whoever waited goes on for ever (https://github.com/python/cpython/issues/86296).
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_AGAIN_SECONDS)):
                    await self._moved.wait()

    def _offset(self) -> float:
        return float(self._file.read_text(encoding="ascii"))

    def _write(self, offset: float) -> None:
        fresh = self._file.with_suffix(".new")
        fresh.write_text(repr(offset), encoding="ascii")
        fresh.replace(self._file)
