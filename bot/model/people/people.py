"""People: Telegram accounts the bot knows, by numeric id, never by username."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.public_id import PublicId


class Role(StrEnum):
    """What somebody is to this household. A guest has asked to come in; ``none`` has not."""

    ADMIN = "admin"
    MEMBER = "member"
    GUEST = "guest"
    NONE = "none"


class Standing(StrEnum):
    """Whether what the role allows is allowed now."""

    OK = "ok"
    FROZEN = "frozen"
    BLOCKED = "blocked"
    REMOVED = "removed"


class FreezeReason(StrEnum):
    """Why an account is frozen; decides who may lift it.

    ``many-reports``: it reported the phones of several people within a short while. ``disputed``: whoever it reported
    says that the phone was never lost.
    """

    LOST = "lost"
    REPORTED = "reported"
    MANY_REPORTS = "many-reports"
    DISPUTED = "disputed"
    BY_ADMIN = "by-admin"
    ENDED = "ended"
    LEAVING = "leaving"
    SERVER = "server"
    RESTORED = "restored"


class ServerChange(StrEnum):
    """What was done on the command line, or waits for its answer there."""

    MADE_ADMIN = "made-admin"
    UNMADE_ADMIN = "unmade-admin"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    CLAIM_OPENED = "claim-opened"
    CLAIM_REFUSED = "claim-refused"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody the bot has met. ``id`` is our row, ``telegram_id`` the account.

    ``permanent``: an admin by the settings or by whoever has the server; nobody changes that in the chat.
    ``ends_at``: when the account is frozen by itself. ``device_limit``: ``None`` is what the settings say.
    ``frozen_by``: the row of whoever froze it; ``None`` when nobody tapped.
    """

    id: int
    public_id: PublicId
    telegram_id: int
    name: str
    role: Role
    standing: Standing
    trusted: bool
    reachable: bool
    permanent: bool
    language: str
    time_zone: str | None
    device_limit: int | None = None
    ends_at: datetime | None = None
    freeze_reason: FreezeReason | None = None
    frozen_at: datetime | None = None
    frozen_by: int | None = None
    met_at: datetime | None = None
    seen_at: datetime | None = None

    @property
    def is_admin(self) -> bool:
        """An admin in good standing."""
        return self.role is Role.ADMIN and self.standing is Standing.OK

    @property
    def belongs(self) -> bool:
        """An admin or member, whatever the standing."""
        return self.role in {Role.ADMIN, Role.MEMBER}

    @property
    def is_guest(self) -> bool:
        """Somebody who asked to come in and was neither let in nor shut out."""
        return self.role is Role.GUEST and self.standing is Standing.OK


@dataclass(frozen=True, kw_only=True)
class Account:
    """What Telegram tells of whoever sent an update."""

    telegram_id: int
    name: str
    language: str
