"""What people are told of open paths."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.openings.paths import OpenPath
from bot.model.proofs.proofs import Proof


@dataclass(frozen=True)
class PathCard:
    """A path as it is now. ``opener`` opened it; ``own`` when that is the reader, who knows the whole address.

    ``late``: Cloudflare does not answer yet; ``seen``: the edge was seen to have the rule as written last;
    ``proof``: what was tried there and beside it; ``detours``: what leads to the path by a detour is let through too.
    """

    path: OpenPath
    opener: str
    own: bool
    late: bool
    seen: bool
    proof: Proof | None = None
    detours: bool = False


class PathMove(StrEnum):
    """What somebody else did to a path."""

    PROLONGED = "prolonged"
    CLOSED = "closed"


@dataclass(frozen=True)
class PathMoved:
    """Somebody else moved a path's deadline, or closed it; ``by`` is empty where it ended by itself."""

    path: OpenPath
    what: PathMove
    by: str


@dataclass(frozen=True)
class PathEnding:
    """A path closes in a few minutes."""

    path: OpenPath


@dataclass(frozen=True)
class PathStillNeeded:
    """A lasting path is open for another month: is it still needed?"""

    path: OpenPath


@dataclass(frozen=True)
class PathNotProlonged:
    """A path keeps its deadline: our clock and Cloudflare's are too far apart."""

    path: OpenPath


PathNotice = PathCard | PathMoved | PathEnding | PathStillNeeded | PathNotProlonged
