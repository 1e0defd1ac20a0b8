"""Devices and their certificates: states, moves, facts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.certificates.names import common_name, file_stem
from bot.model.message_ref import MessageRef
from bot.model.public_id import PublicId


class DeviceKind(StrEnum):
    """What somebody is holding."""

    ANDROID = "android"
    IPHONE = "iphone"
    WINDOWS = "windows"
    MACOS = "macos"
    LINUX = "linux"
    OTHER = "other"


class KeyType(StrEnum):
    """Keys we make. P-256 opens everywhere but in JavaScript readers that know RSA only."""

    P256 = "p256"
    RSA2048 = "rsa2048"


class Purpose(StrEnum):
    """Why a certificate exists: for a device, or for the bot's own look at the lock."""

    DEVICE = "device"
    PROBE = "probe"


class Origin(StrEnum):
    """Where the key came from."""

    MADE_HERE = "made-here"
    OWN_KEY = "own-key"
    ADOPTED = "adopted"


class State(StrEnum):
    """Where a certificate is in its life."""

    ISSUING = "issuing"
    ACTIVE = "active"
    FAILED = "failed"
    REVOKING = "revoking"
    REVOKED = "revoked"
    RESTORING = "restoring"
    EXPIRED = "expired"


MOVES: dict[State, frozenset[State]] = {
    State.ISSUING: frozenset({State.ACTIVE, State.FAILED}),
    State.ACTIVE: frozenset({State.REVOKING, State.EXPIRED}),
    State.REVOKING: frozenset({State.REVOKED, State.RESTORING}),
    State.REVOKED: frozenset({State.RESTORING}),
    # A restore that Cloudflare refuses falls back to what it was: revoked.
    State.RESTORING: frozenset({State.ACTIVE, State.REVOKING}),
    State.FAILED: frozenset(),
    State.EXPIRED: frozenset(),
}

COUNTED = frozenset({State.ISSUING, State.ACTIVE, State.RESTORING})
"""The states that count against a person's limit."""


class RevokeReason(StrEnum):
    """Why a certificate was taken away; decides whether there is an Undo."""

    PLAIN = "plain"
    LOST = "lost"
    NEVER_OPENED = "never-opened"
    RESTARTED = "restarted"
    DELIVERY_UNKNOWN = "delivery-unknown"
    BY_ANOTHER = "by-another"
    REPLACED = "replaced"
    FROZEN = "frozen"


MARK = "Latchkey "
"""How the OU of every certificate begins that has the name we ask for."""


@dataclass(frozen=True, kw_only=True)
class Device:
    """A name its owner gave, and what it is."""

    id: int
    public_id: PublicId
    owner_id: int
    owner_telegram_id: int
    owner_name: str
    name: str
    kind: DeviceKind


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """One client certificate of a device. Times are UTC; ``None`` means it has not happened."""

    id: int
    public_id: PublicId
    device: Device
    state: State
    purpose: Purpose
    origin: Origin
    replaces: int | None
    key_type: KeyType
    asked_days: int
    common_name: str
    public_key_sha256: str | None
    cloudflare_id: str | None
    serial: str | None
    fingerprint_sha256: str | None
    issued_at: datetime | None
    expires_at: datetime | None
    created_at: datetime
    shown_at: MessageRef | None
    password_at: MessageRef | None
    sent_at: datetime | None
    password_shown_at: datetime | None
    works_at: datetime | None
    cleaned_at: datetime | None
    lost_at: datetime | None
    delivery_unknown_at: datetime | None
    revoke_reason: RevokeReason | None
    revoke_asked_at: datetime | None
    revoked_by: int | None
    confirmed_revoked_at: datetime | None
    never_restore: bool
    again_until: datetime | None
    blocked_at: datetime | None = None
    """When the rule that has its fingerprint was written."""
    block_seen_at: datetime | None = None
    """When that rule was seen at the edge."""
    outcome_to: int | None = None
    """The account that is told how its revoke goes, in the message ``outcome_at``."""
    outcome_at: MessageRef | None = None

    @property
    def organizational_unit(self) -> str:
        """The OU by which a restored bot finds its certificates again."""
        return f"{MARK}{self.public_id}"

    @property
    def stem(self) -> str:
        """What its files are called, without their endings. A renewed device with a key of its own has the old key in
        use until the new one works: the new files lie beside the old ones and must not take their place.
        """
        stem = file_stem(self.common_name)
        beside = self.origin is Origin.OWN_KEY and self.replaces is not None
        return f"{stem}-{self.public_id}" if beside else stem

    @property
    def file_name(self) -> str:
        """The name of the file in the chat, e.g. ``pixel8.p12``."""
        return f"{self.stem}.pem" if self.origin is Origin.OWN_KEY else f"{self.stem}.p12"


def subject_name(device_name: str) -> str:
    """The CN for a device, decided once and kept on the row."""
    return common_name(device_name)
