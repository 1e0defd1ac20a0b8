"""For how many whole days a certificate may be asked."""

from datetime import date, timedelta

import pytest

from bot.errors import InvalidValidity, UnclearTime
from bot.model.dates import MAX_VALIDITY_DAYS, whole_days

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize("days", [1, 2, MAX_VALIDITY_DAYS])
def test_so_many_days_a_certificate_may_last(days: int) -> None:
    assert whole_days(timedelta(days=days), "", TODAY) == days
    assert whole_days(TODAY + timedelta(days=days), "", TODAY) == days


@pytest.mark.parametrize("term", [timedelta(0), timedelta(days=MAX_VALIDITY_DAYS + 1), TODAY + timedelta(days=3651)])
def test_out_of_bounds(term: timedelta | date) -> None:
    with pytest.raises(InvalidValidity) as refused:
        whole_days(term, "", TODAY)
    assert refused.value.most_days == MAX_VALIDITY_DAYS


@pytest.mark.parametrize("days", [0, -1, -400])
def test_a_certificate_does_not_end_in_the_past(days: int) -> None:
    with pytest.raises(UnclearTime) as asked:
        whole_days(TODAY + timedelta(days=days), "then", TODAY)
    assert (asked.value.why, asked.value.what) == ("past", "then")


@pytest.mark.parametrize(
    ("hours", "choices"), [(12, [1]), (23, [1]), (25, [1, 2]), (36, [1, 2]), (24 * 3650 + 1, [3650]), (0.1, [1])]
)
def test_less_than_whole_days_is_asked_about(hours: float, choices: list[int]) -> None:
    with pytest.raises(UnclearTime) as asked:
        whole_days(timedelta(hours=hours), "so long", TODAY)
    assert asked.value.why == "days"
    assert asked.value.choices == tuple(timedelta(days=one) for one in choices)
