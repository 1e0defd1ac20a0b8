"""Durations as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadValidity
from bot.model.durations import MOST_VALIDITY_DAYS, looks_like_duration, validity_days


@pytest.mark.parametrize(
    ("word", "days"),
    [("1d", 1), ("90d", 90), ("6w", 42), ("18m", 540), ("2y", 730), ("10y", 3650), ("90D", 90), (" 90 d ", 90)],
)
def test_units(word: str, days: int) -> None:
    assert validity_days(word) == days


@pytest.mark.parametrize(
    "word", ["", "d", "90", "0d", "-1d", "3651d", "11y", "1.5y", "1y6m", "90 days", "1h", "999999d", "d90", "1d\n2d"]
)
def test_what_is_no_duration_or_out_of_bounds(word: str) -> None:
    with pytest.raises(BadValidity) as refused:
        validity_days(word)
    assert refused.value.most_days == MOST_VALIDITY_DAYS


@pytest.mark.parametrize("word", ["90d", "0d", "-1d", "+2y", "99999999d", "2Y"])
def test_meant_as_a_duration(word: str) -> None:
    assert looks_like_duration(word)


@pytest.mark.parametrize("word", ["pixel8", "8", "d", "2days", "90d-phone", "y2", "iphone 2y"])
def test_not_meant_as_a_duration(word: str) -> None:
    assert not looks_like_duration(word)


@given(st.text(max_size=8) | st.from_regex(r"[-+]?\d{1,7}[dwmyDWMYx]"))
def test_any_word_gives_days_within_bounds_or_is_refused(word: str) -> None:
    try:
        days = validity_days(word)
    except BadValidity:
        return
    assert 1 <= days <= MOST_VALIDITY_DAYS
