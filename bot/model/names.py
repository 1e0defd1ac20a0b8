"""Device names as people write them, and the ASCII forms that certificates and files need."""

import re
import secrets
import unicodedata
from dataclasses import dataclass

from anyascii import anyascii

from bot.errors import BadName

MOST_CHARACTERS = 32
_SLUG_CHARACTERS = 48
_PERSON_CHARACTERS = 64
_MOST_MARKS = 2
_ALLOWED_MARKS = frozenset(" -_.")
_NOT_IN_SLUG = re.compile(r"[^A-Za-z0-9 ._-]+")
_NOT_IN_FILE_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class DeviceName:
    """A name its owner gave. ``shown`` is kept as written (NFC); ``key`` is what uniqueness compares."""

    shown: str
    key: str


def device_name(text: str) -> DeviceName:
    """Read a device name.

    Letters and digits of any script (with their combining marks), space, ``-``, ``_``, ``.``; at most 32
    characters; no control and no direction-changing characters (Unicode categories Cc and Cf).

    Raises:
        BadName: with ``why`` ``empty``, ``long`` or ``characters``.
    """
    shown = " ".join(unicodedata.normalize("NFC", text).split())
    if not shown:
        raise BadName("empty")
    if not all(c in _ALLOWED_MARKS or unicodedata.category(c)[0] in "LNM" for c in shown):
        raise BadName("characters")
    if not any(unicodedata.category(c)[0] in "LN" for c in shown):
        raise BadName("characters")
    if len(shown) > MOST_CHARACTERS:
        raise BadName("long")
    return DeviceName(shown=shown, key=name_key(shown))


def shown_name(text: str) -> str:
    """A person's name as Telegram tells it, fit to be shown: without control and direction-changing characters,
    with two combining marks in a row at most (more of them overprint the lines around), 64 characters at most.
    """
    kept: list[str] = []
    marks = 0
    for character in unicodedata.normalize("NFC", text):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if character.isprintable() and marks <= _MOST_MARKS:
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
    return " ".join("".join(kept).split())[:_PERSON_CHARACTERS].rstrip() or "?"


def name_key(text: str) -> str:
    """The form in which names are compared: NFKC and case-folded (Unicode TR15, chapter 3.13 of the standard)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


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
    return _NOT_IN_FILE_NAME.sub("-", common).strip(".-") or "device"
