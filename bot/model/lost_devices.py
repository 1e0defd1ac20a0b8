"""Lost devices: what was reported, what its account did since it was last in good hands, and what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.model.certificates.certificates import Certificate
from bot.model.people.people import Person
from bot.model.protection.rule_notices import TurnedAway
from bot.model.protection.zone_lock import LockState
from bot.model.public_id import PublicId


class LossState(StrEnum):
    """What an admin said about the freeze that came with the report. ``keys-only``: there came none with it."""

    KEYS_ONLY = "keys-only"
    OPEN = "open"
    LIFTED = "lifted"
    STAYS = "stays"


class LastSeen(StrEnum):
    """When somebody last had the device in their hands."""

    JUST_NOW = "now"
    AN_HOUR = "hour"
    THIS_MORNING = "morning"
    YESTERDAY = "yesterday"
    EARLIER = "earlier"


class TraceKind(StrEnum):
    """What an account can have done that would outlive its freeze."""

    CERTIFICATE = "c"
    PERMISSION = "r"
    PERSON = "p"
    TRUST = "t"
    LIMIT = "l"
    HOST = "h"
    PATH = "o"


@dataclass(frozen=True, kw_only=True)
class Activity:
    """One thing that an account did.

    ``subject`` is its public id, or its number in the record; ``name`` is what or whom it was done to, and ``owner``
    whose that is where it is somebody else's. ``done``: taken back already, ``going``: just now.
    """

    kind: TraceKind
    subject: str
    name: str
    at: datetime
    done: bool
    going: bool = False
    owner: str | None = None

    @property
    def is_own(self) -> bool:
        """Whether it is nobody's but the account's own: one of its certificates."""
        return self.kind is TraceKind.CERTIFICATE and self.owner is None

    @property
    def key(self) -> str:
        """How buttons and answers name it."""
        return f"{self.kind.value}-{self.subject}"


@dataclass(frozen=True)
class ReaderAnswer:
    """What one reader of a report said: since when the device was out of hand, and what was all right after all.

    Each reader's answers count for that reader alone: whoever holds the lost phone shortens nobody else's list.
    """

    since: datetime
    unticked: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class LossReport:
    """One report. ``certificates`` are the public ids that were blocked with it; ``whole``: all of the owner's.

    ``version`` grows with each change of what its messages show.
    """

    id: int
    public_id: PublicId
    owner_id: int
    reported_by: int
    reported_at: datetime
    whole: bool
    certificates: tuple[PublicId, ...]
    state: LossState
    decided_by_name: str | None
    decided_at: datetime | None
    answers: Mapping[str, ReaderAnswer]
    version: int


_FAR_BACK = timedelta(days=30)
_A_MOMENT = timedelta(minutes=15)
UNLESS_TOLD = timedelta(days=1)
"""How far back is looked for a reader who has not said when the device was last in good hands."""


def since_when(answer: LastSeen, reported_at: datetime, zone: ZoneInfo) -> datetime:
    """The moment from which on everything the account did is in question."""
    today = datetime.combine(reported_at.astimezone(zone).date(), time(), zone)
    return {
        LastSeen.JUST_NOW: reported_at - _A_MOMENT,
        LastSeen.AN_HOUR: reported_at - timedelta(hours=1),
        LastSeen.THIS_MORNING: min(today, reported_at - timedelta(hours=1)),
        LastSeen.YESTERDAY: today - timedelta(days=1),
        LastSeen.EARLIER: reported_at - _FAR_BACK,
    }[answer]


class LossReader(StrEnum):
    """Who reads about a report: decides what is shown, and what can be tapped."""

    OWNER = "owner"
    ADMIN = "admin"
    REPORTER = "reporter"


@dataclass(frozen=True, kw_only=True)
class LossCard:
    """A report as one reader sees it.

    ``turned`` is what the rule does about each of the ``certificates``. ``frozen``: the owner's account is frozen now.
    ``helpers``: the names of those who may lift that, besides whoever has the server. ``since`` is where the reader's
    list begins, ``None`` when there is none; then ``traces`` is what the account did since, and ``unticked`` the keys
    of what was all right. Nobody but the owner and admins is shown any. ``reaches_others``: the reader may take back
    what touches other people, not only the owner's own. ``disputable``: the reader may say that the report was false.
    """

    loss: LossReport
    reader: LossReader
    owner: Person
    reporter_name: str
    reported_by_reader: bool
    frozen: bool
    certificates: tuple[Certificate, ...]
    helpers: tuple[str, ...]
    since: datetime | None
    traces: tuple[Activity, ...]
    unticked: frozenset[str]
    lock: LockState | None
    turned: tuple[TurnedAway | None, ...]
    reaches_others: bool
    disputable: bool = False

    def may_take_back(self, trace: Activity) -> bool:
        """Whether the reader's tap takes that back."""
        return not trace.done and (self.reaches_others or trace.is_own)


@dataclass(frozen=True)
class LossChoice:
    """What can be reported: the devices of ``owner``, for ``viewer``. ``others``: the viewer may report others'.

    ``freezes``: the report also freezes the account. ``last_admin``: and nobody is left then who could help.
    """

    viewer: Person
    owner: Person
    certificates: tuple[Certificate, ...]
    others: bool
    freezes: bool = True
    last_admin: bool = False


@dataclass(frozen=True)
class LossPeople:
    """Whose devices can be reported, one page of them."""

    people: tuple[Person, ...]
    page: int
    pages: int


@dataclass(frozen=True)
class Reported:
    """The report is written down, its owner frozen unless it is ``keys-only``, the revokes under way.

    ``already``: it had been before.
    """

    loss: LossReport
    owner: Person
    already: bool


@dataclass(frozen=True)
class LossChanged:
    """What a reader said about a report is kept, and carried out; its messages follow. ``count`` things were done."""

    loss: LossReport
    owner: Person
    count: int = 0
