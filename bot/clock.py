"""The one source of time: everything that needs the moment, or waits, is given a ``Clock``."""

import asyncio
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

    A long wait is taken in steps and measured by the wall clock: a machine that slept, or whose clock
    was set, wakes its waiters within a step (``asyncio.sleep`` alone counts monotonic time, which stands
    still during suspend on Linux).
    """

    _STEP_SECONDS = 15.0

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)

    async def wait(self, seconds: float) -> None:
        """Return when ``seconds`` have passed."""
        until = self.now().timestamp() + seconds
        while (left := until - self.now().timestamp()) > 0:  # noqa: ASYNC110 -- there is no event to wait for
            await asyncio.sleep(min(left, self._STEP_SECONDS))
