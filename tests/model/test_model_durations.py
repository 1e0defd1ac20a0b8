"""Durations as people write them, in four languages."""

import unicodedata
from datetime import timedelta
from itertools import product
from typing import Literal

import pytest
from babel.units import format_unit
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.languages import LANGUAGES
from bot.errors import UnclearTime
from bot.model.durations import has_duration, looks_like_duration, read_duration

LASTS = {
    "minute": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "day": timedelta(days=1),
    "week": timedelta(days=7),
    "month": timedelta(days=30),
    "year": timedelta(days=365),
}
NUMBERS = st.integers(1, 99_999)


def choices(text: str, *, minutes: bool = False) -> tuple[object, ...]:
    with pytest.raises(UnclearTime) as asked:
        read_duration(text, minutes=minutes)
    assert asked.value.why == "several"
    return asked.value.choices


@given(
    language=st.sampled_from(sorted(LANGUAGES)),
    unit=st.sampled_from(sorted(LASTS)),
    number=NUMBERS,
    minutes=st.booleans(),
    upper=st.booleans(),
    decomposed=st.booleans(),
    bare=st.booleans(),
)
def test_each_unit_written_out_as_unicode_has_it(
    language: str, unit: str, number: int, minutes: bool, upper: bool, decomposed: bool, bare: bool
) -> None:
    """With accents, whole or composed, and without; in any case."""
    text = f"{number} " + format_unit(number, f"duration-{unit}", locale=language).split()[-1]
    if bare:
        text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    if decomposed:
        text = unicodedata.normalize("NFD", text)
    assert read_duration(text.upper() if upper else text, minutes=minutes) == number * LASTS[unit]


def readings(text: str, *, minutes: bool = False) -> tuple[object, ...]:
    """All that a text may mean."""
    try:
        read = read_duration(text, minutes=minutes)
    except UnclearTime as asked:
        return asked.choices
    return () if read is None else (read,)


def test_no_short_form_of_unicode_means_something_else() -> None:
    wrong = []
    lengths: tuple[Literal["short", "narrow"], ...] = ("short", "narrow")
    for language, length, unit in product(LANGUAGES, lengths, LASTS):
        text = format_unit(30, f"duration-{unit}", length=length, locale=language)
        if readings(text) and 30 * LASTS[unit] not in readings(text):
            wrong.append((language, text, readings(text)))
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("90d", timedelta(days=90)),
        ("90D", timedelta(days=90)),
        (" 90 d ", timedelta(days=90)),
        ("6w", timedelta(days=42)),
        ("2y", timedelta(days=730)),
        ("12h", timedelta(hours=12)),
        ("30 min", timedelta(minutes=30)),
        ("30mins", timedelta(minutes=30)),
        ("30 mn", timedelta(minutes=30)),
        ("3 mo", timedelta(days=90)),
        ("3 mths", timedelta(days=90)),
        ("2 Std.", timedelta(hours=2)),
        ("2 sem.", timedelta(days=14)),
        ("1 yr", timedelta(days=365)),
        ("1y6m", timedelta(days=365 + 180)),
        ("1y 6mo", timedelta(days=365 + 180)),
        ("1 year and 6 months", timedelta(days=365 + 180)),
        ("1 Jahr und 6 Monate", timedelta(days=365 + 180)),
        ("1 año y 6 meses", timedelta(days=365 + 180)),
        ("1 an et 6 mois", timedelta(days=365 + 180)),
        ("1 year, 2 months, 3 days", timedelta(days=365 + 60 + 3)),
        ("1h30m", timedelta(minutes=90)),
        ("2h30", timedelta(minutes=150)),
        ("2 h 30", timedelta(minutes=150)),
        ("2h59", timedelta(minutes=179)),
        ("1.5h", timedelta(minutes=90)),
        ("1,5 Stunden", timedelta(minutes=90)),
        ("1.5y", timedelta(days=547)),
        ("two weeks", timedelta(days=14)),
        ("zwei Wochen", timedelta(days=14)),
        ("una semana", timedelta(days=7)),
        ("un an", timedelta(days=365)),
        ("deux ans", timedelta(days=730)),
        ("a year", timedelta(days=365)),
        ("twelve months", timedelta(days=360)),
        ("half a year", timedelta(days=182)),
        ("ein halbes Jahr", timedelta(days=182)),
        ("medio año", timedelta(days=182)),
        ("half an hour", timedelta(minutes=30)),
        ("９０ days", timedelta(days=90)),
        ("0d", timedelta(0)),
    ],
)
def test_a_corpus(text: str, lasts: timedelta) -> None:
    assert read_duration(text, minutes=False) == lasts


