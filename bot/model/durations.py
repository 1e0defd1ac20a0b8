"""Durations as people write them, in the words of every language the bot speaks: ``90 days``, ``2 Wochen``, ``1y6m``.

A month is 30 days and a year 365. What could be read in two ways is asked about: ``m`` alone is minutes or months,
``j`` days (French) or years (German).
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from bot.errors import UnclearTime


class Unit(StrEnum):
    """What is counted; ``MINUTE_OR_MONTH`` and ``DAY_OR_YEAR`` are letters that say one of two."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    MINUTE_OR_MONTH = "m"
    DAY_OR_YEAR = "j"


_LASTS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WEEK: timedelta(days=7),
    Unit.MONTH: timedelta(days=30),
    Unit.YEAR: timedelta(days=365),
}
_MEANINGS = {
    Unit.MINUTE_OR_MONTH: (Unit.MINUTE, Unit.MONTH),
    Unit.DAY_OR_YEAR: (Unit.DAY, Unit.YEAR),
}
_SHORT = {
    "m": Unit.MINUTE_OR_MONTH,
    "min": Unit.MINUTE,
    "mins": Unit.MINUTE,
    "mn": Unit.MINUTE,
    "h": Unit.HOUR,
    "hr": Unit.HOUR,
    "hrs": Unit.HOUR,
    "std": Unit.HOUR,
    "d": Unit.DAY,
    "tg": Unit.DAY,
    "j": Unit.DAY_OR_YEAR,
    "w": Unit.WEEK,
    "wk": Unit.WEEK,
    "wks": Unit.WEEK,
    "wo": Unit.WEEK,
    "sem": Unit.WEEK,
    "mo": Unit.MONTH,
    "mos": Unit.MONTH,
    "mon": Unit.MONTH,
    "mth": Unit.MONTH,
    "mths": Unit.MONTH,
    "y": Unit.YEAR,
    "yr": Unit.YEAR,
    "yrs": Unit.YEAR,
}
_LONG = {
    "minute": Unit.MINUTE,
    "minutes": Unit.MINUTE,
    "minuten": Unit.MINUTE,
    "minuto": Unit.MINUTE,
    "minutos": Unit.MINUTE,
    "hour": Unit.HOUR,
    "hours": Unit.HOUR,
    "stunde": Unit.HOUR,
    "stunden": Unit.HOUR,
    "hora": Unit.HOUR,
    "horas": Unit.HOUR,
    "heure": Unit.HOUR,
    "heures": Unit.HOUR,
    "day": Unit.DAY,
    "days": Unit.DAY,
    "tag": Unit.DAY,
    "tage": Unit.DAY,
    "tagen": Unit.DAY,
    "dia": Unit.DAY,
    "dias": Unit.DAY,
    "jour": Unit.DAY,
    "jours": Unit.DAY,
    "week": Unit.WEEK,
    "weeks": Unit.WEEK,
    "woche": Unit.WEEK,
    "wochen": Unit.WEEK,
    "semana": Unit.WEEK,
    "semanas": Unit.WEEK,
    "semaine": Unit.WEEK,
    "semaines": Unit.WEEK,
    "month": Unit.MONTH,
    "months": Unit.MONTH,
    "monat": Unit.MONTH,
    "monate": Unit.MONTH,
    "monaten": Unit.MONTH,
    "mes": Unit.MONTH,
    "meses": Unit.MONTH,
    "mois": Unit.MONTH,
    "year": Unit.YEAR,
    "years": Unit.YEAR,
    "jahr": Unit.YEAR,
    "jahre": Unit.YEAR,
    "jahren": Unit.YEAR,
    "ano": Unit.YEAR,
    "anos": Unit.YEAR,
    "an": Unit.YEAR,
    "ans": Unit.YEAR,
    "annee": Unit.YEAR,
    "annees": Unit.YEAR,
}
"""Words without their accents."""

_NUMBER_WORDS = (
    ("a", "an", "one", "ein", "eine", "einen", "einem", "einer", "un", "una", "uno", "une"),
    ("two", "zwei", "dos", "deux"),
    ("three", "drei", "tres", "trois"),
    ("four", "vier", "cuatro", "quatre"),
    ("five", "funf", "fuenf", "cinco", "cinq"),
    ("six", "sechs", "seis"),
    ("seven", "sieben", "siete", "sept"),
    ("eight", "acht", "ocho", "huit"),
    ("nine", "neun", "nueve", "neuf"),
    ("ten", "zehn", "diez", "dix"),
    ("eleven", "elf", "once", "onze"),
    ("twelve", "zwolf", "zwoelf", "doce", "douze"),
)
_NUMBERS = {word: number for number, words in enumerate(_NUMBER_WORDS, start=1) for word in words}
_HALF = frozenset({"half", "halbe", "halben", "halbes", "halber", "medio", "media", "demi", "demie"})
_AND = frozenset({"and", "und", "y", "et", "&", "+", ","})

_AMOUNT = r"\d{1,6}(?:[.,]\d{1,3})?"
_PIECE = re.compile(rf"({_AMOUNT})|([^\W\d_]+)\.?|([&+,])")
_ODD = re.compile(r"([-+~<>=]*)\d+(?:[.,]\d+)*([-+/ ]*)([^\W\d_]*)\.?")
_PRODUCTS = frozenset({"mini", "max", "plus", "pro", "air", "lite", "tab", "neo"})
"""What stands behind a number in the names of devices."""

_ALSO_NAMES = frozenset({"a", "t"})
"""Years in Spanish and French, days in German; and the ends of *Pixel 6a* and *OnePlus 8T*, which are written so."""

