"""People: Telegram accounts the bot knows, by numeric id, never by username."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.identity import PublicId


class Role(StrEnum):
    """What somebody is to this household."""

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


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody the bot has met. ``id`` is our row, ``telegram_id`` the account."""

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

    @property
    def is_admin(self) -> bool:
        """An admin in good standing."""
        return self.role is Role.ADMIN and self.standing is Standing.OK


@dataclass(frozen=True, kw_only=True)
class Account:
    """What Telegram tells of whoever sent an update."""

    telegram_id: int
    name: str
    language: str
