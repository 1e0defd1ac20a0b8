"""The one source of time: everything that needs the moment, or waits, is given a ``Clock``."""

import asyncio
import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the moment and waits."""

    def now(self) -> datetime:
        """The present moment, in UTC."""

    async def wait(self, seconds: float) -> None:
        """Return when ``seconds`` have passed on this clock."""


class SystemClock:
    """The machine's clock.

    A long wait is taken in steps and ends by the wall clock or by the steady one, whichever is first: monotonic
    time stands still while a Linux machine sleeps, and the wall clock may be set back.
    """

    _STEP_SECONDS = 15.0

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    async def wait(self, seconds: float) -> None:
        """Return when ``seconds`` have passed."""
        wall, steady = self.now().timestamp() + seconds, time.monotonic() + seconds
        while (left := min(wall - self.now().timestamp(), steady - time.monotonic())) > 0:  # noqa: ASYNC110 -- no event
            await asyncio.sleep(min(left, self._STEP_SECONDS))
