"""A certificate as Cloudflare tells of it, and how many of them a zone may have."""

from dataclasses import dataclass
from enum import StrEnum


class EdgeStatus(StrEnum):
    """What Cloudflare says of a certificate. ``unknown`` when it says nothing, or a word we do not know."""

    ACTIVE = "active"
    PENDING_REACTIVATION = "pending_reactivation"
    PENDING_REVOCATION = "pending_revocation"
    REVOKED = "revoked"
    UNKNOWN = "unknown"

    @property
    def holds_slot(self) -> bool:
        """Whether the certificate counts against the zone's quota: a revoke frees its slot at once."""
        return self in {EdgeStatus.ACTIVE, EdgeStatus.PENDING_REACTIVATION, EdgeStatus.UNKNOWN}


@dataclass(frozen=True)
class EdgeCertificate:
    """One certificate as Cloudflare tells of it. ``pem`` may be missing: every field of theirs is optional."""

    cloudflare_id: str
    status: EdgeStatus
    pem: str | None


QUOTA = 100
"""Live certificates of a zone on Free, Pro and Business (Cloudflare's page on creating client certificates)."""


ENTERPRISE_QUOTA = 100_000
"""The same on Enterprise with API Shield; without it, Cloudflare says so when it is met."""
