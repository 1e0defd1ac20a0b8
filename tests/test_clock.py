"""The machine's clock."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import SystemClock
from tests.patience import LAST_RESORT_SECONDS


def test_now_is_utc() -> None:
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)


async def test_waiting_takes_its_time() -> None:
    start = time.monotonic()
    await SystemClock().wait(0.05)
    assert time.monotonic() - start >= 0.045


@pytest.mark.parametrize("seconds", [0, -5])
async def test_what_is_past_is_not_waited_for(seconds: float) -> None:
    await asyncio.wait_for(SystemClock().wait(seconds), LAST_RESORT_SECONDS)


async def test_a_clock_set_forward_wakes_its_waiters_within_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    class Jumping(SystemClock):
        _STEP_SECONDS = 0.01
        ahead = timedelta(0)

        def now(self) -> datetime:
            return super().now() + self.ahead

    clock = Jumping()
    waiter = asyncio.create_task(clock.wait(3600))
    await asyncio.sleep(0)
    assert not waiter.done()
    clock.ahead = timedelta(hours=2)
    await asyncio.wait_for(waiter, LAST_RESORT_SECONDS)
