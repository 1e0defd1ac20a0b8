"""Reading what stands behind ``/openpath``: an address, for how long, and what the opening is bound to."""

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import ip_interface, ip_network

from bot.errors import InvalidPath, UnclearTime
from bot.model.dates import Term, lasts_until, looks_like_term, read_term
from bot.model.durations import plain
from bot.model.openings.addresses import exact_query, normalised, read_address
from bot.model.protection.hosts import host_below
from bot.model.protection.path_spellings import spellings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
DEFAULT_OPEN = timedelta(hours=1)
LEAST_OPEN = timedelta(minutes=1)
MAX_NETWORKS = 32

_MAX_REASON = 200
_MAX_WORDS = 8
"""So many words a time has at most."""

_EXACT = "exact"
_REASON = frozenset({"for", "fur", "fuer", "para", "por", "pour"})
_ALWAYS = frozenset({"always", "forever", "permanent", "immer", "dauerhaft", "siempre", "toujours"})
_BEHIND_FOR = frozenset({"ever", "good", "always", "immer", "siempre", "toujours"})
_AND = frozenset({"and", "or", "und", "oder", "y", "o", "et", "ou", "&", "+", "|", "/", ","})
_BETWEEN = re.compile(r"[,;|]")
_BETWEEN_METHODS = re.compile(r"[,;|/+&]")
_NETWORK_NUMBER = re.compile(r"ASN?:?\d+", re.IGNORECASE)
_NETWORK = re.compile(r"[\d.]+|.*[/:].*")
_LISTED = re.compile(r"[\d.]+\.[\d.]+|.*[/:].*")


