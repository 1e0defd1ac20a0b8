"""Open paths: exact paths on a protected host that need no certificate for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from ipaddress import ip_network

from bot.model.proofs.probe_results import Verdict
from bot.model.protection.rule import PathException
from bot.model.public_id import PublicId

LEASE = timedelta(days=30)
"""How far ahead a lasting path is open: that long it stays so without the bot."""

MAX_CLOCKS_APART = timedelta(seconds=60)
"""The deadline is told by our clock and kept by Cloudflare's: further apart than this, nothing is opened."""

HARMLESS = frozenset({"GET", "HEAD"})
"""Methods that set nothing off (RFC 9110, 9.2.1)."""

HIDDEN = "…"
_SHOWN = 12
_MAX_END, _OF_THE_REST, _LEAST_REST = 4, 4, 8


class PathState(StrEnum):
    """How far an open path is."""

    ASKED = "asked"
    """A lasting one waits for the second yes."""
    CHECKING = "checking"
    """Our clock is to be compared with Cloudflare's."""
    OPENING = "opening"
    OPEN = "open"
    CLOSING = "closing"
    CLOSED = "closed"
    REFUSED = "refused"
    """It was never open."""


PATH_MOVES: dict[PathState, frozenset[PathState]] = {
    PathState.ASKED: frozenset({PathState.CHECKING, PathState.REFUSED}),
    PathState.CHECKING: frozenset({PathState.OPENING, PathState.REFUSED}),
    PathState.OPENING: frozenset({PathState.OPEN, PathState.CLOSING, PathState.CLOSED, PathState.REFUSED}),
    PathState.OPEN: frozenset({PathState.CLOSING, PathState.CLOSED}),
    PathState.CLOSING: frozenset({PathState.CLOSED}),
    PathState.CLOSED: frozenset(),
    PathState.REFUSED: frozenset(),
}
PATH_ENDED = frozenset({PathState.CLOSED, PathState.REFUSED})
PATH_IN_RULE = frozenset({PathState.OPENING, PathState.OPEN})


class PathEnd(StrEnum):
    """Why a path is closed, or was never open."""

    BY_HAND = "by-hand"
    TIME = "time"
    HOST = "host"
    """Its host is not protected any more."""
    UNANSWERED = "unanswered"
    CLOCK = "clock"
    EDGE = "edge"
    """Cloudflare did not take it."""
    LOCKDOWN = "lockdown"
    LOST = "lost"
    """Whoever opened it had their phone reported as lost."""
    RESTORED = "restored"
    """A backup was restored in which it was open."""


@dataclass(frozen=True)
class PathTry:
    """What a request to the path without a certificate met; ``status`` is ``None`` where nothing answered."""

    verdict: Verdict
    status: int | None


@dataclass(frozen=True, kw_only=True)
class OpenPath:
    """One open path. ``lasting``: ``closes_at`` is moved on daily; ``networks`` are texts as ``ip_network`` reads.
    ``method`` is one, or some with a blank between; ``None`` is any.

    ``asked_until`` is a deadline that waits for the clock to be compared; ``written_until`` the one that stands at
    Cloudflare. ``moved_by`` is the row of who moved the deadline last. ``sent`` is how the path was written, where that
    is none of its usual spellings. Once it has ended, ``path`` is masked, and ``query`` and ``sent`` are forgotten.
    """

    id: int
    public_id: PublicId
    state: PathState
    host: str
    path: str
    query: str | None
    method: str | None
    networks: tuple[str, ...]
    reason: str | None
    lasting: bool
    opened_by: int
    opened_at: datetime
    closes_at: datetime
    asked_until: datetime | None
    written_until: datetime | None
    moved_by: int | None
    closed_at: datetime | None
    closed_by: int | None
    end: PathEnd | None
    tried: PathTry | None
    kept_at: datetime | None
    sent: str | None = None

    @property
    def as_exception(self) -> PathException:
        """What the rule says of it."""
        return PathException(
            host=self.host,
            path=self.path,
            sent=self.sent,
            query=self.query,
            method=self.method,
            networks=tuple(ip_network(text) for text in self.networks),
            closes_at=int(self.closes_at.timestamp()),
        )

    @property
    def url(self) -> str:
        """The whole address. Half a password: for whoever opened it, and for a request of ours, alone."""
        query = f"?{self.query}" if self.query else ""
        return f"https://{self.host}{self.path}{query}"

    @property
    def shown(self) -> str:
        """The address as lists may have it: its beginning, and enough of its end to tell two apart."""
        return f"{self.host}{shortened(self.path)}"

    @property
    def masked(self) -> str:
        """The address as logs and the record may have it."""
        return f"{self.host}{masked(self.path)}"

    @property
    def try_method(self) -> str:
        """The method for a request from here: one that sets nothing off, where there is one."""
        methods = (self.method or "GET").split()
        return next((one for one in methods if one in HARMLESS), methods[0])

    @property
    def can_be_tried(self) -> bool:
        """Whether a request from here tells something and sets nothing off: a GET or HEAD, and from anywhere."""
        return self.try_method in HARMLESS and not self.networks

    @property
    def can_be_set_off(self) -> bool:
        """Whether a request from here tells something, but the service may act on it: only when somebody says so."""
        return not self.can_be_tried and not self.networks


def masked(path: str) -> str:
    """A path cut after 12 characters: what follows may be half a password."""
    return path if len(path) <= _SHOWN else path[:_SHOWN] + HIDDEN


def shortened(path: str) -> str:
    """A path without its middle: the first 12 characters, and of a rest of 8 or more the last quarter, 4 at most.

    What is shortened already stays as it is: no path has the sign for what is hidden.
    """
    if len(path) <= _SHOWN or (HIDDEN in path and len(path) <= _SHOWN + len(HIDDEN) + _MAX_END):
        return path
    rest = len(path) - _SHOWN
    end = min(_MAX_END, rest // _OF_THE_REST) if rest >= _LEAST_REST else 0
    return path[:_SHOWN] + HIDDEN + path[len(path) - end :]
