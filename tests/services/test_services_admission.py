"""Who is heard how often: the measures by themselves."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.model.people import Role, Standing
from bot.services.admission import (
    ALL_GUESTS,
    ALL_STRANGERS,
    BELONGS,
    ONE_ACCOUNT,
    Admission,
    Bucket,
    Verdict,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
ANNA, KIM, TOM, EVE = 1, 2, 3, 4


def admission() -> Admission:
    made = Admission()
    made.learn(
        {
            ANNA: (Role.ADMIN, Standing.OK),
            KIM: (Role.MEMBER, Standing.FROZEN),
            TOM: (Role.GUEST, Standing.OK),
            EVE: (Role.MEMBER, Standing.REMOVED),
        },
        NOW,
    )
    return made


def heard(made: Admission, who: int, times: int, *, at: datetime = NOW, takes_away: bool = False) -> int:
    return sum(made.judge(who, at, takes_away=takes_away) is Verdict.HEARD for _ in range(times))


def test_a_person_is_told_once_and_then_met_with_silence_until_it_calms() -> None:
    made = admission()
    said = [made.judge(ANNA, NOW, takes_away=False) for _ in range(40)]
    assert said == [Verdict.HEARD] * 30 + [Verdict.SLOW] + [Verdict.DROPPED] * 9
    assert made.judge(ANNA, NOW + timedelta(seconds=29), takes_away=False) is Verdict.DROPPED
    assert heard(made, ANNA, 20, at=NOW + timedelta(seconds=30)) == 15
    assert made.judge(KIM, NOW, takes_away=False) is Verdict.HEARD


def test_what_takes_away_is_never_too_much_and_uses_nothing_up() -> None:
    made = admission()
    assert heard(made, KIM, 500, takes_away=True) == 500
    assert heard(made, KIM, 500) == BELONGS[0]
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
        made.judge(EVE, NOW, takes_away=True)
    assert heard(made, TOM, 1) == heard(made, 7000, 1) == 1
    assert not made.belongs(None)
    assert made.belongs(EVE)


def test_memory_is_bounded() -> None:
    made = admission()
    for number in range(20_000):
        made.judge(number + 100, NOW, takes_away=False)
    assert len(made._accounts) == 2000
    assert len(made._people) == 0


def test_what_is_known_of_people_grows_old() -> None:
    made = admission()
    assert made.knows_of_late(NOW)
    assert not made.knows_of_late(NOW + timedelta(seconds=1))
    # A clock that was set back.
    assert not made.knows_of_late(NOW - timedelta(seconds=1))
    assert not Admission().knows_of_late(NOW)


@given(st.lists(st.floats(min_value=-3600, max_value=3600, allow_nan=False), max_size=200))
def test_never_more_than_the_measure_whatever_the_clock_does(steps: list[float]) -> None:
    bucket, at, forward, taken = Bucket((5, 0.5)), NOW, 0.0, 0
    for step in steps:
        at += timedelta(seconds=step)
        forward += max(0.0, step)
        taken += bucket.take(at)
    assert taken <= 5 + forward * 0.5 + 0.001
