"""Until when, as people write it: ``31 Aug``, ``24. Dezember 2026``, ``2027-08-31``, ``until tomorrow``, ``6 weeks``.

Days are read in every language the bot speaks. ``03/04/2027`` is two days, and asked about; with points the day comes
first everywhere.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale

from bot.errors import InvalidDate, InvalidValidity, UnclearTime
from bot.model.durations import looks_like_duration, plain, read_duration

MAX_VALIDITY_DAYS = 3650
Term = date | timedelta
"""How long something lasts, or the last day of it."""

_LOCALES = ("en", "de", "es", "fr")
_LAST = time(23, 59, 59)
_FARTHEST = timedelta(days=MAX_VALIDITY_DAYS)
_DAY = timedelta(days=1)
_MONTHS_A_YEAR, _CENTURY, _TWO_DIGITS = 12, 2000, 2

_UNTIL = re.compile(r"(?:until|till|til|bis(?: zum)?|hasta(?: el)?|jusqu'(?:au|a)(?: le)?) (.+)")
_FOR = re.compile(r"(?:for|fur|fuer|por|durante|pour|pendant|durant) (.+)")
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})")
_NUMBERED = re.compile(r"(\d{1,2})(\. ?|/|-)(\d{1,2})(?:(\2|\.)(\d{4}|\d{2})?)?")
_NTH = r"(\d{1,2})(?:st|nd|rd|th|er|\.)?"
_YEAR = r"(?:,? (?:of |del? )?(\d{4}))?"
_DAY_MONTH = re.compile(rf"{_NTH} ?(?:of |de )?([a-z]{{3,10}})\.?{_YEAR}")
_MONTH_DAY = re.compile(rf"([a-z]{{3,10}})\.? {_NTH}{_YEAR}")
_FROM_TODAY = {
    "today": 0,
    "heute": 0,
    "hoy": 0,
    "aujourd'hui": 0,
    "tomorrow": 1,
    "morgen": 1,
    "manana": 1,
    "demain": 1,
    "ubermorgen": 2,
    "uebermorgen": 2,
    "apres-demain": 2,
}


def read_term(text: str, today: date, *, minutes: bool = False, alone: bool = False) -> Term | None:
    """The duration or the last day that ``text`` says; ``None`` where it says neither.

    ``minutes``: they make sense where this is asked. ``alone``: nothing but a time can stand there; elsewhere
    ``10.1`` may be a version and ``8 Jan`` Jan's Pixel 8, so what lacks its year is taken behind *until* only.

    Raises:
        UnclearTime: it says one of several things, or a day that there is not.
    """
    said = plain(text.replace("’", "'"))
    if found := _UNTIL.fullmatch(said):
        return _day(found[1], text, today, alone=True) or read_duration(found[1], minutes=minutes)
    if found := _FOR.fullmatch(said):
        return read_duration(found[1], minutes=minutes)
    day = _day(said, text, today, alone=alone)
    return read_duration(text, minutes=minutes) if day is None else day


def looks_like_term(text: str) -> bool:
    """Whether ``text``, which ``read_term`` cannot read, is meant as a time all the same."""
    said = plain(text.replace("’", "'"))
    found = _UNTIL.fullmatch(said) or _FOR.fullmatch(said)
    return looks_like_duration(found[1] if found else said)


def whole_days(term: Term, written: str, today: date) -> int:
    """For how many days a certificate is asked, 1 to 3,650; one until a day ends on that day, never later.

    Raises:
        UnclearTime: it is no number of whole days, or past.
        BadValidity: out of bounds.
    """
    lasts = term if isinstance(term, timedelta) else term - today
    if not isinstance(term, timedelta) and lasts < _DAY:
        raise UnclearTime("past", written)
    days = lasts // _DAY
    if lasts % _DAY:
        around = (timedelta(days=days), timedelta(days=days + 1))
        raise UnclearTime("days", written, tuple(one for one in around if one and one <= _FARTHEST))
    if not 1 <= days <= MAX_VALIDITY_DAYS:
        raise InvalidValidity(MAX_VALIDITY_DAYS)
    return days


def lasts_until(term: Term, now: datetime) -> timedelta:
    """How long that is from ``now``, in whose time zone days end."""
    if isinstance(term, timedelta):
        return term
    return datetime.combine(term, _LAST, now.tzinfo).astimezone(UTC) - now.astimezone(UTC)


def end_of_day(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last second of the day that ``text`` means, as the clocks of ``zone`` show it; without a year the next one.

    Raises:
        BadDate: unreadable, past, or more than ten years ahead.
        UnclearTime: it says one of several things.
    """
    today = now.astimezone(zone).date()
    term = read_term(text, today, alone=True)
    if term is None:
        raise InvalidDate
    if isinstance(term, timedelta):
        if term >= _FARTHEST:
            raise InvalidDate
        term = today + timedelta(days=whole_days(term, text, today))
    end = datetime.combine(term, _LAST, zone)
    if not now < end < now + _FARTHEST:
        raise InvalidDate
    return end


