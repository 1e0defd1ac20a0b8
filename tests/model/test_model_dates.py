"""Days as people write them in four languages, the moments they mean, and for how long that is."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel.dates import format_date
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.languages import LANGUAGES
from bot.errors import InvalidDate, InvalidInput, UnclearTime
from bot.model.dates import (
    MAX_VALIDITY_DAYS,
    end_in,
    end_of_day,
    lasts_until,
    looks_like_term,
    read_term,
)
from bot.model.lost_devices import LastSeen, since_when

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
"""Half past midnight on the 25th in Madrid."""

TODAY = date(2026, 11, 25)
DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))


def unclear(text: str, *, alone: bool = False) -> UnclearTime:
    with pytest.raises(UnclearTime) as asked:
        read_term(text, TODAY, alone=alone)
    return asked.value


@given(
    day=DAYS,
    language=st.sampled_from(sorted(LANGUAGES)),
    form=st.sampled_from(
        ["d MMMM y", "d MMM y", "d. MMMM y", "MMMM d, y", "d 'de' MMMM 'de' y", "yyyy-MM-dd", "d.M.yyyy", "dd.MM.yy"]
    ),
    upper=st.booleans(),
    alone=st.booleans(),
)
def test_a_day_with_its_year(day: date, language: str, form: str, upper: bool, alone: bool) -> None:
    text = format_date(day, form, locale=language)
    assert read_term(text.upper() if upper else text, TODAY, alone=alone) == day


@given(day=DAYS, sign=st.sampled_from("/-"))
def test_a_day_and_a_month_that_could_change_places_are_asked_about(day: date, sign: str) -> None:
    text = day.strftime(f"%d{sign}%m{sign}%Y")
    if day.day == day.month or day.day > 12:
        assert read_term(text, TODAY) == day
        return
    assert unclear(text).choices == (day, date(day.year, day.day, day.month))


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
        ("31.8", (2027, 8, 31)),
        ("31/8/2027", (2027, 8, 31)),
        ("8/31/2027", (2027, 8, 31)),
        ("2027-08-31", (2027, 8, 31)),
        ("2027/08/31", (2027, 8, 31)),
        ("the 31st of August 2027".removeprefix("the "), (2027, 8, 31)),
        ("August 31st, 2027", (2027, 8, 31)),
        ("1er janvier 2027", (2027, 1, 1)),
        ("29 Feb", (2028, 2, 29)),
        ("2w", (2026, 12, 9)),
        ("2 Wochen", (2026, 12, 9)),
        ("tomorrow", (2026, 11, 26)),
        ("Übermorgen", (2026, 11, 27)),
        ("mañana", (2026, 11, 26)),
        ("heute", (2026, 11, 25)),
        ("Friday", (2026, 11, 27)),
        ("mercredi", (2026, 12, 2)),
        ("until 31 Aug", (2027, 8, 31)),
        ("bis zum 31.8.", (2027, 8, 31)),
        ("hasta el 31 de agosto", (2027, 8, 31)),
        ("jusqu’au 31 août", (2027, 8, 31)),
        ("jusqu'à vendredi", (2026, 11, 27)),
    ],
)
def test_a_day_ends_as_the_clocks_at_home_show_it(text: str, day: tuple[int, int, int]) -> None:
    assert end_of_day(text, NOW, MADRID) == datetime(*day, 23, 59, 59, tzinfo=MADRID)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "31 Feb",
        "0 Aug",
        "31.13.",
        "2020-01-01",
        "1 Jan 2099",
        "99 99",
        "31 Augtober 12",
        "-5",
        "5000d",
        "12h",
        "6m",
        "03/04/2027",
    ],
)
def test_what_is_no_day_to_come_is_refused_or_asked_about(text: str) -> None:
    with pytest.raises((InvalidDate, UnclearTime)):
        end_of_day(text, NOW, MADRID)


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (0, ("today", "heute", "hoy", "aujourd'hui", "aujourd’hui")),
        (1, ("tomorrow", "morgen", "mañana", "demain", "until tomorrow", "bis morgen", "jusqu’à demain")),
        (2, ("übermorgen", "uebermorgen", "après-demain")),
    ],
)
def test_days_from_today(ahead: int, words: tuple[str, ...]) -> None:
    for word in words:
        assert read_term(word, TODAY, alone=True) == TODAY + timedelta(days=ahead), word


@pytest.mark.parametrize("ahead", range(1, 8))
def test_a_day_of_the_week_is_the_next_and_never_today(ahead: int) -> None:
    day = TODAY + timedelta(days=ahead)
    for language in LANGUAGES:
        assert read_term(format_date(day, "EEEE", locale=language), TODAY, alone=True) == day


@pytest.mark.parametrize(("text", "year"), [("24.11.", 2027), ("25.11.", 2026), ("26.11.", 2026), ("26 Nov", 2026)])
def test_without_a_year_it_is_the_next_such_day_or_today(text: str, year: int) -> None:
    found = read_term(text, TODAY, alone=True)
    assert isinstance(found, date)
    assert found.year == year


@pytest.mark.parametrize(
    ("today", "year"),
    [((2026, 1, 1), 2028), ((2028, 2, 29), 2028), ((2028, 3, 1), 2032), ((2096, 3, 1), 2104), ((1999, 6, 1), 2000)],
)
def test_the_next_29th_of_february(today: tuple[int, int, int], year: int) -> None:
    assert read_term("29 Feb", date(*today), alone=True) == date(year, 2, 29)


@pytest.mark.parametrize(
    ("text", "day"),
    [("12/12/2026", (2026, 12, 12)), ("12/13/2026", (2026, 12, 13)), ("13/12/2026", (2026, 12, 13)),
     ("13-12-26", (2026, 12, 13)), ("3.4.2027", (2027, 4, 3)), ("12.11.27", (2027, 11, 12)),
     ("mrz 3 2027", (2027, 3, 3)), ("3. März 2027", (2027, 3, 3)), ("3 maerz 2027", (2027, 3, 3)),
     ("3 sept 2027", (2027, 9, 3)), ("3 set 2027", (2027, 9, 3))],
)  # fmt: skip
def test_which_is_the_day_and_which_the_month(text: str, day: tuple[int, int, int]) -> None:
    assert read_term(text, TODAY) == date(*day)


def test_months_and_days_that_could_change_places_have_choices_to_come() -> None:
    assert unclear("11/12", alone=True).choices == (date(2026, 12, 11), date(2027, 11, 12))
    assert unclear("12/11", alone=True).choices == (date(2027, 11, 12), date(2026, 12, 11))


def test_minutes_make_sense_where_they_are_asked_for() -> None:
    for said in ("30m", "for 30m", "until 30m"):
        assert read_term(said, TODAY, minutes=True) == timedelta(minutes=30)
        assert unclear(said).why == "several"


def test_until_a_duration_is_one() -> None:
    assert read_term("until 2 weeks", TODAY) == timedelta(days=14)


@pytest.mark.parametrize(("text", "day"), [("3649 days", True), ("3650 days", False), ("3651 days", False)])
def test_an_end_is_less_than_ten_years_ahead(text: str, day: bool) -> None:
    if day:
        assert end_of_day(text, NOW, MADRID).date() == TODAY + timedelta(days=3649)
        return
    with pytest.raises(InvalidDate):
        end_of_day(text, NOW, MADRID)


def test_an_end_may_be_today_until_its_last_second() -> None:
    last = datetime(2026, 11, 25, 23, 59, 59, tzinfo=MADRID)
    assert end_of_day("25 Nov", last - timedelta(seconds=1), MADRID) == last
    with pytest.raises(InvalidDate):
        end_of_day("2026-11-25", last, MADRID)


def test_a_day_ten_years_ahead_is_too_far() -> None:
    at = datetime(2026, 11, 25, 23, 59, 59, tzinfo=MADRID)
    farthest = TODAY + timedelta(days=MAX_VALIDITY_DAYS)
    before = farthest - timedelta(days=1)
    assert end_of_day(before.isoformat(), at, MADRID).date() == before
    for day in (farthest, farthest + timedelta(days=1)):
        with pytest.raises(InvalidDate):
            end_of_day(day.isoformat(), at, MADRID)


@pytest.mark.parametrize(
    "text", ["29 Feb 2027", "2027-02-29", "31 Feb 2027", "31.13.2027", "2027-13-01", "until 31 Feb", "0.1.2027"]
)
def test_a_day_that_there_is_not(text: str) -> None:
    assert unclear(text).why == "unreadable"


@pytest.mark.parametrize("text", ["10.1", "24.12", "17.4", "tomorrow", "Friday", "Morgen", "24/12", "1-2", "for Anna"])
def test_where_a_name_may_stand_these_are_none(text: str) -> None:
    assert read_term(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "taken"),
    [
        ("24.12.", True),
        ("24. 12.", True),
        ("24.12.2026", True),
        ("24/12/2026", True),
        ("24.12", False),
        ("24/12/", False),
        ("24/12.", False),
        ("24-12", False),
    ],
)
def test_where_a_name_may_stand_a_day_in_numbers_is_written_whole(text: str, taken: bool) -> None:
    assert read_term(text, TODAY) == (date(2026, 12, 24) if taken else None)
    assert read_term(text, TODAY, alone=True) == date(2026, 12, 24)


def test_where_a_name_may_stand_a_month_without_a_year_is_asked_about() -> None:
    """Jan's Pixel 8 is called *Pixel 8 Jan*."""
    assert unclear("8 Jan").choices == (date(2027, 1, 8),)
    assert read_term("8 Jan", TODAY, alone=True) == read_term("until 8 Jan", TODAY) == date(2027, 1, 8)


