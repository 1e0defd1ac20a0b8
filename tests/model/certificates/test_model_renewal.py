"""When a certificate's owner is reminded, and when a phone may make a sound."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.model.certificates.renewal import days_to_offer, is_renewable, is_waking_hour, on_day, stage_of
from tests.model.certificates.test_model_certificates import CERTIFICATE

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
AUCKLAND = ZoneInfo("Pacific/Auckland")


@pytest.mark.parametrize(
    ("left", "stage"),
    [
        (timedelta(days=31), None),
        (timedelta(days=30), 30),
        (timedelta(days=8), 30),
        (timedelta(days=7), 7),
        (timedelta(days=1, seconds=1), 7),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), 0),
        (timedelta(days=-29), 0),
        (timedelta(days=-30), None),
    ],
)
def test_stages(left: timedelta, stage: int | None) -> None:
    assert stage_of(NOW + left, NOW) == stage


def test_one_made_for_a_short_time_does_not_begin_with_a_reminder() -> None:
    life = timedelta(days=20)
    assert stage_of(NOW + timedelta(days=20), NOW, life) is None
    assert stage_of(NOW + timedelta(days=7), NOW, life) == 7
    # A week's certificate is not reminded of at once, and one of eight days is after a day.
    assert stage_of(NOW + timedelta(days=7), NOW, timedelta(days=7)) is None
    assert stage_of(NOW + timedelta(days=7), NOW, timedelta(days=7, seconds=1)) == 7


@pytest.mark.parametrize(
    ("left", "renewable"),
    [
        (timedelta(days=30, seconds=1), False),
        (timedelta(days=30), True),
        (timedelta(0), True),
        (-timedelta(days=30), True),
        (-timedelta(days=30, seconds=1), False),
    ],
)
def test_it_is_renewed_a_month_before_and_after_its_end(left: timedelta, renewable: bool) -> None:
    assert is_renewable(replace(CERTIFICATE, expires_at=NOW + left), NOW) is renewable


def test_one_without_an_end_is_not_renewed() -> None:
    assert is_renewable(replace(CERTIFICATE, expires_at=None), NOW) is False


@pytest.mark.parametrize(("hour", "civil"), [(8, False), (9, True), (19, True), (20, False), (3, False)])
def test_civil_hours_are_those_of_the_place(hour: int, civil: bool) -> None:
    there = datetime(2026, 11, 24, hour, 0, tzinfo=AUCKLAND)
    assert is_waking_hour(there.astimezone(UTC), AUCKLAND) is civil


def test_a_chosen_day_begins_in_the_morning_there() -> None:
    at = on_day(date(2026, 11, 28), NOW, AUCKLAND).astimezone(AUCKLAND)
    assert (at.day, at.hour) == (28, 10)


@pytest.mark.parametrize("day", [date.min, date(2026, 11, 24), date(2026, 11, 25)])
def test_a_day_that_is_here_already_means_tomorrow(day: date) -> None:
    # It is the 25th already in Auckland.
    at = on_day(day, NOW, AUCKLAND).astimezone(AUCKLAND)
    assert (at.day, at.hour) == (26, 10)


@pytest.mark.parametrize(("left", "offered"), [(30, (15, 28)), (7, (3, 5)), (3, (1,)), (1, ()), (0, ())])
def test_days_to_offer(left: int, offered: tuple[int, ...]) -> None:
    assert days_to_offer(NOW + timedelta(days=left, hours=1), NOW) == offered
