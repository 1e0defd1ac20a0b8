"""What is told about requests: to the admins who decide, and to whoever asked. See ``bot.model.notices``."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.people.requests import Request


class Reach(StrEnum):
    """Whether a request has got to anybody who decides: only what Telegram took is said to have reached somebody."""

    REACHED = "reached"
    UNDER_WAY = "under-way"
    NOBODY = "nobody"
    """No admin can be written to, or there is none."""


@dataclass(frozen=True)
class RequestCard:
    """A request as admins see it, undecided or decided. ``held``: devices the person has already.

    ``resembles`` is somebody known whose name looks like the asker's; ``first_seen`` on the day of asking.
    """

    request: Request
    held: int
    resembles: str | None
    first_seen: bool


@dataclass(frozen=True)
class RequestWaiting:
    """A request as its asker sees it. ``admins`` are the names of those whom it has reached."""

    request: Request
    admins: tuple[str, ...]
    reach: Reach


@dataclass(frozen=True)
class YouAreIn:
    """An admin let the reader in: their first device comes next."""

    request: Request


@dataclass(frozen=True)
class SaidYes:
    """An admin said yes to another device of the reader."""

    request: Request


@dataclass(frozen=True)
class SaidNo:
    """An admin said no to the reader, with a reason where one was given."""

    request: Request


@dataclass(frozen=True)
class NobodyDecided:
    """The reader's request ran out without a decision."""

    request: Request


@dataclass(frozen=True)
class PermissionLapsed:
    """The reader did not use a permission in time."""

    request: Request


@dataclass(frozen=True)
class Reminded:
    """The asker reminds the admins of a request that waits."""

    request: Request


RequestNotice = RequestCard | RequestWaiting | YouAreIn | SaidYes | SaidNo | NobodyDecided | PermissionLapsed | Reminded
