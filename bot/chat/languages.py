"""The languages the bot speaks: gettext catalogues, read as they are written (``locales/*.po``).

English is in the code itself. A text without a translation is said in English: better understood than not said.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from gettext import c2py
from importlib.resources import files

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "es": "Español", "de": "Deutsch", "fr": "Français"}
"""What each calls itself."""

DRAFTS = frozenset({"es", "de", "fr"})
"""Nobody who grew up with them has read these yet: /help says so."""

_DAY = {ENGLISH: "d MMM y", "es": "d MMM y", "de": "d. MMM y", "fr": "d MMM y"}


def language_of(code: str) -> str:
    """The language for an IETF tag as Telegram tells it (``de-AT``); English where we do not speak it."""
    plain = code.lower().replace("_", "-").partition("-")[0]
    return plain if plain in LANGUAGES else ENGLISH


def translated(code: str, text: str) -> str:
    """A text in a language."""
    language = language_of(code)
    return text if language == ENGLISH else _texts(language).plain.get(text, text)


def plural(code: str, one: str, other: str, number: int) -> str:
    """The one of two forms (in English), or of more, that is said with this number."""
    language = language_of(code)
    if language != ENGLISH:
        texts = _texts(language)
        forms, which = texts.counted.get(one, ()), texts.which(number)
        if which < len(forms) and forms[which]:
            return forms[which]
    return one if number == 1 else other


def day_words(code: str, moment: datetime, *, year: bool = True) -> str:
    """A date such as ``24 Nov 2026``, in the zone that ``moment`` carries."""
    language = language_of(code)
    pattern = _DAY[language] if year else _DAY[language].removesuffix(" y")
    return format_datetime(moment, pattern, locale=language)


def month_words(code: str, month: date) -> str:
    """A month such as ``Nov 2026``."""
    return format_date(month, "MMM y", locale=language_of(code))


def time_words(code: str, moment: datetime) -> str:
    """A time of day such as ``17:05``, in the zone that ``moment`` carries."""
    return format_datetime(moment, "HH:mm", locale=language_of(code))


def number_words(code: str, number: int) -> str:
    """A number as it is written in a sentence: ``12,000``."""
    return format_decimal(number, locale=language_of(code))


def country_words(code: str, country: str) -> str:
    """A country by its two letters as the language calls it; ``?`` where nobody knows.

    Cloudflare has two codes of its own beside those of ISO 3166: ``T1`` for Tor and ``XX`` for none (Cloudflare
    Fundamentals, IP geolocation).
    """
    if country == "T1":
        return "Tor"
    return str(Locale(language_of(code)).territories.get(country, country if country != "XX" else "") or "?")


@dataclass(frozen=True)
class _Texts:
    plain: dict[str, str]
    counted: dict[str, tuple[str, ...]]
    which: Callable[[int], int]


@cache
def _texts(language: str) -> _Texts:
    """What a catalogue says, without all that is in it for translators."""
    known = catalogue(language)
    said = [message for message in known if message.id]
    plain = {str(one.id): one.string for one in said if isinstance(one.string, str) and one.string}
    counted = {str(one.id[0]): tuple(one.string or ()) for one in said if isinstance(one.id, tuple | list)}
    return _Texts(plain, counted, c2py(known.plural_expr))


def catalogue(language: str) -> Catalog:
    """The catalogue of one of our languages, as it is written."""
    with (files("bot.chat") / "locales" / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)
