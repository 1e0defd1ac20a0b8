"""Days as people write them: ``31 Aug``, ``31 August 2027``, ``31.8.``, ``2027-08-31``, ``6w``."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadDate
from bot.model.durations import looks_like_duration, validity_days

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMED = re.compile(r"(\d{1,2})\.? ([a-z]{3,9})\.?(?: (\d{4}))?")
_NUMBERED = re.compile(r"(\d{1,2})[./](\d{1,2})[./]?(\d{4})?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_LAST = time(23, 59, 59)
_FARTHEST = timedelta(days=3650)


def end_of_day(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """The last second of the day that ``text`` means, as the clocks of ``zone`` show it; without a year the next one.

    Raises:
        BadDate: unreadable, past, or more than ten years ahead.
    """
    today = now.astimezone(zone).date()
    end = datetime.combine(_day(" ".join(text.lower().split()), today), _LAST, zone)
    if not now < end < now + _FARTHEST:
        raise BadDate
    return end


def end_in(days: int, now: datetime, zone: ZoneInfo) -> datetime:
    """The last second of the day that many days ahead."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), _LAST, zone)


def _day(text: str, today: date) -> date:
    if looks_like_duration(text):
        return today + timedelta(days=validity_days(text))
    if found := _ISO.fullmatch(text):
        return _real(int(found[1]), int(found[2]), int(found[3]))
    if (found := _NAMED.fullmatch(text)) and found[2][:3] in _MONTHS:
        return _next(_MONTHS.index(found[2][:3]) + 1, int(found[1]), found[3], today)
    if found := _NUMBERED.fullmatch(text):
        return _next(int(found[2]), int(found[1]), found[3], today)
    raise BadDate


def _next(month: int, day: int, year: str | None, today: date) -> date:
    if year is not None:
        return _real(int(year), month, day)
    this_year = _real(today.year, month, day)
    return this_year if this_year >= today else _real(today.year + 1, month, day)


def _real(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise BadDate from None