def end_in(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The last second of the day that many days ahead."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), _LAST, zone)


def _day(said: str, written: str, today: date, *, alone: bool) -> date | None:
    if found := _ISO.fullmatch(said):
        return _real(int(found[1]), int(found[3]), int(found[4]), written)
    if found := _NUMBERED.fullmatch(said):
        is_full = found[5] is not None or (found[4] is not None and found[2].startswith("."))
        return _numbered(found, written, today) if alone or is_full else None
    if found := _DAY_MONTH.fullmatch(said):
        return _named(found[2], int(found[1]), found[3], written, today, alone=alone)
    if found := _MONTH_DAY.fullmatch(said):
        return _named(found[1], int(found[2]), found[3], written, today, alone=alone)
    return _spoken(said, today) if alone else None


def _spoken(said: str, today: date) -> date | None:
    if said in _FROM_TODAY:
        return today + timedelta(days=_FROM_TODAY[said])
    if said in _weekdays():
        return today + timedelta(days=(_weekdays()[said] - today.weekday() - 1) % 7 + 1)
    return None


def _named(month: str, day: int, year: str | None, written: str, today: date, *, alone: bool) -> date | None:
    if month not in _months():
        return None
    found = _with_year(_months()[month], day, year, written, today)
    if not alone and year is None:
        raise UnclearTime("several", written, (found,))
    return found


def _numbered(found: re.Match[str], written: str, today: date) -> date:
    first, second, year = int(found[1]), int(found[3]), found[5]
    day_first = second <= _MONTHS_A_YEAR
    month_first = first <= _MONTHS_A_YEAR and not found[2].startswith(".") and first != second
    if day_first and month_first:
        both = ((second, first), (first, second))
        raise UnclearTime("several", written, tuple(_with_year(*each, year, written, today) for each in both))
    month, day = (first, second) if month_first else (second, first)
    return _with_year(month, day, year, written, today)


def _with_year(month: int, day: int, year: str | None, written: str, today: date) -> date:
    if year is not None:
        return _real(int(year) + (_CENTURY if len(year) == _TWO_DIGITS else 0), month, day, written)
    this_year = _real(today.year, month, day, written, or_leap=True)
    return this_year if this_year >= today else _real(today.year + 1, month, day, written, or_leap=True)


def _real(year: int, month: int, day: int, written: str, *, or_leap: bool = False) -> date:
    if or_leap and (month, day) == (2, 29):
        while year % 4 or (year % 100 == 0 and year % 400):
            year += 1
    try:
        return date(year, month, day)
    except ValueError:
        raise UnclearTime("unreadable", written) from None


@cache
def _months() -> dict[str, int]:
    """The months' names, whole and short, as Unicode's CLDR has them."""
    return {
        plain(name).rstrip("."): number
        for locale in _LOCALES
        for form in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in Locale(locale).months[form][width].items()
    } | {"sept": 9, "mrz": 3, "maerz": 3, "set": 9}


@cache
def _weekdays() -> dict[str, int]:
    """The days of the week, Monday 0, whole."""
    return {
        plain(name): number for locale in _LOCALES for number, name in Locale(locale).days["format"]["wide"].items()
    }
