"""Renewing a certificate before it ends: when its owner is reminded, and until when nobody has to say yes again."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.certificates.certificates import Certificate

STAGES = (30, 7, 1, 0)
"""Days before the end at which the owner is reminded, once each; 0 is once it has ended."""

RENEWABLE = timedelta(days=30)
"""So long before its end, and after it, a certificate is renewed without a second yes."""

_FIRST_HOUR, _LAST_HOUR = time(9), time(20)
_ON_A_CHOSEN_DAY = time(10)
_MAX_OFFERED = 2


@dataclass(frozen=True)
class RenewalDue:
    """A certificate ends soon, or has ended. ``days`` are the days on which its owner may be reminded once more."""

    certificate: Certificate
    ended: bool
    days: tuple[int, ...]
    now: datetime


@dataclass(frozen=True)
class RenewalStarted:
    """The new one is ordered. ``old`` works until *It works* is tapped for the new one, or until its own end."""

    old: Certificate


@dataclass(frozen=True)
class RemindedLater:
    """The owner is reminded once more at ``at``."""

    certificate: Certificate
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Digest:
    """What admins read once a week. ``locked`` is how many hosts our rule locks, ``unproven`` those of them without a
    green proof; ``events`` and ``head`` are the record's length and the start of its last seal.
    """

    expiring: tuple[Certificate, ...]
    more_expiring: int
    unreachable: tuple[str, ...]
    locked: int
    unproven: tuple[str, ...]
    proven_at: datetime | None
    events: int
    head: str


def stage_of(expires_at: datetime, now: datetime, life: timedelta = timedelta.max) -> int | None:
    """The stage that a certificate has reached; ``None`` while its end is far. One made for a short ``life`` does not
    begin it with a reminder.
    """
    left = expires_at - now
    if left <= timedelta(0):
        return 0 if left > -RENEWABLE else None
    return min((stage for stage in STAGES if left <= timedelta(days=stage) < life), default=None)


def is_renewable(certificate: Certificate, now: datetime) -> bool:
    """Whether its end is near enough, or not too long ago."""
    return certificate.expires_at is not None and abs(certificate.expires_at - now) <= RENEWABLE


def is_waking_hour(now: datetime, zone: ZoneInfo) -> bool:
    """Whether it is an hour there at which a phone may make a sound."""
    return _FIRST_HOUR <= now.astimezone(zone).time() < _LAST_HOUR


def days_to_offer(expires_at: datetime, now: datetime) -> tuple[int, ...]:
    """In how many days somebody may be reminded again: in some, and shortly before the end."""
    left = (expires_at - now).days
    return tuple(sorted({days for days in (left // 2, left - 2) if days >= 1}))[-_MAX_OFFERED:]


def on_day(day: date, now: datetime, zone: ZoneInfo) -> datetime:
    """The morning of that day; of tomorrow, when it is here already."""
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(max(day, tomorrow), _ON_A_CHOSEN_DAY, zone)