@pytest.mark.parametrize(
    "text",
    [
        "for 2 weeks",
        "für 2 Wochen",
        "por 2 semanas",
        "durante 2 semanas",
        "pour 2 semaines",
        "pendant 2 semaines",
        "2 weeks",
    ],
)
def test_how_long(text: str) -> None:
    assert read_term(text, TODAY) == timedelta(days=14)


def test_what_looks_like_a_time() -> None:
    assert looks_like_term("for 2 wekks")
    assert looks_like_term("2 wekks")
    assert looks_like_term("until 2 wekks")
    assert looks_like_term("jusqu’à 2 wekks")
    assert not looks_like_term("for Anna")
    assert not looks_like_term("until Anna")


@given(st.text(max_size=20) | st.from_regex(r"(until |bis )?\d{1,2}[./-]\d{1,2}[./-]?\d{0,4}", fullmatch=True))
def test_no_text_breaks_it(text: str) -> None:
    try:
        end = end_of_day(text, NOW, MADRID)
    except InvalidInput:
        return
    assert end > NOW


def test_until_the_end_of_a_day_as_clocks_are_put_back() -> None:
    now = datetime(2026, 10, 24, 12, 0, tzinfo=MADRID)
    assert lasts_until(date(2026, 10, 25), now) == timedelta(days=1, hours=12, minutes=59, seconds=59)
    assert lasts_until(timedelta(hours=2), now) == timedelta(hours=2)


def test_a_day_is_over_with_its_last_second() -> None:
    last = datetime(2026, 11, 25, 23, 59, 59, tzinfo=MADRID)
    assert end_of_day("today", last - timedelta(seconds=1), MADRID) == last
    with pytest.raises(InvalidDate):
        end_of_day("today", last, MADRID)


def test_a_month_ahead() -> None:
    assert end_in(30, NOW, MADRID) == datetime(2026, 12, 25, 23, 59, 59, tzinfo=MADRID)


def test_each_answer_reaches_further_back() -> None:
    reported = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    moments = [since_when(answer, reported, MADRID) for answer in LastSeen]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == reported - timedelta(minutes=15)
    assert moments[2] == datetime(2026, 11, 24, tzinfo=MADRID)
    # In the first hour of a day, this morning is still more than a moment ago.
    assert since_when(LastSeen.THIS_MORNING, NOW, MADRID) == NOW - timedelta(hours=1)
