"""When a change by somebody else is a program's work: the third within a day."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.protection.rule_changes import REPEATED, WITHIN, Change, Found, found_anew

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MISSING = "missing"


def after(*ago: timedelta, waits: bool = False) -> Found:
    """What comes of a change found that long ago each time, the last of them."""
    found = Found(kept={}, as_usual=frozenset(), repeated=frozenset(), times=0)
    for moment in ago:
        found = found_anew(found.kept, [MISSING], NOW - moment, waits=waits)
    return found


def test_the_second_is_told_as_usual_and_the_third_as_a_programs_work() -> None:
    second = after(2 * SECOND, SECOND)
    assert (second.as_usual, second.repeated, second.times) == (frozenset({MISSING}), frozenset(), 0)
    third = after(2 * SECOND, SECOND, 0 * SECOND)
    assert (third.as_usual, third.repeated, third.times) == (frozenset(), frozenset({MISSING}), REPEATED)


@pytest.mark.parametrize(("first", "repeated"), [(WITHIN - SECOND, True), (WITHIN, False)])
def test_they_count_for_a_day(first: timedelta, repeated: bool) -> None:
    third = after(first, SECOND, 0 * SECOND)
    assert bool(third.repeated) is repeated
    assert bool(third.as_usual) is not repeated


def test_after_that_nothing_is_told_for_a_day() -> None:
    hours = [timedelta(hours=hour) for hour in range(30, -1, -1)]
    told = [bool(after(*hours[:count]).repeated) for count in range(1, len(hours) + 1)]
    # The third says it, and the one a day after that.
    assert [number for number, one in enumerate(told, start=1) if one] == [3, 27]
    assert after(*hours[:4]).as_usual == frozenset()


def test_what_waits_for_a_tap_is_told_every_time() -> None:
    hours = [timedelta(hours=hour) for hour in range(5, -1, -1)]
    told = [after(*hours[:count], waits=True) for count in range(1, len(hours) + 1)]
    assert [bool(one.repeated) for one in told] == [False, False, True, True, True, True]
    assert told[-1].times == len(hours)


def test_one_change_counts_for_itself() -> None:
    found = after(2 * SECOND, SECOND)
    other = found_anew(found.kept, ["skipped"], NOW, waits=False)
    assert (other.as_usual, other.repeated) == (frozenset({"skipped"}), frozenset())
    both = found_anew(other.kept, ["skipped", MISSING], NOW, waits=False)
    assert (both.as_usual, both.repeated) == (frozenset({"skipped"}), frozenset({MISSING}))


def test_what_happened_most_often_tells_the_number() -> None:
    often = after(4 * SECOND, 3 * SECOND, 2 * SECOND, waits=True)
    seldom = after(3 * SECOND, 2 * SECOND, waits=True)
    both = found_anew({**often.kept, "skipped": seldom.kept[MISSING]}, ["skipped", MISSING], NOW, waits=True)
    assert (both.repeated, both.times) == (frozenset({"skipped", MISSING}), 4)


def test_moments_to_come_do_not_count() -> None:
    """A clock that was set back leaves them."""
    third = after(-2 * SECOND, -SECOND, 0 * SECOND)
    assert third.as_usual == frozenset({MISSING})


@settings(deadline=None)
@given(st.lists(st.integers(0, 3 * 86_400), max_size=30).map(sorted))
def test_no_day_sees_more_than_two_usual_words_and_one_of_a_program(moments: list[int]) -> None:
    known: Mapping[str, Change] = {}
    usual, repeated = [], []
    for moment in moments:
        found = found_anew(known, [MISSING], NOW + moment * SECOND, waits=False)
        known = found.kept
        usual += [moment] * len(found.as_usual)
        repeated += [moment] * len(found.repeated)
        assert len(known[MISSING].found) <= len(moments)
        assert all(NOW + moment * SECOND - one < WITHIN for one in known[MISSING].found)
    for told, most in ((usual, REPEATED - 1), (repeated, 1)):
        for start in told:
            assert len([one for one in told if start <= one < start + WITHIN.total_seconds()]) <= most
