"""What somebody sent, by its content alone: a private key, a request, a certificate. Names and endings tell nothing.

Only the outermost shape is looked at: no key is loaded, no password is tried. What stands around it does not matter
(text before and after, quoting, a lost line break, a missing BEGIN line), nor how the text is encoded.
"""

import base64
import binascii
import codecs
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_SEQUENCE, _INTEGER, _BITS, _OCTETS, _FIRST = 0x30, 0x02, 0x03, 0x04, 0xA0
_SEQUENCE_HEAD = b"\x30"
_UNKNOWN_LENGTH = 0x80
_MAX_PARTS = 12
_NUMBERS = frozenset({5, 8})
"""How many numbers follow the version in the old forms of a DSA and of an RSA key (RFC 8017, A.1.2)."""

_LEAST_BYTES, _MOST_BYTES = 40, 64 * 1024
_HEAD_CHARACTERS = 8
_DER_BEGINS = re.compile(r"M[A-P]")
"""A SEQUENCE (0x30) in base64."""

_ENCRYPTED_BY = tuple(bytes.fromhex(oid) for oid in ("2a864886f70d0105", "2a864886f70d010c01"))
"""PKCS#5 and PKCS#12 password-based encryption: the algorithms of an encrypted PKCS#8 key (RFC 5958, RFC 7292)."""

_PKCS7 = bytes.fromhex("2a864886f70d0107")
_STORES = (
    b"\xfe\xed\xfe\xed",  # JKS
    b"\xce\xce\xce\xce",  # JCEKS
    b"\x00\x00\x00\x02\x00\x00\x00\x14",  # BKS, Bouncy Castle's
    b"\x30\x80\x02\x01\x03\x30\x80",  # PKCS#12 of unknown length (BER), as older NSS and Java write it
)
_KEYS = (
    b"openssh-key-v1\x00",
    b"\x1e\xf1\xb5\xb0",  # PVK, Microsoft's
    b"\x07\x02\x00\x00",  # PRIVATEKEYBLOB of CryptoAPI
)

_MARKS = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
"""Byte order marks, the longer ones first."""

_DASHES = str.maketrans(
    dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-") | {"\u2014": "--", "\u2015": "--"}
)
_KEY_WORDS = re.compile(
    r"-{2,}\s*(?:BEGIN|END)\s[A-Z0-9 ]*PRIVATE\s+KEY"  # also RSA, EC, ENCRYPTED, OPENSSH, SSH2, PGP
    r"|PuTTY-User-Key-File-\d"
    r"|^Private-(?:Lines|MAC):",
    re.IGNORECASE | re.MULTILINE,
)
_STORE_WORDS = re.compile(r"-{2,}\s*BEGIN\s+PKCS12", re.IGNORECASE)
_REQUEST_WORDS = re.compile(r"-{2,}\s*BEGIN\s+(?:NEW\s+)?CERTIFICATE\s+REQUEST", re.IGNORECASE)
_QUOTED = re.compile(r"^[\s>|]+", re.MULTILINE)
_ENCODED = re.compile(r"[A-Za-z0-9+/=\s]{40,}")
_PEM_AGAIN = re.compile(r"LS0tLS1CRUdJTi[A-Za-z0-9+/\s]+")
"""``-----BEGIN`` in base64: PEM that was encoded once more, as Kubernetes keeps it."""


class Private(StrEnum):
    """How a private key was found: a key, or a store that holds one (PKCS#12, JKS)."""

    KEY = "key"
    STORE = "store"


@dataclass(frozen=True)
class Contents:
    """What there is. ``requests`` in DER, each once, in their order. ``is_request``: it calls itself one, or is."""

    private: Private | None
    requests: tuple[bytes, ...]
    certificate: bool
    is_request: bool


class _Shape(StrEnum):
    KEY = "key"
    STORE = "store"
    REQUEST = "request"
    CERTIFICATE = "certificate"


def look_into(data: bytes) -> Contents:
    """Say what is in a file, or in a text's bytes."""
    text = _as_text(data)
    found = [*_in_a_row(data), *_in_base64(text)]
    shapes = {shape for shape, _ in found}
    requests = dict.fromkeys(der for shape, der in found if shape is _Shape.REQUEST)
    return Contents(
        private=_private(data, text, shapes),
        requests=tuple(requests),
        certificate=_Shape.CERTIFICATE in shapes,
        is_request=bool(requests) or _REQUEST_WORDS.search(text) is not None,
    )


def _private(data: bytes, text: str, shapes: set[_Shape]) -> Private | None:
    if _KEY_WORDS.search(text) or data.startswith(_KEYS) or _Shape.KEY in shapes:
        return Private.KEY
    if _STORE_WORDS.search(text) or data.startswith(_STORES) or _Shape.STORE in shapes:
        return Private.STORE
    return None


def _as_text(data: bytes) -> str:
    """The readable part, on lines that begin where their words do."""
    read = "\n---\n".join(data.decode(encoding, "replace").replace("\x00", "") for encoding in _encodings(data))
    plain = unicodedata.normalize("NFKC", read)
    kept = "".join(c for c in plain if c.isspace() or unicodedata.category(c) != "Cf")
    # A key inside JSON or a setting has its line breaks spelt out.
    kept = kept.translate(_DASHES).replace("\\r", "").replace("\\n", "\n")
    return _QUOTED.sub("", kept)


