"""Device names as people write them, and the ASCII forms that certificates and files need."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

from bot.errors import InvalidName

MAX_CHARACTERS = 64
"""As many as iOS takes for a device's name."""

_MAX_KEY = 128
_SLUG_CHARACTERS = 48
_PERSON_CHARACTERS = 64
_MAX_MARKS = 2
_BEFORE_OWNER = "/"
"""What parts an owner from a name, where an admin writes both."""

_JOINER, _EMOJI_FORM = "\u200d", "\ufe0f"
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Letters and marks by their category, of which nothing is seen (Unicode, Default_Ignorable_Code_Point)."""

_NEW_EMOJI = range(0x1F000, 0x1FB00)
"""Phones know emoji that Python's tables do not have yet."""

_SAME_APOSTROPHE = str.maketrans(dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u00b4`\u2032\uff07", "'"))
_NOT_IN_SLUG = re.compile(r"[^A-Za-z0-9 ._-]+")
_NOT_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")
_ON_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
"""Names that no file can have there, whatever its ending (Microsoft, "Naming Files, Paths, and Namespaces")."""


@dataclass(frozen=True)
class DeviceName:
    """A name its owner gave. ``shown`` is kept as written (NFC); ``key`` is what uniqueness compares."""

    shown: str
    key: str


def device_name(text: str) -> DeviceName:
    """Read a device name: whatever phones call themselves, at most 64 characters of it.

    Letters, digits, punctuation, emoji of any script. What nobody sees (direction-changing characters among them) is
    left out; ``/`` stands between an owner and a name, so it is in none.

    Raises:
        BadName: with ``why`` ``empty``, ``long``, ``slash`` or ``characters``; ``what`` says which.
    """
    shown = _seen(" ".join(unicodedata.normalize("NFC", text).split()))
    if not shown:
        raise InvalidName("empty")
    if _BEFORE_OWNER in shown:
        raise InvalidName("slash", " ".join(shown.replace(_BEFORE_OWNER, "-").split())[:MAX_CHARACTERS])
    strange = [c for c in shown if unicodedata.category(c)[0] == "C" and c != _JOINER and not _is_emoji(c)]
    if strange or not any(unicodedata.category(c)[0] in "LN" or _is_emoji(c) for c in shown):
        raise InvalidName("characters", "".join(dict.fromkeys(c for c in strange if c.isprintable())))
    key = name_key(shown)
    if len(shown) > MAX_CHARACTERS or len(key) > _MAX_KEY:
        raise InvalidName("long", str(MAX_CHARACTERS))
    return DeviceName(shown=shown, key=key)


def _seen(text: str) -> str:
    """``text`` without what nobody sees. Emoji are put together by a joiner, which stays between two of them."""
    kept = [c for c in text if (unicodedata.category(c) != "Cf" or c == _JOINER) and c not in _BLANK_LETTERS]
    joined = [c for at, c in enumerate(kept) if c != _JOINER or _joins(kept, at)]
    return " ".join(unicodedata.normalize("NFC", "".join(joined)).split())


def _joins(characters: list[str], at: int) -> bool:
    before = [c for c in characters[max(0, at - 2) : at] if c != _EMOJI_FORM]
    return bool(before) and _is_emoji(before[-1]) and at + 1 < len(characters) and _is_emoji(characters[at + 1])


def _is_emoji(character: str) -> bool:
    return unicodedata.category(character) == "So" or ord(character) in _NEW_EMOJI


def shown_name(text: str) -> str:
    """A person's name as Telegram tells it, fit to be shown: without control and direction-changing characters,
    with two combining marks in a row at most (more of them overprint the lines around), 64 characters at most.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if character.isprintable() and marks <= _MAX_MARKS:
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
    return " ".join("".join(kept).split())[:_PERSON_CHARACTERS].rstrip() or "?"


def name_key(text: str) -> str:
    """The form in which names are compared: NFKC and case-folded (Unicode TR15, chapter 3.13 of the standard), all
    apostrophes the same, and without the marks that only choose how an emoji is drawn.
    """
    drawn = text.translate(_SAME_APOSTROPHE).replace(_EMOJI_FORM, "").replace("\ufe0e", "")
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", drawn).casefold())
    return " ".join(folded.translate(_SAME_APOSTROPHE).split())


def ascii_slug(text: str) -> str:
    """``text`` transliterated to ``[A-Za-z0-9 ._-]``, at most 48 characters; may come out empty.

    Cloudflare keeps a CSR's subject, but what it does with other characters, or more than 64, is not
    documented; friendly names beyond ASCII are refused by some PKCS#12 readers.
    """
    plain = _NOT_IN_SLUG.sub("", anyascii(text))
    return " ".join(plain.split())[:_SLUG_CHARACTERS].strip(" .-_")


def common_name(shown: str) -> str:
    """The certificate's CN for a device name: its slug, or ``device-<hex>`` when nothing is left of it."""
    return ascii_slug(shown) or f"device-{secrets.token_hex(3)}"


def file_stem(common: str) -> str:
    """A file name's stem for a common name: no spaces, so that phones and shells take it as it is."""
    stem = _NOT_IN_FILE_NAME.sub("-", common).removesuffix(".p12").strip(".-") or "device"
    return f"device-{stem}" if _ON_WINDOWS.fullmatch(stem) else stem
