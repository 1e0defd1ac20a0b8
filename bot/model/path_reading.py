"""Reading what stands behind ``/openpath``: strictly, so that what is opened is what was meant.

What Cloudflare's rules see is the path normalised by RFC 3986: letters, digits and ``-._~`` are decoded, dot segments
are gone, ``%xx`` is in capitals (Cloudflare, "How URL normalization works"). The service behind sees what was sent. So
a path is taken only where both read the same in it, and how it was written is kept beside it: so it may be sent.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_network

from bot.errors import BadPath
from bot.model.hosts import host_below
from bot.model.path_spellings import spellings

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
DEFAULT_OPEN = timedelta(hours=1)
LEAST_OPEN = timedelta(minutes=1)

_MOST_NETWORKS = 8
_MOST_PATH = 1024
_MOST_REASON = 200
_REASON = "for"
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_DURATION = re.compile(r"(\d{1,6})([mhd])", re.IGNORECASE)
_SCHEME = "https://"
_PATH = re.compile(r"(?:[A-Za-z0-9._~!$&()+,;=:@/-]|%[0-9A-F]{2})*")
_QUERY = re.compile(r"[A-Za-z0-9._~!$&()+,;=:@/?%-]*")
_ENCODED = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~")
_NEVER_ENCODED = frozenset(b"./\\%?#*") | frozenset(range(0x20)) | {0x7F}
"""What means something else once somebody decodes it: dots, slashes, the percent sign itself, control characters."""


@dataclass(frozen=True, kw_only=True)
class WantedPath:
    """What somebody asks to be opened. ``query`` counts only where ``exact`` was said, else it is ``None``.

    ``sent``: the path as it was written, where that is none of the usual spellings of ``path``.

    ``ignored_query``: something stood behind ``?`` and does not matter.
    """

    host: str
    path: str
    query: str | None
    method: str | None
    networks: tuple[str, ...]
    reason: str | None
    lasting: bool
    lasts: timedelta
    ignored_query: bool
    sent: str | None = None


def read_wanted_path(words: tuple[str, ...], zone: str, most: timedelta) -> WantedPath:
    """Read an address and what stands behind it: a time, a method, networks, ``exact``, ``always``; ``for`` and why.

    ``most`` is the longest time a path may be open.

    Raises:
        BadPath: something in it cannot be taken; says what.
        BadHost: the host is not one below ``zone``.
    """
    if not words:
        raise BadPath("missing")
    options = _options(words[1:], most)
    host, sent, query = _address(words[0], zone)
    path = _normalised(sent)
    return WantedPath(
        host=host,
        path=path,
        sent=None if sent in spellings(path) else sent,
        query=_exact(query) if options.exact else None,
        method=options.method,
        networks=options.networks,
        reason=options.reason,
        lasting=options.lasting,
        lasts=options.lasts or min(DEFAULT_OPEN, most),
        ignored_query=bool(query) and not options.exact,
    )


@dataclass(frozen=True)
class _Options:
    lasts: timedelta | None
    method: str | None
    networks: tuple[str, ...]
    exact: bool
    lasting: bool
    reason: str | None


def _options(words: tuple[str, ...], most: timedelta) -> _Options:
    lower = [word.lower() for word in words]
    end = lower.index(_REASON) if _REASON in lower else len(words)
    times, methods, networks, flags = [], [], [], []
    for word, low in zip(words[:end], lower[:end], strict=True):
        if low in {"exact", "always"}:
            flags.append(low)
        elif word.upper() in METHODS:
            methods.append(word.upper())
        elif _DURATION.fullmatch(word):
            times.append(_duration(word, most))
        elif "/" in word or ":" in word or re.fullmatch(r"[\d.]+", word):
            networks.append(_network(word))
        else:
            raise BadPath("word", word[:40])
    if len(times) > 1 or len(methods) > 1 or (times and "always" in flags):
        raise BadPath("twice")
    if len(networks) > _MOST_NETWORKS:
        raise BadPath("networks", str(_MOST_NETWORKS))
    return _Options(
        lasts=times[0] if times else None,
        method=methods[0] if methods else None,
        networks=tuple(dict.fromkeys(networks)),
        exact="exact" in flags,
        lasting="always" in flags,
        reason=_reason(words[end + 1 :]),
    )


def _duration(word: str, most: timedelta) -> timedelta:
    match = _DURATION.fullmatch(word)
    if match is None:
        raise BadPath("duration", _hours(most))
    lasts = int(match[1]) * _UNITS[match[2].lower()]
    if not LEAST_OPEN <= lasts <= most:
        raise BadPath("duration", _hours(most))
    return lasts


def _hours(most: timedelta) -> str:
    return f"{most // timedelta(hours=1)}h"


def _network(word: str) -> str:
    try:
        network = ip_network(word)
    except ValueError:
        raise BadPath("network", word[:50]) from None
    if network.prefixlen == 0:
        raise BadPath("network", word[:50])
    return str(network)


def _reason(words: tuple[str, ...]) -> str | None:
    text = "".join(c if c.isprintable() else " " for c in " ".join(words))
    return " ".join(text.split())[:_MOST_REASON] or None


def _address(text: str, zone: str) -> tuple[str, str, str]:
    """Host, path as it was written, and query. Nothing is repaired: what is odd is refused."""
    if not text.isascii() or not text.isprintable():
        raise BadPath("characters")
    if text[: len(_SCHEME)].lower() != _SCHEME:
        raise BadPath("scheme")
    if "#" in text:
        raise BadPath("fragment")
    if "\\" in text:
        raise BadPath("slashes")
    authority, slash, rest = text[len(_SCHEME) :].partition("/")
    if "?" in authority:
        raise BadPath("root")
    if "@" in authority:
        raise BadPath("user")
    if ":" in authority or "[" in authority:
        raise BadPath("port")
    host = host_below(authority, zone)
    path, _, query = rest.partition("?")
    return host, slash + path, query


def _normalised(path: str) -> str:
    """The path as the rules see it.

    Raises:
        BadPath: it is the root, or the service behind might read it as another one.
    """
    if not path.strip("/"):
        raise BadPath("root")
    if "*" in path:
        raise BadPath("wildcard")
    plain = _ENCODED.sub(_decoded, path)
    if "//" in plain:
        raise BadPath("slashes")
    if ".." in plain or "." in plain.split("/"):
        raise BadPath("dots")
    if not _PATH.fullmatch(plain):
        raise BadPath("characters")
    if len(path) > _MOST_PATH:
        raise BadPath("long", str(_MOST_PATH))
    return plain


def _decoded(match: re.Match[str]) -> str:
    byte = int(match[1], 16)
    if byte in _NEVER_ENCODED:
        raise BadPath("encoded", match[0])
    return chr(byte) if byte in _UNRESERVED else match[0].upper()


def _exact(query: str) -> str:
    """The query as it is to stand there: how Cloudflare normalises queries is not documented, so none is taken for
    another one.
    """
    if not _QUERY.fullmatch(query):
        raise BadPath("characters")
    if len(query) > _MOST_PATH:
        raise BadPath("long", str(_MOST_PATH))
    return query
