"""Every language says everything, with the same names, marks and commands in it, within Telegram's limits."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.chat.guides.shelf import guides
from bot.chat.languages import DRAFTS, ENGLISH, LANGUAGES, country_words, day_words, language_of, plural, translated
from bot.chat.messages import guides as guide_words
from bot.chat.messages.certificates.issue import password_popup
from bot.chat.messages.message import Locale, Message
from bot.chat.messages.people import greetings
from bot.chat.messages.refusals import fits_a_popup, refusal
from bot.chat.messages.render import render
from bot.model.notices import Ready, ReadyOwnKey
from bot.model.public_id import PublicId
from bot.model.results import Password, Secret
from sandbox.telegram.formatting import formatted
from tests.catalogues import read, texts
from tests.chat.messages.test_messages_words import an, said_in_chat
from tests.chat.notice_examples import ALL_NOTICES, VIEWER, VOICE

OTHERS = sorted(LANGUAGES.keys() - {ENGLISH})
_NAMES = re.compile(r"\{\w*\}")
_TAGS = re.compile(r"</?[a-z]+[^>]*>")
_COMMANDS = re.compile(r"(?<![\w/<])/[a-z]+")


def pairs(language: str) -> Iterator[tuple[str, str]]:
    """Each text with what it is in a language; forms for many with theirs."""
    catalogue = read(language)
    for first, forms in texts().items():
        message = catalogue.get(first)
        string = message.string if message is not None else ""
        if isinstance(string, tuple | list):
            yield from ((forms[min(number, 1)], form) for number, form in enumerate(string))
        else:
            yield first, string or ""


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_left_in_english_and_nothing_is_left_over(language: str) -> None:
    assert [text for text, said in pairs(language) if not said] == []
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in read(language) if message.id}
    assert known == texts().keys()
    assert not [message.id for message in read(language) if message.fuzzy and message.id]


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("what", [_NAMES, _TAGS, _COMMANDS], ids=["names", "marks", "commands"])
def test_the_same_things_stand_in_it(language: str, what: re.Pattern[str]) -> None:
    wrong = [
        (text, said)
        for text, said in pairs(language)
        if said and Counter(what.findall(text)) != Counter(what.findall(said))
    ]
    assert wrong == []


def shown(language: str) -> Iterator[Message]:
    """Every message there is an example of."""
    for voice in (replace(VOICE, language=language), replace(VOICE, language=language, member=True)):
        for notice in ALL_NOTICES:
            yield render(notice, voice)
        for kind in said_in_chat():
            yield refusal(an(kind), voice)
        yield greetings.help_text(VIEWER, voice)
        yield greetings.start(VIEWER, voice)


@pytest.mark.parametrize("language", OTHERS)
def test_within_the_limits_of_telegram(language: str) -> None:
    """Bot API: a message has 4,096 characters, a button's text is better short."""
    for message in shown(language):
        assert 0 < len(formatted(str(message.html), "HTML").text) <= 4096
        for row in message.rows:
            for button in row:
                assert 0 < len(button.text) <= 100


@pytest.mark.parametrize("language", OTHERS)
def test_under_a_file_there_is_less_room(language: str) -> None:
    """Bot API: a caption has 1,024 characters."""
    files = [one for one in ALL_NOTICES if isinstance(one, Ready | ReadyOwnKey)]
    said = [render(one, replace(VOICE, language=language)).html for one in files]
    assert max(len(formatted(str(html), "HTML").text) for html in said) <= 1024


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_only_a_popup_fits_one(language: str) -> None:
    voice = replace(VOICE, language=language)
    assert fits_a_popup(greetings.too_fast(voice))
    shown = Password(PublicId("abcd1234"), f"{'x' * 48}.p12", VOICE.now, Secret("-".join(["plums"] * 6)))
    assert len(password_popup(shown, voice)) <= 200


def test_whatever_is_said_is_in_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that is made up while the bot runs would never be translated."""
    said: set[str] = set()

    def listen(_code: str, text: str) -> str:
        said.add(text)
        return text

    monkeypatch.setattr("bot.chat.messages.message.translated", listen)
    for _ in shown("de"):
        pass
    assert said - texts().keys() == set()


@pytest.mark.parametrize(
    ("code", "language"),
    [("de-AT", "de"), ("pt-BR", "en"), ("", "en"), ("ES", "es"), ("fr_CA", "fr"), ("zh-hans", "en"), ("en-GB", "en")],
)
def test_telegrams_tags(code: str, language: str) -> None:
    assert language_of(code) == language


def test_dates_are_written_as_the_language_does() -> None:
    day = datetime(2026, 3, 4, tzinfo=UTC)
    written = {language: day_words(language, day) for language in LANGUAGES}
    assert written == {"en": "4 Mar 2026", "es": "4 mar 2026", "de": "4. März 2026", "fr": "4 mars 2026"}
    assert day_words("de", day, year=False) == "4. März"


@pytest.mark.parametrize(
    ("language", "country", "said"),
    [
        ("en", "DE", "Germany"),
        ("de", "ES", "Spanien"),
        ("es", "FR", "Francia"),
        ("fr", "DE", "Allemagne"),
        ("fr", "T1", "Tor"),
        ("en", "XX", "?"),
        ("en", "", "?"),
        ("en", "Q9", "Q9"),
    ],
)
def test_countries_are_called_as_the_language_does(language: str, country: str, said: str) -> None:
    assert country_words(language, country) == said


def test_one_and_many() -> None:
    assert plural("en", "{n} hour", "{n} hours", 1) == "{n} hour"
    assert plural("en", "{n} hour", "{n} hours", 0) == "{n} hours"
    more = "{names} and {n} more"
    assert plural("fr", more, more, 0) == "{names} et {n} autre"
    assert plural("fr", more, more, 2) == "{names} et {n} autres"


def test_what_is_missing_is_said_in_english() -> None:
    assert translated("de", "never written anywhere") == "never written anywhere"
    assert plural("de", "never written {n}", "never written {n}s", 2) == "never written {n}s"


def test_drafts_say_so_in_help() -> None:
    voices = {language: Locale(language, ZoneInfo("UTC"), datetime.now(UTC)) for language in LANGUAGES}
    for language, voice in voices.items():
        assert ("/language" in str(greetings.help_text(VIEWER, voice).html)) is (language in DRAFTS)


@pytest.mark.parametrize("language", OTHERS)
def test_the_guides_have_the_same_screens(language: str) -> None:
    told, complete = guides(language), guides(ENGLISH)
    for slug, guide in complete.items():
        same = told[slug]
        assert [screen.name for screen in same.screens] == [screen.name for screen in guide.screens], slug
        assert same.title
        assert same is not guide
        for at in range(1, len(same.screens) + 1):
            message = guide_words.screen(same, at, VIEWER, replace(VOICE, language=language))
            assert len(formatted(str(message.html), "HTML").text) <= 1000, (slug, at)
