"""Reading what stands behind ``/newcert``: a device's name, and behind it how long it lasts and what kind of key."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.errors import InvalidName, InvalidValidity, NameTaken, UnclearTime
from bot.model.certificates.certificates import KeyType
from bot.model.dates import Term, looks_like_term, read_term, whole_days
from bot.model.durations import has_duration
from bot.model.public_id import PublicId

OWN_KEY = "csr"
_KEY_TYPES = {"rsa": KeyType.RSA2048, "p256": KeyType.P256}
_MAX_WORDS = 8
"""So many words a time has at most: *until the 24th of December 2026* and the like."""


@dataclass(frozen=True, kw_only=True)
class DeviceOrder:
    """What was asked for. ``days`` and ``key_type`` are ``None`` where the settings decide.

    ``unclear`` is what is wrong with a time that stands there; ``whole`` is the name where that belongs to it.
    """

    name: str
    days: int | None = None
    key_type: KeyType | None = None
    own_key: bool = False
    unclear: UnclearTime | InvalidValidity | None = None
    whole: str = ""

    @property
    def has_time(self) -> bool:
        """Whether a time stands there for certain; ``8 Jan`` may be one."""
        if isinstance(self.unclear, UnclearTime) and self.unclear.why == "several":
            return len(self.unclear.choices) > 1
        return self.days is not None or self.unclear is not None


@dataclass(frozen=True)
class NameAsked:
    """The bot wants to know a device's name; the next plain text answers it, until ``until``. ``refused``: why another
    one than was given.
    """

    until: datetime
    refused: InvalidName | NameTaken | None = None


@dataclass(frozen=True, kw_only=True)
class ValidityAsked:
    """The bot wants to know how long a certificate lasts; the next plain text answers it, until ``until``.

    ``id`` is that of the question, for its buttons. ``unclear`` is what was wrong; ``choices`` are those of its
    meanings that can be had. ``whole`` is the device's name with that time in it, empty where it stood alone.
    """

    id: PublicId
    until: datetime
    unclear: UnclearTime | InvalidValidity
    choices: tuple[Term, ...]
    whole: str


def read_order(words: tuple[str, ...], today: date) -> DeviceOrder:
    """Read the words. Options stand behind the name, in any order. What looks like a time is never taken for a name."""
    rest = list(words)
    key_type, own_key, term, written = None, False, None, ""
    unclear: UnclearTime | InvalidValidity | None = None
    while rest:
        option = rest[-1].casefold().rstrip(",;.")
        if option == OWN_KEY or option in _KEY_TYPES:
            own_key = own_key or option == OWN_KEY
            key_type = _KEY_TYPES.get(option, key_type)
            rest.pop()
            continue
        count = _words_of_time(rest, today)
        if not count:
            break
        if written:
            unclear = UnclearTime("twice", f"{_text(rest[-count:])}, {written}")
        else:
            written = _text(rest[-count:])
        del rest[-count:]
    name = " ".join(rest)
    whole = " ".join(word for word in words[len(rest) :] if word.casefold() not in {OWN_KEY, *_KEY_TYPES})
    days = None
    if written and unclear is None:
        try:
            term = _term(written, today)
            days = whole_days(term, written, today)
        except (UnclearTime, InvalidValidity) as error:
            unclear = error
    elif unclear is None and has_duration(name):
        unclear = UnclearTime("inside", name)
    return DeviceOrder(
        name=name,
        days=days,
        key_type=key_type,
        own_key=own_key,
        unclear=unclear,
        whole=f"{name} {whole}".strip(),
    )


def read_validity(text: str, today: date) -> int:
    """For how many days a certificate is asked, where nothing but that can be meant.

    Raises:
        UnclearTime: it says one of several things, or nothing.
        BadValidity: out of bounds.
    """
    term = read_term(text, today, alone=True)
    if term is None:
        raise UnclearTime("unreadable", text)
    return whole_days(term, text, today)


def _words_of_time(words: list[str], today: date) -> int:
    """How many of the last words say a time, rightly or wrongly; 0 where they belong to a name."""
    for count in range(min(_MAX_WORDS, len(words)), 0, -1):
        try:
            if read_term(_text(words[-count:]), today) is not None:
                return count
        except UnclearTime:
            return count
    return next((count for count in (3, 2, 1) if count <= len(words) and looks_like_term(_text(words[-count:]))), 0)


def _term(written: str, today: date) -> Term:
    term = read_term(written, today)
    if term is None:
        raise UnclearTime("unreadable", written)
    return term


def _text(words: list[str]) -> str:
    return " ".join(words).rstrip(",;")
