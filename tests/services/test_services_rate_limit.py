"""Who is heard how often: the measures by themselves."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.people.people import Role, Standing
from bot.services.rate_limit import (
    ALL_GUESTS,
    ALL_STRANGERS,
    MEMBER_RATE,
    ONE_ACCOUNT,
    STANDINGS_TTL,
    STRANGERS_RATE,
    RateDecision,
    RateLimiter,
    TokenBucket,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANNA, KIM, TOM, EVE = 1, 2, 3, 4
THE_LEAST = timedelta(microseconds=1)


def admission() -> RateLimiter:
    made = RateLimiter()
    made.update_standings(
        {
            ANNA: (Role.ADMIN, Standing.OK),
            KIM: (Role.MEMBER, Standing.FROZEN),
            TOM: (Role.GUEST, Standing.OK),
            EVE: (Role.MEMBER, Standing.REMOVED),
        },
        NOW,
    )
    return made


def heard(made: RateLimiter, who: int, times: int, *, at: datetime = NOW, takes_away: bool = False) -> int:
    return sum(made.decide(who, at, takes_away=takes_away) is RateDecision.HEARD for _ in range(times))


def test_a_person_is_told_once_and_then_met_with_silence_until_it_calms() -> None:
    made = admission()
    said = [made.decide(ANNA, NOW, takes_away=False) for _ in range(40)]
    assert said == [RateDecision.HEARD] * 30 + [RateDecision.SLOW] + [RateDecision.DROPPED] * 9
    assert made.decide(ANNA, NOW + timedelta(seconds=29), takes_away=False) is RateDecision.DROPPED
    assert heard(made, ANNA, 20, at=NOW + timedelta(seconds=30)) == 15
    assert made.decide(KIM, NOW, takes_away=False) is RateDecision.HEARD


def test_what_takes_away_is_never_too_much_and_uses_nothing_up() -> None:
    made = admission()
    assert heard(made, KIM, 500, takes_away=True) == 500
    assert heard(made, KIM, 500) == MEMBER_RATE[0]
    assert heard(made, KIM, 500, takes_away=True) == 500


def test_strangers_share_one_measure_and_each_has_a_small_one() -> None:
    made = admission()
    assert heard(made, 1000, 100, takes_away=True) == ONE_ACCOUNT[0]
    rest = sum(heard(made, 2000 + n, 3) for n in range(1000))
    assert rest == ALL_STRANGERS[0] - ONE_ACCOUNT[0]
    # Those who asked to come in have another measure, and those who belong here their own.
    assert heard(made, TOM, 100) == ONE_ACCOUNT[0]
    assert ALL_GUESTS[0] > ONE_ACCOUNT[0]
    assert heard(made, ANNA, 10) == 10
    assert heard(made, 5000, 1, at=NOW + timedelta(seconds=1)) == 1


def test_the_shut_out_use_up_nobodys_measure() -> None:
    made = admission()
    for _ in range(1000):
        made.decide(EVE, NOW, takes_away=True)
    assert heard(made, TOM, 1) == heard(made, 7000, 1) == 1
    assert not made.belongs(None)
    assert made.belongs(EVE)


def test_memory_is_bounded() -> None:
    made = admission()
    for number in range(20_000):
        made.decide(number + 100, NOW, takes_away=False)
    assert len(made._accounts) == 2000
    assert len(made._people) == 0
    # Who was seen last is remembered, so nobody gets a fresh measure by a flood of others.
    assert list(made._accounts) == list(range(18_100, 20_100))


def test_what_is_known_of_people_grows_old() -> None:
    made = admission()
    assert made.knows_of_late(NOW)
    assert not made.knows_of_late(NOW + timedelta(seconds=1))
    # A clock that was set back.
    assert not made.knows_of_late(NOW - timedelta(seconds=1))
    assert not RateLimiter().knows_of_late(NOW)


@given(st.lists(st.floats(min_value=-3600, max_value=3600, allow_nan=False), max_size=200))
def test_never_more_than_the_measure_whatever_the_clock_does(steps: list[float]) -> None:
    bucket, at, forward, taken = TokenBucket((5, 0.5)), NOW, 0.0, 0
    for step in steps:
        at += timedelta(seconds=step)
        forward += max(0.0, step)
        taken += bucket.take(at)
    assert taken <= 5 + forward * 0.5 + 0.001


def test_what_is_known_of_people_is_new_for_just_below_a_second() -> None:
    made = admission()
    assert made.knows_of_late(NOW + STANDINGS_TTL - THE_LEAST)
    assert not made.knows_of_late(NOW + STANDINGS_TTL)
    assert not made.knows_of_late(NOW - THE_LEAST)


def test_silence_ends_when_half_of_all_are_back_and_not_before() -> None:
    size, a_second = MEMBER_RATE
    half = timedelta(seconds=size / 2 / a_second)
    for after, verdict in ((half - timedelta(milliseconds=1), RateDecision.DROPPED), (half, RateDecision.HEARD)):
        bucket = TokenBucket(MEMBER_RATE)
        assert [bucket.take_or_rest(NOW) for _ in range(size + 1)][-1] is RateDecision.SLOW
        assert bucket.take_or_rest(NOW + after) is verdict


def test_one_comes_back_after_its_time_and_not_before() -> None:
    for measure in (MEMBER_RATE, ONE_ACCOUNT, ALL_GUESTS, ALL_STRANGERS, STRANGERS_RATE):
        size, a_second = measure
        one = timedelta(seconds=1 / a_second)
        for after, taken in ((one - timedelta(milliseconds=1), False), (one + THE_LEAST, True)):
            bucket = TokenBucket(measure)
            assert [bucket.take(NOW) for _ in range(size + 1)] == [True] * size + [False]
            assert bucket.take(NOW + after) is taken
        bucket = TokenBucket(measure)
        assert bucket.take(NOW)
        # It is never fuller than full.
        assert sum(bucket.take(NOW + timedelta(days=9)) for _ in range(2 * size)) == size


def test_all_of_one_kind_share_a_measure_and_no_other_kind_does() -> None:
    made = RateLimiter()
    kinds = {
        ALL_GUESTS: (Role.GUEST, Standing.OK),
        STRANGERS_RATE: (Role.GUEST, Standing.BLOCKED),
    }
    people = {10_000 * at + n: who for at, who in enumerate(kinds.values(), 1) for n in range(100)}
    made.update_standings(people, NOW)
    for at, measure in enumerate(kinds, 1):
        assert sum(heard(made, 10_000 * at + n, 1) for n in range(100)) == measure[0]
    assert sum(heard(made, 90_000 + n, 1) for n in range(100)) == ALL_STRANGERS[0]
    # Nobody's updates are a stranger's.
    assert made.decide(None, NOW, takes_away=True) is RateDecision.DROPPED


@pytest.mark.parametrize("standing", list(Standing))
@pytest.mark.parametrize("role", list(Role))
def test_for_whom_what_takes_away_is_never_too_much(role: Role, standing: Standing) -> None:
    made = RateLimiter()
    made.update_standings({ANNA: (role, standing)}, NOW)
    belongs = role in {Role.ADMIN, Role.MEMBER}
    assert made.belongs(ANNA) is belongs
    always = belongs and standing not in {Standing.BLOCKED, Standing.REMOVED}
    assert (heard(made, ANNA, 500, takes_away=True) == 500) is always


def test_an_update_that_cannot_be_stored_is_judged_once() -> None:
    made = admission()
    for _ in range(100):
        assert made.decide_once(1, ANNA, NOW, takes_away=False) is RateDecision.HEARD
    made.arrived()
    assert heard(made, ANNA, 100) == MEMBER_RATE[0] - 1
    assert made.decide_once(1, ANNA, NOW, takes_away=False) is RateDecision.DROPPED


def test_the_measures() -> None:
    """So many at once, and so many a second: all strangers together cannot keep a small machine busy."""
    assert {
        "belongs": MEMBER_RATE,
        "one account": ONE_ACCOUNT,
        "guests": ALL_GUESTS,
        "strangers": ALL_STRANGERS,
        "shut out": STRANGERS_RATE,
    } == {
        "belongs": (30, 0.5),
        "one account": (10, 1 / 6),
        "guests": (50, 5.0),
        "strangers": (50, 5.0),
        "shut out": (10, 1.0),
    }


def test_a_clock_that_was_set_back_gives_nothing_and_takes_nothing() -> None:
    bucket = TokenBucket((10, 1.0))
    assert [bucket.take(NOW) for _ in range(5)] == [True] * 5
    assert [bucket.take(NOW - timedelta(seconds=30)) for _ in range(6)] == [True] * 5 + [False]