@dataclass(frozen=True, kw_only=True)
class WantedPath:
    """What somebody asks to be opened. ``query`` counts only where ``exact`` was said, else it is ``None``.

    ``sent``: the path as it was written, where that is none of the usual spellings of ``path``.

    ``method`` is one, or some with a blank between; ``None`` is any. ``ignored_query``: something stood behind ``?``
    and does not matter.
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


def read_wanted_path(words: tuple[str, ...], zone: str, most: timedelta, now: datetime) -> WantedPath:
    """Read an address and what stands behind it: a time, methods, networks, ``exact``, ``always``; ``for`` and why.

    ``most`` is the longest time a path may be open; days end as in the time zone of ``now``.

    Raises:
        BadPath: something in it cannot be taken; says what.
        UnclearTime: a time in it has to be asked about.
        BadHost: the host is not one below ``zone``.
    """
    if not words:
        raise InvalidPath("missing")
    end = next((place for place, word in enumerate(words) if plain(word) in _REASON), len(words))
    at = next((place for place, word in enumerate(words[:end]) if "://" in word), 0)
    options = _Options(most, now)
    options.read(_apart((*words[:at], *words[at + 1 :])))
    address = read_address(words[at], zone)
    return WantedPath(
        host=address.host,
        path=address.path,
        sent=None if address.sent in spellings(address.path) else address.sent,
        query=exact_query(address.query) if options.exact else None,
        method=" ".join(options.methods) or None,
        networks=tuple(dict.fromkeys(options.networks)),
        reason=options.reason,
        lasting=options.lasting,
        lasts=options.lasts or min(DEFAULT_OPEN, most),
        ignored_query=bool(address.query) and not options.exact,
    )


def lasting_path(
    host: str,
    path: str,
    method: str | None,
    zone: str,
    *,
    query: str | None = None,
    networks: tuple[str, ...] = (),
) -> WantedPath:
    """A path that was open before, to be kept open as it is: nothing in it is read as something else.

    Raises:
        BadPath: that path cannot be opened just so.
        BadHost: the host is not one below ``zone``.
    """
    below = host_below(host, zone)
    told = tuple(map(_network, networks))
    if normalised(path) != path or below != host or told != networks or not (method is None or method in METHODS):
        raise InvalidPath("characters")
    if len(networks) > MAX_NETWORKS:
        raise InvalidPath("networks", str(MAX_NETWORKS))
    return WantedPath(
        host=below,
        path=path,
        query=None if query is None else exact_query(query),
        method=method,
        networks=networks,
        reason=None,
        lasting=True,
        lasts=DEFAULT_OPEN,
        ignored_query=False,
    )


@dataclass
class _Options:
    """What stands behind the address, word by word."""

    most: timedelta
    now: datetime
    methods: list[str] = field(default_factory=list)
    networks: list[str] = field(default_factory=list)
    lasts: timedelta | None = None
    lasting: bool = False
    exact: bool = False
    reason: str | None = None

    def read(self, words: list[str]) -> None:
        """Read them all."""
        while words:
            if (low := plain(words[0])) in _REASON:
                words = self._behind_for(words)
            elif count := self._flag(words[0], low):
                words = words[count:]
            else:
                words = words[self._time(words) or self._network(words[0]) :]
        self.methods = [one for one in METHODS if one in self.methods]
        if len(self.methods) == len(METHODS):
            self.methods = []
        if len(self.networks) > MAX_NETWORKS:
            raise InvalidPath("networks", str(MAX_NETWORKS))

    def _flag(self, word: str, low: str) -> int:
        if low in _ALWAYS:
            self._lasts_always()
        elif low == _EXACT:
            self.exact = True
        elif word.upper() in METHODS:
            self.methods.append(word.upper())
        elif low not in _AND:
            return 0
        return 1

    def _behind_for(self, words: list[str]) -> list[str]:
        """``for 2 weeks`` is a time, ``for the door bell`` is why."""
        rest = words[1:]
        if rest and plain(rest[0]) in _BEHIND_FOR and (len(rest) == 1 or plain(rest[1]) in _REASON):
            self._lasts_always()
            return rest[1:]
        count, term = self._term(rest)
        if term is not None and (count == len(rest) or plain(rest[count]) in _REASON):
            self._set(term, " ".join(rest[:count]))
            return rest[count:]
        if term is not None and self.lasts is None and not self.lasting:
            raise InvalidPath("time-or-reason", " ".join(rest[:count]))
        self.reason = _reason(rest)
        return []

    def _time(self, words: list[str]) -> int:
        count, term = self._term(words)
        if term is not None:
            self._set(term, " ".join(words[:count]))
            return count
        looks_so = next((n for n in (2, 1) if looks_like_term(" ".join(words[:n]))), 0)
        if looks_so:
            raise UnclearTime("unreadable", " ".join(words[:looks_so]))
        return 0

    def _term(self, words: list[str]) -> tuple[int, Term | None]:
        """The longest time at the beginning, and how many words it has."""
        for count in range(min(_MAX_WORDS, len(words)), 0, -1):
            term = read_term(" ".join(words[:count]), self.now.date(), minutes=True, alone=True)
            if term is not None:
                return count, term
        return 0, None

    def _set(self, term: Term, written: str) -> None:
        if self.lasts is not None or self.lasting:
            raise InvalidPath("twice")
        lasts = lasts_until(term, self.now)
        if not isinstance(term, timedelta) and lasts <= timedelta(0):
            raise UnclearTime("past", written)
        if not LEAST_OPEN <= lasts <= self.most:
            raise InvalidPath("duration", str(self.most // timedelta(hours=1)))
        self.lasts = lasts

    def _lasts_always(self) -> None:
        if self.lasts is not None:
            raise InvalidPath("twice")
        self.lasting = True

    def _network(self, word: str) -> int:
        if _NETWORK_NUMBER.fullmatch(word):
            raise InvalidPath("asn", word)
        if not _NETWORK.fullmatch(word):
            raise InvalidPath("word", word[:40])
        self.networks.append(_network(word))
        return 1


def _apart(words: tuple[str, ...]) -> list[str]:
    """The words, with lists of methods or networks (``GET,POST``) taken apart and commas behind a word left out."""
    apart: list[str] = []
    for at, word in enumerate(words):
        if plain(word) in _REASON:
            return [*apart, *words[at:]]
        if all(part.upper() in METHODS for part in _BETWEEN_METHODS.split(word.strip(",;"))):
            apart += _BETWEEN_METHODS.split(word.strip(",;"))
        elif all(_LISTED.fullmatch(part) for part in _BETWEEN.split(word.strip(",;"))):
            apart += _BETWEEN.split(word.strip(",;"))
        elif bare := word.strip(",;"):
            apart.append(bare)
    return apart


def _network(word: str) -> str:
    try:
        network = ip_network(word)
    except ValueError:
        try:
            meant = ip_interface(word).network
        except ValueError:
            raise InvalidPath("network", word[:50]) from None
        raise InvalidPath("inside-network", str(meant)) from None
    if network.prefixlen == 0:
        raise InvalidPath("network", word[:50])
    return str(network)


def _reason(words: list[str]) -> str | None:
    text = "".join(c if c.isprintable() else " " for c in " ".join(words))
    return " ".join(text.split())[:_MAX_REASON] or None