def _encodings(data: bytes) -> tuple[str, ...]:
    """As UTF-8, and as what its mark says; without one UTF-16 shows by its zero bytes. ASCII in UTF-32 is the same as
    in UTF-8 once those are taken out.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return (encoding, "utf-8")
    even, odd = data[::2].count(0), data[1::2].count(0)
    if even + odd <= len(data) // 4:
        return ("utf-8",)
    return ("utf-16-be" if even > odd else "utf-16-le", "utf-8")


def _in_a_row(data: bytes) -> Iterator[tuple[_Shape, bytes]]:
    """Elements of DER one after the other, as a binary file has them."""
    at = 0
    while data[at : at + 1] == b"\x30" and (length := _length(data, at)) is not None:
        der = data[at : at + length]
        if (shape := _shape(der)) is not None:
            yield shape, der
        at += length


def _in_base64(text: str) -> Iterator[tuple[_Shape, bytes]]:
    for run in _ENCODED.findall(text):
        yield from _decoded(run.split())
    for run in _PEM_AGAIN.findall(text):
        inner = _as_text(_base64("".join(run.split())))
        for body in _ENCODED.findall(inner):
            yield from _decoded(body.split())


def _decoded(words: list[str]) -> Iterator[tuple[_Shape, bytes]]:
    """What begins at the beginning of a word, and goes on as far as its own length says."""
    at = 0
    while at < len(words):
        der, used = _from_word(words, at)
        shape = _shape(der)
        if shape is not None:
            yield shape, der
        at += 1 if shape is None else used


def _from_word(words: list[str], at: int) -> tuple[bytes, int]:
    """The element that begins there, and how many words it takes; nothing where none does."""
    if not words[at].startswith("M"):
        return b"", 1
    head, _ = _joined(words, at, _HEAD_CHARACTERS)
    if not _DER_BEGINS.match(head):
        return b"", 1
    length = _length(_base64(head[:_HEAD_CHARACTERS]), 0)
    if length is None or not _LEAST_BYTES <= length <= _MOST_BYTES:
        return b"", 1
    characters = -(-length // 3) * 4
    body, used = _joined(words, at, characters)
    return _base64(body[:characters])[:length], used


def _joined(words: list[str], at: int, characters: int) -> tuple[str, int]:
    """So many words that they have that many characters, where there are."""
    end, size = at, 0
    while end < len(words) and size < characters:
        size += len(words[end])
        end += 1
    return "".join(words[at:end]), end - at


def _base64(text: str) -> bytes:
    text = text[: len(text) - (len(text) % 4 == 1)]
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        return b""


def _head(data: bytes, at: int) -> int:
    """How many bytes tag and length take (X.690, 8.1.3)."""
    return 2 + (data[at + 1] & 0x7F if data[at + 1] & 0x80 else 0)


def _length(data: bytes, at: int) -> int | None:
    """How many bytes a whole element takes; ``None`` where that cannot be read."""
    if len(data) < at + 2 or len(data) < at + _head(data, at) or data[at + 1] == _UNKNOWN_LENGTH:
        return None
    head = _head(data, at)
    return head + (data[at + 1] if head == 2 else int.from_bytes(data[at + 2 : at + head], "big"))


def _parts(der: bytes) -> list[tuple[int, bytes]]:
    """Tag and content of the first elements inside; none where the bytes are no clean sequence of elements."""
    if not der.startswith(_SEQUENCE_HEAD) or _length(der, 0) != len(der):
        return []
    found: list[tuple[int, bytes]] = []
    at = _head(der, 0)
    while at < len(der) and len(found) < _MAX_PARTS:
        length = _length(der, at)
        if length is None or at + length > len(der):
            return []
        found.append((der[at], der[at + _head(der, at) : at + length]))
        at += length
    return found


def _shape(der: bytes) -> _Shape | None:
    parts = _parts(der)
    tags, content = [tag for tag, _ in parts], [inside for _, inside in parts]
    if tags[:1] == [_INTEGER]:
        return _of_version(tags, content)
    if tags == [_SEQUENCE, _OCTETS] and content[0][2:].startswith(_ENCRYPTED_BY):
        return _Shape.KEY
    if tags == [_SEQUENCE, _SEQUENCE, _BITS]:
        return _of_signed(der)
    return None


def _of_version(tags: list[int], content: list[bytes]) -> _Shape | None:
    """What begins with a version: PKCS#12, PKCS#8, SEC 1, and the old forms of RSA and DSA."""
    if content[0] == b"\x03" and tags[1:2] == [_SEQUENCE] and content[1][2:].startswith(_PKCS7):
        return _Shape.STORE
    if content[0] not in {b"\x00", b"\x01"}:
        return None
    rest = tags[1:]
    old = set(rest) == {_INTEGER} and len(rest) in _NUMBERS
    return _Shape.KEY if old or rest[:2] == [_SEQUENCE, _OCTETS] or rest[:1] == [_OCTETS] else None


def _of_signed(der: bytes) -> _Shape | None:
    """A request has version, name and key, and most often attributes; a certificate of version 1 six parts at least."""
    at = _head(der, 0)
    tags = [tag for tag, _ in _parts(der[at : at + (_length(der, at) or 0)])]
    if tags in ([_INTEGER, _SEQUENCE, _SEQUENCE], [_INTEGER, _SEQUENCE, _SEQUENCE, _FIRST]):
        return _Shape.REQUEST
    return _Shape.CERTIFICATE if tags[:1] == [_FIRST] or tags[1:6] == [_SEQUENCE] * 5 else None
