"""How everything is, in one look: what an admin is shown, and what mends it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.certificates.certificates import Certificate
from bot.model.people.people import Person
from bot.model.proofs.proofs import LastProof
from bot.model.protection.zone_settings import Switch
from bot.model.status.lock_report import LockReport

EXPIRING_WITHIN = timedelta(days=30)
MANY_SLOTS = 0.9
"""From this part of the quota on, full slots are near enough to be said."""

STALE_PROOF = timedelta(hours=36)
"""The lock is tried every day; after this time something keeps it from being tried."""

MAX_CLOCK_APART = timedelta(seconds=60)
"""Paths close by the edge's clock and are promised by ours: further apart, none is opened."""


class StatusFix(StrEnum):
    """What one tap on the status puts right."""

    PUT_BACK = "back"
    HTTP3_OFF = "http3"
    ZERO_RTT_OFF = "0rtt"
    LOCK = "lock"


@dataclass(frozen=True, kw_only=True)
class StatusReport:
    """What is known when it is looked at. ``not_done`` is the name of what kept a mend from being done, if anything.

    ``unknown`` are the names in certificates at Cloudflare that nobody ordered here; ``missing`` are ours that
    Cloudflare does not count as valid any more; ``clock_ahead`` is by how much ours is ahead of Cloudflare's, ``None``
    where it is not told. ``cut_off``: the names of admins in good standing to whom nothing can be written.
    """

    lock: LockReport
    at: datetime
    not_done: str = ""
    missing_rights: tuple[str, ...] = ()
    http3: Switch = Switch.NOT_TOLD
    zero_rtt: Switch = Switch.NOT_TOLD
    clock_ahead: timedelta | None = None
    unknown: tuple[str, ...] = ()
    missing: tuple[Certificate, ...] = ()
    expiring: tuple[Certificate, ...] = ()
    more_expiring: int = 0
    other_zones: tuple[str, ...] = ()
    admins: int
    cut_off: tuple[str, ...] = ()
    proof: LastProof

    @property
    def slots_are_few(self) -> bool:
        """Whether there is little room for new certificates."""
        return self.lock.used is not None and self.lock.used >= self.lock.quota * MANY_SLOTS

    @property
    def proof_is_stale(self) -> bool:
        """Whether the lock was not tried as often as it should be."""
        return self.proof.at is None or self.at - self.proof.at > STALE_PROOF

    @property
    def clock_is_wrong(self) -> bool:
        """Whether our clock is too far from the edge's for a promise."""
        return self.clock_ahead is not None and abs(self.clock_ahead) > MAX_CLOCK_APART


@dataclass(frozen=True)
class BeingMended:
    """What was tapped is being put right; how everything is then comes after it."""


@dataclass(frozen=True, kw_only=True)
class UnknownCertificate:
    """A certificate at Cloudflare that nobody ordered here. Cloudflare shows no date where there is none."""

    cloudflare_id: str
    common_name: str
    serial: str
    issued_at: datetime | None
    expires_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class UnknownCertificates:
    """One of those certificates, the ``number``-th of ``total`` (from 0), and who could own it.

    ``certificate`` is ``None`` when there is none (left); ``not_told``: Cloudflare does not tell now.
    """

    number: int
    total: int
    certificate: UnknownCertificate | None
    people: tuple[Person, ...] = ()
    not_told: bool = False


@dataclass(frozen=True, kw_only=True)
class Adopted:
    """A certificate that has an owner here now; ``more`` of its kind are left."""

    certificate: Certificate
    more: int


@dataclass(frozen=True)
class NotAdopted:
    """It has none: somebody was quicker, it is gone at Cloudflare, or Cloudflare does not tell now (``not_told``)."""

    not_told: bool
