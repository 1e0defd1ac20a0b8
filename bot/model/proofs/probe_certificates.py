"""The bot's own certificates, by which it proves the lock: one that is live, one that is revoked."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.certificates.certificates import KeyType, State
from bot.model.public_id import PublicId

COMMON_NAME = "Latchkey probe"
ASKED_DAYS = 90
"""Longer than it is used, so that a revoked one is turned away for being revoked and not for its age."""

LIVE_FOR = timedelta(days=30)
REVOKED_FOR = timedelta(days=60)
"""Since it was made: it has been the live one before."""

_BEFORE_EXPIRY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class ProbeCertificate:
    """One such certificate. It belongs to no device and to nobody, so it stands in no list and counts for no limit."""

    id: int
    public_id: PublicId
    state: State
    key_type: KeyType
    public_key_sha256: str
    cloudflare_id: str | None
    fingerprint_sha256: str | None
    created_at: datetime
    expires_at: datetime | None
    confirmed_revoked_at: datetime | None

    @property
    def organizational_unit(self) -> str:
        """The OU by which it is known as ours, like that of any other certificate."""
        return f"Latchkey {self.public_id}"

    def is_usable(self, now: datetime) -> bool:
        """Whether its age lets it show what it shall show, as the live one or as the revoked one."""
        lasts = LIVE_FOR if self.state is State.ACTIVE else REVOKED_FOR
        expires = self.expires_at is None or now < self.expires_at - _BEFORE_EXPIRY
        return now < self.created_at + lasts and expires