_ALIKE = 0.75
_MINUTES_AN_HOUR = 60


@dataclass(frozen=True)
class _Counted:
    amount: Fraction
    unit: Unit


def plain(text: str) -> str:
    """``text`` as it is compared: NFKC, without case and accents, single blanks."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def read_duration(text: str, *, minutes: bool) -> timedelta | None:
    """How long ``text`` says something lasts; ``None`` where it says no such thing.

    ``minutes``: they make sense where this is asked, so ``m`` is minutes.

    Raises:
        UnclearTime: it says one of two things.
    """
    counted = _counted(plain(text))
    readings = [taken for which in (0, 1) if _descends(taken := _taken_as(counted, which))]
    if not counted or not readings:
        return None
    if len(readings) == 1 or readings[0] == readings[1]:
        return _sum(readings[0])
    if {one.unit for one in counted} & _MEANINGS.keys() == {Unit.MINUTE_OR_MONTH}:
        if minutes:
            return _sum(readings[0])
        if counted[0].unit is Unit.YEAR:
            return _sum(readings[1])
    raise UnclearTime("several", text, tuple(_sum(reading) for reading in readings))


def looks_like_duration(text: str) -> bool:
    """Whether ``text``, which ``read_duration`` cannot read, is meant as one: a number with what is nearly a unit."""
    found = _ODD.fullmatch(plain(text))
    if found is None or not found[3] or found[3] in _PRODUCTS:
        return False
    if found[3] in _ALSO_NAMES:
        return " " in found[2]
    if found[3] in _SHORT:
        # ``-1d``, ``+2y``, ``1.5.2 d``: a number and a unit, yet no duration.
        return len(found[3]) > 1 or " " not in found[0]
    return found[3] in _LONG or bool(get_close_matches(found[3], _LONG, 1, _ALIKE))


def has_duration(text: str) -> bool:
    """Whether a duration with its unit spelt out stands anywhere in ``text``."""
    pieces = plain(text).split()
    pairs = [*pieces, *(f"{one} {other}" for one, other in pairwise(pieces))]
    return any(_counted(pair) and pair.lstrip("0123456789., ") not in _SHORT for pair in pairs)


def _counted(text: str) -> list[_Counted]:
    """The numbers of a duration, each with what it counts; nothing where it is none."""
    pieces = _pieces(text)
    counted: list[_Counted] = []
    at = 0
    while at < len(pieces):
        if counted and pieces[at] in _AND and at + 1 < len(pieces):
            at += 1
        amount, at = _amount(pieces, at)
        if amount is None:
            return []
        if at == len(pieces):
            # ``2h30`` is how clocks are read.
            is_rest = counted and counted[-1].unit is Unit.HOUR and amount < _MINUTES_AN_HOUR
            return [*counted, _Counted(amount, Unit.MINUTE)] if is_rest and pieces[-1].isdigit() else []
        unit = _unit(pieces, at)
        if unit is None:
            return []
        counted.append(_Counted(amount, unit))
        at += 1
    return counted


def _pieces(text: str) -> list[str]:
    """Numbers, words and signs, one by one; nothing where something else stands between."""
    pieces = [found.group(1) or found.group(2) or found.group(3) for found in _PIECE.finditer(text)]
    left = _PIECE.sub("", text).replace(" ", "")
    return pieces if not left else []


def _amount(pieces: list[str], at: int) -> tuple[Fraction | None, int]:
    """The number that begins at a place, and where what it counts stands."""
    words: list[str] = []
    while at < len(pieces) and (pieces[at] in _HALF or (pieces[at] in _NUMBERS and not _is_unit_here(pieces, at))):
        words.append(pieces[at])
        at += 1
    if words:
        is_counted = at < len(pieces) and pieces[at] in _LONG
        return (_amount_of(words) if is_counted else None), at
    if at < len(pieces) and pieces[at][0].isdigit():
        return Fraction(pieces[at].replace(",", ".")), at + 1
    return None, at


def _is_unit_here(pieces: list[str], at: int) -> bool:
    """``an`` is a number in English and a year in French: there it stands behind a number."""
    return pieces[at] == "an" and at > 0 and (pieces[at - 1] in _NUMBERS or pieces[at - 1][0].isdigit())


def _amount_of(words: list[str]) -> Fraction | None:
    numbers = [_NUMBERS[word] for word in words if word not in _HALF]
    halves = len(words) - len(numbers)
    if halves == 1 and set(numbers) <= {1}:
        return Fraction(1, 2)
    return Fraction(numbers[0]) if len(numbers) == 1 and not halves else None


def _unit(pieces: list[str], at: int) -> Unit | None:
    return _SHORT.get(pieces[at]) or _LONG.get(pieces[at])


def _taken_as(counted: list[_Counted], which: int) -> list[_Counted]:
    """The same, with one of the two meanings of each letter that has two."""
    return [_Counted(one.amount, _MEANINGS[one.unit][which]) if one.unit in _MEANINGS else one for one in counted]


def _descends(counted: list[_Counted]) -> bool:
    """Whether each unit is said once, and none behind a smaller one: ``6 months 1 year`` is two times, not one."""
    lasts = [_LASTS[one.unit] for one in counted]
    return all(one > other for one, other in pairwise(lasts))


def _sum(counted: list[_Counted]) -> timedelta:
    total = timedelta(0)
    for one in counted:
        lasts = _LASTS[one.unit]
        if lasts >= _LASTS[Unit.WEEK]:
            # Half a year is 182 days: never longer than said.
            total += timedelta(days=int(one.amount * lasts.days))
        else:
            total += timedelta(seconds=int(one.amount * int(lasts.total_seconds())))
    return total
