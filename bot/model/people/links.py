"""Links that open the bot with a token: to claim it, or to be known as somebody's invitation."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.public_id import PublicId


class LinkKind(StrEnum):
    """What a link is for."""

    CLAIM = "claim"
    INVITE = "invite"


@dataclass(frozen=True, kw_only=True)
class Link:
    """A link as the record knows it: its token is kept as a hash only.

    ``opened_by`` is the account that opened it first: nobody else's opening counts. ``label`` is for whom an
    invitation was made, as its maker wrote it.
    """

    id: int
    public_id: PublicId
    kind: LinkKind
    label: str | None
    made_by: int | None
    made_by_name: str | None
    made_at: datetime
    expires_at: datetime
    opened_by: int | None
    opened_by_name: str | None
    opened_at: datetime | None
    ended_at: datetime | None