WORDS = {
    "minute": "min mins mn minute minutes minuten minuto minutos",
    "hour": "h hr hrs std hour hours Stunde Stunden hora horas heure heures",
    "day": "d tg day days Tag Tage Tagen día dias jour jours",
    "week": "w wk wks wo sem week weeks Woche Wochen semana semanas semaine semaines",
    "month": "mo mos mon mth mths month months Monat Monate Monaten mes meses mois",
    "year": "y yr yrs year years Jahr Jahre Jahren año anos an ans année annees",
}
NUMBER_WORDS = (
    "one ein eine einen einem einer un una uno une",
    "two zwei dos deux",
    "three drei tres trois",
    "four vier cuatro quatre",
    "five fünf fuenf cinco cinq",
    "six sechs seis",
    "seven sieben siete sept",
    "eight acht ocho huit",
    "nine neun nueve neuf",
    "ten zehn diez dix",
    "eleven elf once onze",
    "twelve zwölf zwoelf doce douze",
)


@pytest.mark.parametrize("unit", sorted(WORDS))
def test_every_word_for_a_unit(unit: str) -> None:
    for word in WORDS[unit].split():
        assert read_duration(f"2 {word}", minutes=False) == 2 * LASTS[unit], word
        assert read_duration(f"2{word.upper()}.", minutes=False) == 2 * LASTS[unit], word


@pytest.mark.parametrize(("number", "words"), list(enumerate(NUMBER_WORDS, start=1)))
def test_every_word_for_a_number(number: int, words: str) -> None:
    for word in words.split():
        assert read_duration(f"{word} days", minutes=False) == timedelta(days=number), word
        # Spelt out with spelt out alone: *two d* is a name.
        assert read_duration(f"{word} d", minutes=False) is None, word


@pytest.mark.parametrize(
    "text",
    ["half a day", "half day", "ein halber Tag", "halbe Tage", "halben Tag", "halbes Tag", "medio día", "media día",
     "demi jour", "demie jour", "un demi jour", "0.5 days"],
)  # fmt: skip
def test_every_word_for_half(text: str) -> None:
    assert read_duration(text, minutes=False) == timedelta(hours=12)


@pytest.mark.parametrize("joined", ["and", "und", "y", "et", "&", "+", ",", ""])
def test_every_word_between_two(joined: str) -> None:
    assert read_duration(f"2 weeks {joined} 3 days", minutes=False) == timedelta(days=17)
    assert not joined or read_duration(f"2 weeks {joined}", minutes=False) is None
    assert not joined or read_duration(f"2 weeks {joined} {joined} 3 days", minutes=False) is None


@pytest.mark.parametrize(
    ("text", "lasts"),
    [
        ("999999 minutes", timedelta(minutes=999_999)),
        ("1.125 hours", timedelta(minutes=67, seconds=30)),
        # Half a year is 182 days, and half a week three: never longer than said.
        ("half a week", timedelta(days=3)),
        ("1.9 weeks", timedelta(days=13)),
        ("1.5 days", timedelta(hours=36)),
        ("0.5 minutes", timedelta(seconds=30)),
        ("1h59", timedelta(minutes=119)),
        ("2 hours and 30", timedelta(minutes=150)),
        ("an hour 30", timedelta(minutes=90)),
        ("un an et deux mois", timedelta(days=365 + 60)),
        ("1d 2h 30", timedelta(days=1, minutes=150)),
        ("1h0", timedelta(hours=1)),
    ],
)
def test_parts_and_much(text: str, lasts: timedelta) -> None:
    assert read_duration(text, minutes=False) == lasts


