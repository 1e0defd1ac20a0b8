"""Requests: what somebody asked for and an admin decides. A yes is a permission, not a delivery."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.certificates.certificates import DeviceKind
from bot.model.people.people import Person
from bot.model.public_id import PublicId


class RequestKind(StrEnum):
    """What is asked for. Letting somebody in covers their first device."""

    COME_IN = "come-in"
    DEVICE = "device"


class RequestState(StrEnum):
    """Where a request is. ``approved`` is a permission that waits for its use, until ``permission_until``."""

    OPEN = "open"
    APPROVED = "approved"
    USED = "used"
    LAPSED = "lapsed"
    DENIED = "denied"
    BLOCKED = "blocked"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


REQUEST_MOVES: dict[RequestState, frozenset[RequestState]] = {
    RequestState.OPEN: frozenset(
        {
            RequestState.APPROVED,
            RequestState.DENIED,
            RequestState.BLOCKED,
            RequestState.EXPIRED,
            RequestState.WITHDRAWN,
        }
    ),
    RequestState.APPROVED: frozenset({RequestState.USED, RequestState.LAPSED, RequestState.WITHDRAWN}),
    RequestState.USED: frozenset(),
    RequestState.LAPSED: frozenset(),
    RequestState.DENIED: frozenset(),
    RequestState.BLOCKED: frozenset(),
    RequestState.EXPIRED: frozenset({RequestState.BLOCKED}),
    RequestState.WITHDRAWN: frozenset({RequestState.BLOCKED}),
}

ENDED_UNDECIDED = frozenset({RequestState.WITHDRAWN, RequestState.EXPIRED})
"""How a request ends on which no admin decided. *Block* is there still; ``withdrawn`` may be the end of a permission
too: then ``decided_by`` says who had decided.
"""

ONE_CARD = timedelta(hours=24)
"""Within this time from when a card came, what its asker asks for next is shown by that card, and admins are reminded
of it once at most: whoever asks and takes it back in a loop rings no phone. A decision ends it.
"""


class InstallTarget(StrEnum):
    """Where an iPhone shall use the key: each app there keeps keys of its own."""

    BROWSER = "browser"
    HOME_ASSISTANT = "home-assistant"
    IMMICH = "immich"
    APP = "app"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request of a person. Times are UTC; ``None`` means it has not happened, or is not known.

    ``came_by``: the label of the link that brought a guest, and ``invited_by`` who made it.
    ``replaces``: the certificate whose device gets a new key.
    """

    id: int
    public_id: PublicId
    kind: RequestKind
    state: RequestState
    person: Person
    device_name: str | None
    device_kind: DeviceKind | None
    via: InstallTarget | None
    days: int | None
    line: str | None
    came_by: str | None
    invited_by: str | None
    replaces: int | None
    certificate_id: int | None
    asked_at: datetime
    expires_at: datetime
    reminded_at: datetime | None
    decided_by: int | None
    decided_by_name: str | None
    decided_at: datetime | None
    reason: str | None
    permission_until: datetime | None

    @property
    def ended_undecided(self) -> bool:
        """Taken back or run out before an admin decided."""
        return self.state in ENDED_UNDECIDED and self.decided_by is None
