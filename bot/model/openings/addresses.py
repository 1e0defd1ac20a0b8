"""Reading an address that shall be opened: as people paste it, and so that what is opened is what was meant.

What Cloudflare's rules see is the path normalised by RFC 3986: letters, digits and ``-._~`` are decoded, dot segments
are gone, ``%xx`` is in capitals (Cloudflare, "How URL normalization works"). The service behind sees what was sent. So
a path is taken only where both read the same in it.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from bot.errors import InvalidPath
from bot.model.protection.hosts import host_below

MAX_PATH = 1024

_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*)://", re.IGNORECASE)
_SAME_HOST = {"https": ":443", "http": ":80", "wss": ":443", "ws": ":80"}
"""What leads to the same host and path, and the port that goes without saying: the rule looks at neither."""

_AROUND = (("<", ">"), ("(", ")"), ("[", "]"), ('"', '"'), ("'", "'"), ("`", "`"), ("“", "”"), ("„", "“"), ("«", "»"))
_BEHIND = ",;.!>)]\"'`”“»"
"""What a sentence or a mail leaves behind an address."""

_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&()+,;=:@/-]|%[0-9A-F]{2})*")
_QUERY = re.compile(r"[A-Za-z0-9._~!$&()+,;=:@/?%-]*")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")
_NEVER_ENCODED = frozenset(b"./\\%?#*") | frozenset(range(0x20)) | {0x7F}
"""What means something else once somebody decodes it: dots, slashes, the percent sign itself, control characters."""


@dataclass(frozen=True)
class Address:
    """A host, a path on it as the rules see it and as it is sent, and what stood behind ``?``."""

    host: str
    path: str
    sent: str
    query: str


def read_address(text: str, zone: str) -> Address:
    """Read an address. Without a scheme it is meant as one; what stands around it in a mail is no part of it.

    Raises:
        BadPath: it cannot be opened, or the service behind might read it as another one; says what.
        BadHost: the host is not one below ``zone``.
    """
    rest, port = _without_scheme(_bare(text))
    if "#" in rest:
        raise InvalidPath("fragment")
    if "\\" in rest:
        raise InvalidPath("slashes")
    authority, slash, below = rest.partition("/")
    if "?" in authority:
        raise InvalidPath("root")
    if "@" in authority:
        raise InvalidPath("user")
    authority = authority.removesuffix(port)
    if ":" in authority or "[" in authority:
        raise InvalidPath("port")
    if not authority.isascii():
        raise InvalidPath("characters")
    host = host_below(authority, zone)
    path, _, query = below.partition("?")
    return Address(host, normalised(slash + path), _as_sent(slash + path), query)


def exact_query(query: str) -> str:
    """The query as it is to stand there: how Cloudflare normalises queries is not documented, so none is taken for
    another one.

    Raises:
        BadPath: it cannot be said.
    """
    if not _QUERY.fullmatch(query):
        raise InvalidPath("characters")
    if len(query) > MAX_PATH:
        raise InvalidPath("long", str(MAX_PATH))
    return query


def normalised(path: str) -> str:
    """The path as the rules see it.

    Raises:
        BadPath: it is the root, or the service behind might read it as another one.
    """
    if not path.strip("/"):
        raise InvalidPath("root")
    if "*" in path:
        raise InvalidPath("wildcard")
    sent = _as_sent(path)
    plain = _ENCODED.sub(_decoded, sent)
    if "//" in plain:
        raise InvalidPath("slashes")
    if ".." in plain or "." in plain.split("/"):
        raise InvalidPath("dots")
    if not _PATH.fullmatch(plain):
        raise InvalidPath("characters")
    if len(sent) > MAX_PATH:
        raise InvalidPath("long", str(MAX_PATH))
    return plain


def _bare(text: str) -> str:
    """The address without the marks around and behind it; a bracket that was opened within it stays."""
    bare = text.strip()
    while True:
        before = bare
        for opening, closing in _AROUND:
            bare = bare.removeprefix(opening) if closing not in bare[1:-1] else bare
        last = bare[-1:]
        is_own = last in ")]" and bare.count("(" if last == ")" else "[") >= bare.count(last)
        if last and last in _BEHIND and not is_own and not bare.endswith(".."):
            bare = bare[:-1]
        if bare == before:
            return bare


def _without_scheme(text: str) -> tuple[str, str]:
    found = _SCHEME.match(text)
    if found is None:
        if not re.match(r"[^/?#]*\.", text):
            raise InvalidPath("scheme")
        return text, _SAME_HOST["https"]
    if found[1].lower() not in _SAME_HOST:
        raise InvalidPath("scheme")
    return text[found.end() :], _SAME_HOST[found[1].lower()]


def _as_sent(path: str) -> str:
    """The path with letters of other scripts as every client sends them: their UTF-8, encoded (RFC 3987, 3.1)."""
    composed = unicodedata.normalize("NFC", path)
    for character in composed:
        if character.isascii():
            continue
        is_letter = unicodedata.category(character)[0] in "LMN"
        # What somebody might take for an ASCII slash or dot stays out.
        if not is_letter or unicodedata.normalize("NFKC", character) != character:
            raise InvalidPath("characters")
    return quote(composed, safe="".join(chr(c) for c in range(0x21, 0x7F)))


def _decoded(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    if byte in _NEVER_ENCODED:
        raise InvalidPath("encoded", match[0])
    return chr(byte) if byte in _UNRESERVED else match[0].upper()