@pytest.mark.parametrize(
    "text", ["1000000x days", "1.1234.5 days", "1h60", "1d30", "2h 10min 30",
             "1h1.5", "2 weeks 3", "30", "2 2 days", "half half days",
             "two three days", "half two d", "half a two days"],
)  # fmt: skip
def test_what_is_none_though_there_are_numbers(text: str) -> None:
    assert read_duration(text, minutes=False) is None


@pytest.mark.parametrize("text", ["13 max", "7 plus", "15 air", "7 lite", "10 tab", "7 neo", "2 m", "1 -d"])
def test_names_with_a_number_are_no_odd_durations(text: str) -> None:
    assert not looks_like_duration(text)


@pytest.mark.parametrize("text", ["-1m", "~3w", "1.5.2 min", "<2h", "+90 tg", "1.2.3 T", "1 / a", "1-m"])
def test_what_has_a_unit_and_is_odd(text: str) -> None:
    assert looks_like_duration(text)


def test_m_behind_years_is_months() -> None:
    assert read_duration("1y6m", minutes=False) == timedelta(days=365 + 180)
    assert read_duration("1y6m", minutes=True) == timedelta(days=365, minutes=6)
    assert choices("1j6m") == (timedelta(days=1, minutes=6), timedelta(days=365 + 180))


@pytest.mark.parametrize(
    ("text", "minutes", "months"), [("30m", 30, 30), ("6 m", 6, 6), ("1M", 1, 1), ("18m.", 18, 18)]
)
def test_m_is_minutes_where_there_are_some_and_asked_about_elsewhere(text: str, minutes: int, months: int) -> None:
    assert read_duration(text, minutes=True) == timedelta(minutes=minutes)
    assert choices(text) == (timedelta(minutes=minutes), months * timedelta(days=30))


def test_m_behind_what_leaves_one_meaning() -> None:
    assert read_duration("1d30m", minutes=False) == timedelta(days=1, minutes=30)
    assert read_duration("2w6m", minutes=False) == timedelta(days=14, minutes=6)


def test_j_is_days_in_french_and_years_in_german() -> None:
    both = (timedelta(days=30), timedelta(days=10950))
    assert choices("30j") == choices("30 J.", minutes=True) == both


@pytest.mark.parametrize(
    "text",
    [
        "", "d", "90", "pixel8", "S24+", "iPhone 13 mini", "13 mini", "13 Pro", "tab 10", "tablet two", "tag", "AirTag",
        "6 months 1 year", "1 day 2 days", "2h60", "d90", "1d-2d", "8T", "6a", "3G", "3DS", "6s", "10.1", "and 2 days",
        "two", "half", "a", "an", "two d", "1 2 days", "half two days",
    ],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    assert read_duration(text, minutes=False) is None
    assert not looks_like_duration(text)


@pytest.mark.parametrize(
    "text", ["90 dayz", "90dayz", "90 dyas", "3 monts", "1 yeer", "90 Tagge", "2 semanass", "-1d", "+2y", "-90 days",
             "1.5.2 days", "30 T", "2 a", "~3 weeks"],
)  # fmt: skip
def test_what_is_meant_as_one_and_is_none(text: str) -> None:
    assert read_duration(text, minutes=False) is None
    assert looks_like_duration(text)


def test_how_near_a_unit_a_word_has_to_be() -> None:
    assert looks_like_duration("2 wexk")
    assert not looks_like_duration("2 heurxx")


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("guest 90 days please", True),
        ("2 Wochen Gast", True),
        ("un mois pour Anna", True),
        ("guest 90days please", True),
        ("90 days", True),
        ("guest 90d please", False),
        ("Pixel 8 Pro", False),
        ("tablet two", False),
    ],
)
def test_one_spelt_out_anywhere(text: str, there: bool) -> None:
    assert has_duration(text) is there


@given(st.text(max_size=12) | st.from_regex(r"[-+]?\d{1,7} ?[dwmyhjDWMYx]{1,2} ?\d{0,3}", fullmatch=True))
def test_any_text_is_read_asked_about_or_none(text: str) -> None:
    looks_like_duration(text)
    has_duration(text)
    for minutes in (False, True):
        read = readings(text, minutes=minutes)
        assert len(read) <= 2
        assert all(isinstance(one, timedelta) and one >= timedelta(0) for one in read)
