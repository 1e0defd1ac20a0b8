"""Our own budget of calls."""

import contextlib
from datetime import timedelta
from pathlib import Path

import pytest

from bot.edge.rate_budget import CallBudget
from bot.errors import Busy
from sandbox.clock import SandboxClock


def take(budget: CallBudget, times: int, *, takes_away: bool = False) -> None:
    for _ in range(times):
        budget.take(takes_away=takes_away)


def test_the_last_two_hundred_are_for_taking_away(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    budget = CallBudget(clock)
    take(budget, 900)
    with pytest.raises(Busy) as busy:
        take(budget, 1)
    assert 290 < busy.value.retry_after <= 300
    take(budget, 200, takes_away=True)
    with pytest.raises(Busy):
        take(budget, 1, takes_away=True)
    clock.plus(timedelta(minutes=5, seconds=1))
    take(budget, 900)


def test_the_window_slides(tmp_path: Path) -> None:
    clock = SandboxClock(tmp_path / "clock")
    budget = CallBudget(clock)
    take(budget, 450)
    clock.plus(timedelta(minutes=3))
    take(budget, 450)
    clock.plus(timedelta(minutes=2, seconds=1))
    take(budget, 450)
    with pytest.raises(Busy) as busy:
        take(budget, 1)
    assert 170 < busy.value.retry_after < 180


@pytest.mark.parametrize("back", [timedelta(minutes=1), timedelta(hours=6), timedelta(days=400)])
def test_a_clock_set_back_does_not_shut_us_out_for_long(tmp_path: Path, back: timedelta) -> None:
    clock = SandboxClock(tmp_path / "clock")
    budget = CallBudget(clock)
    take(budget, 1100, takes_away=True)
    clock.plus(-back)
    with contextlib.suppress(Busy):
        take(budget, 1)
    clock.plus(timedelta(minutes=10))
    take(budget, 1)
