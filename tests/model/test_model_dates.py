"""Days as people write them, and the moments they mean."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadDate, BadValidity
from bot.model.dates import end_in, end_of_day
from bot.model.losses import LastHeld, since_when

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
"""Half past midnight on the 25th in Madrid."""


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 Aug", (2027, 8, 31)),
        ("31 august", (2027, 8, 31)),
        ("31. Aug. 2028", (2028, 8, 31)),
        ("  1   dec ", (2026, 12, 1)),
        ("25 Nov", (2026, 11, 25)),
        ("24 Nov", (2027, 11, 24)),
        ("31.8.", (2027, 8, 31)),
        ("31/8/2027", (2027, 8, 31)),
        ("2027-08-31", (2027, 8, 31)),
        ("2w", (2026, 12, 9)),
    ],
)
def test_a_day_ends_as_the_clocks_at_home_show_it(text: str, day: tuple[int, int, int]) -> None:
    assert end_of_day(text, NOW, MADRID) == datetime(*day, 23, 59, 59, tzinfo=MADRID)


@pytest.mark.parametrize(
    "text", ["", "soon", "31 Feb", "0 Aug", "31.13.", "2020-01-01", "1 Jan 2099", "99 99", "31 Augtober 12", "-5"]
)
def test_what_is_no_day_to_come_is_refused(text: str) -> None:
    with pytest.raises(BadDate):
        end_of_day(text, NOW, MADRID)


@given(st.text(max_size=20))
def test_no_text_breaks_it(text: str) -> None:
    try:
        end = end_of_day(text, NOW, MADRID)
    except (BadDate, BadValidity):
        return
    assert end > NOW


def test_a_month_ahead() -> None:
    assert end_in(30, NOW, MADRID) == datetime(2026, 12, 25, 23, 59, 59, tzinfo=MADRID)


def test_each_answer_reaches_further_back() -> None:
    reported = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    moments = [since_when(answer, reported, MADRID) for answer in LastHeld]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == reported - timedelta(minutes=15)
    assert moments[2] == datetime(2026, 11, 24, tzinfo=MADRID)
    # In the first hour of a day, this morning is still more than a moment ago.
    assert since_when(LastHeld.THIS_MORNING, NOW, MADRID) == NOW - timedelta(hours=1)
