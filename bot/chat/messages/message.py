"""What a message is made of, and the voice it is said in."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.chat.callback_data import CallbackData
from bot.chat.languages import country_words, day_words, number_words, plural, time_words, translated

MAX_COPIED = 256
"""Characters that a button can copy (Bot API, CopyTextButton)."""

Look = Literal["plain", "primary", "success", "danger"]


@dataclass(frozen=True, kw_only=True)
class Button:
    """A button: exactly one of ``press``, ``copy`` and ``url``."""

    text: str
    callback: CallbackData | None = None
    copy: str | None = None
    url: str | None = None
    look: Look = "plain"


@dataclass(frozen=True, kw_only=True)
class Message:
    """Something to show in a chat.

    ``lifetime``: it is deleted after that time. ``secret``: it holds a password. ``quiet``: it makes no sound.
    ``pick``: the text of a button below the input field that lets one pick a contact; it hides once used.
    ``unpick``: takes such a button away. Either takes the place of ``rows``, and makes the message uneditable.
    ``before``: messages of their own that are said before it, for what has no room in it.
    """

    html: Markup
    rows: tuple[tuple[Button, ...], ...] = ()
    lifetime: timedelta | None = None
    secret: bool = False
    quiet: bool = False
    pick: str | None = None
    unpick: bool = False
    before: tuple[Markup, ...] = ()


@dataclass(frozen=True)
class Locale:
    """Language, time zone and present moment of whoever reads.

    ``member``: the reader is no admin and reads of keys and passwords, as phones call them.
    """

    language: str
    time_zone: ZoneInfo
    now: datetime
    member: bool = False

    def _(self, text: str) -> Markup:
        """``text`` in the reader's language, as markup; ``format`` on it escapes what is put in."""
        return Markup(translated(self.language, text))  # noqa: S704 -- our own texts are the markup

    def many(self, one: str, other: str, number: int, **named: object) -> Markup:
        """The one of two texts that is said with this number, which it may hold as ``{n}``, with what else is named.

        The two may be the same in English: other languages have forms where it has none.
        """
        said = Markup(plural(self.language, one, other, number))  # noqa: S704 -- as above
        return said.format(n=self.number(number), **named)

    def number(self, number: int) -> str:
        """A number as the reader's language writes it."""
        return number_words(self.language, number)

    def country(self, country: str) -> str:
        """A country by its two letters, as the reader's language calls it."""
        return country_words(self.language, country)

    def either(self, *, admin: str, member: str) -> Markup:
        """The one of two texts that is for this reader."""
        return self._(member if self.member else admin)

    def label(self, text: str) -> str:
        """A button's text, or other plain text, in the reader's language."""
        return translated(self.language, text)

    def day(self, moment: datetime) -> Markup:
        """A date, shown by Telegram in each reader's own time zone and language (Bot API 9.5, ``tg-time``)."""
        local = moment.astimezone(self.time_zone)
        return self._time(moment, "D", day_words(self.language, local))

    def date(self, day: date) -> str:
        """A day by the calendar as plain text."""
        return day_words(self.language, datetime.combine(day, time(12), self.time_zone))

    def short_day(self, moment: datetime) -> str:
        """A day of this year as plain text, for a button."""
        return day_words(self.language, moment.astimezone(self.time_zone), year=False)

    def clock(self, moment: datetime) -> Markup:
        """A time of day, with its date when that is not today."""
        local, today = moment.astimezone(self.time_zone), self.now.astimezone(self.time_zone).date()
        if local.date() == today:
            return self._time(moment, "t", time_words(self.language, local))
        return self._time(moment, "Dt", f"{day_words(self.language, local)}, {time_words(self.language, local)}")

    def _time(self, moment: datetime, form: str, fallback: str) -> Markup:
        return Markup('<tg-time unix="{unix}" format="{form}">{fallback}</tg-time>').format(
            unix=int(moment.timestamp()), form=form, fallback=fallback
        )


def paragraphs(*parts: Markup | None) -> Markup:
    """The parts that are there, with an empty line between."""
    return Markup("\n\n").join(part for part in parts if part)


def lines(*parts: Markup | None) -> Markup:
    """The parts that are there, one a line."""
    return Markup("\n").join(part for part in parts if part)


_MAX_NAMED = 6


def named(hosts: tuple[str, ...], locale: Locale, most: int = _MAX_NAMED) -> Markup:
    """Hosts by name, the first few of many: a caption has 1,024 characters."""
    shown = Markup(", ").join(hosts[:most])
    more = len(hosts) - most
    return shown if more <= 0 else locale.many("{hosts} and {n} more", "{hosts} and {n} more", more, hosts=shown)
