"""Certificates that the rule turns away by their fingerprint, beside Cloudflare's own revocation."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

AFTER_CONFIRMED = timedelta(hours=24)
"""How long a fingerprint stays after Cloudflare says ``revoked``: how soon its edge heeds that is not documented."""


@dataclass(frozen=True, kw_only=True)
class DenylistEntry:
    """One certificate to turn away. ``confirmed_at``: when Cloudflare said ``revoked``; ``lost``: with its device."""

    fingerprint: str
    asked_at: datetime
    confirmed_at: datetime | None
    expires_at: datetime | None
    lost: bool = False


@dataclass(frozen=True)
class RankedDenylist:
    """Fingerprints in the order in which they get the room there is; the first ``unconfirmed`` may never leave."""

    fingerprints: tuple[str, ...]
    unconfirmed: int


def ranked(blocks: Iterable[DenylistEntry], now: datetime) -> RankedDenylist:
    """Who is to be turned away now, the most pressing first.

    First those that Cloudflare has not confirmed (lost ones, then the latest), then those confirmed within a day (the
    oldest confirmed goes out first), last the lost ones of before. Expired certificates need nobody to turn them away
    once they are confirmed.
    """
    waiting = sorted((one for one in blocks if one.confirmed_at is None), key=lambda one: (one.lost, one.asked_at))
    confirmed = [one for one in blocks if one.confirmed_at is not None and not _is_expired(one, now)]
    fresh = [one for one in confirmed if _since(one, now) < AFTER_CONFIRMED]
    lost = [one for one in confirmed if one.lost and _since(one, now) >= AFTER_CONFIRMED]
    order = [*reversed(waiting)]
    for group in (fresh, lost):
        order += sorted(group, key=lambda one: _since(one, now))
    return RankedDenylist(tuple(one.fingerprint for one in order), len(waiting))


def _since(block: DenylistEntry, now: datetime) -> timedelta:
    return now - (block.confirmed_at or now)


def _is_expired(block: DenylistEntry, now: datetime) -> bool:
    return block.expires_at is not None and block.expires_at <= now
