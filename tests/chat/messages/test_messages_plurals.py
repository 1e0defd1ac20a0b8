"""One is one: no sentence says “1 hours”, in any language."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from markupsafe import Markup

from bot.chat.languages import ENGLISH, LANGUAGES, number_words, plural
from bot.chat.messages.message import Locale
from sandbox.telegram.formatting import formatted
from tests.catalogues import texts
from tests.chat.messages.test_messages_languages import shown

_NAMES = frozenset(
    {"actor", "admin", "by", "host", "hosts", "name", "names", "owner", "path", "paths"}
    | {"reporter", "since", "subject", "who", "whose", "zone"}
)
"""What stands for names and moments; whatever else may be a number."""

_AT_MOST = frozenset({"most", "most_days", "quota", "what"})
"""Bounds that the house sets, far above one."""

_COUNTED = re.compile(r"\{(\w+)\} (?:[a-z]+ )?[a-z]+s\b")
_ONES = {
    "en": re.compile(r"(?<![\d.,])1 (?!is\b|was\b)(?:[a-z]+s\b|are\b|(?:revoked|open) [a-z]+s\b)"),
    "es": re.compile(r"(?<![\d.,])1 (?!más\b)[a-záéíóúñ]+s\b"),
    "fr": re.compile(r"(?<![\d.,])1 (?:dernières|[a-zàâéèêîôû]+s|sont)\b"),
    "de": re.compile(
        r"(?<![\d.,])1 (?:[a-zäöü]+e )?(?:sind|Stunden|Tage|Geräte|Zertifikate|Pfade|Ereignisse|Einträge|Regeln)\b"
    ),
}
"""A one with what is said of many."""


def forms() -> Iterator[tuple[str, str]]:
    yield from (both for both in texts().values() if len(both) == 2)


def test_what_is_counted_has_two_forms() -> None:
    unplural = [
        text
        for text, *more in texts().values()
        if not more and {found[1] for found in _COUNTED.finditer(text)} - _NAMES - _AT_MOST
    ]
    assert unplural == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_is_said_right(language: str) -> None:
    for one, other in forms():
        said = {n: plural(language, one, other, n).replace("{n}", number_words(language, n)) for n in (0, 1, 2, 5)}
        assert not _ONES[language].search(said[1]), said[1]
        assert all(str(n) in said[n] or "{n}" not in other for n in (2, 5)), other


def test_the_number_is_dropped_for_one_alone() -> None:
    """“The last hour” needs none; “2 hours” does."""
    assert [other for one, other in forms() if "{n}" in one and "{n}" not in other] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_message_says_one_of_many(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All there are examples of, with each count made one."""
    many = Locale.many

    def of_one(locale: Locale, one: str, other: str, number: int, **named: Any) -> Markup:
        del number
        return many(locale, one, other, 1, **named)

    monkeypatch.setattr(Locale, "many", of_one)
    wrong = set()
    for message in shown(language):
        if found := _ONES[language].search(formatted(str(message.html), "HTML").text):
            wrong.add(found[0])
    assert wrong == set()


@pytest.mark.parametrize(
    ("language", "written"), [(ENGLISH, "12,345"), ("de", "12.345"), ("es", "12.345"), ("fr", "12\u202f345")]
)
def test_large_numbers_are_written_as_the_language_does(language: str, written: str) -> None:
    assert number_words(language, 12345) == written
