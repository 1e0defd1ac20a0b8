"""What admins change about a person, as it is told to that person and to the other admins."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PersonChange(StrEnum):
    """What was changed."""

    TRUSTED = "trusted"
    NOT_TRUSTED = "not-trusted"
    LIMIT = "limit"
    LIMIT_AS_EVERYBODY = "limit-as-everybody"
    ENDS = "ends"
    NO_END = "no-end"
    MADE_ADMIN = "made-admin"
    UNMADE_ADMIN = "unmade-admin"
    FROZEN = "frozen"
    UNFROZEN = "unfrozen"
    ENDED = "ended"
    BLOCKED = "blocked"
    REMOVED = "removed"
    TAKEN_BACK = "taken-back"
    YES_WITHDRAWN = "yes-withdrawn"
    MANY_REPORTS = "many-reports"
    """Frozen, for it reported several people's phones within a short while."""

    DISPUTED = "disputed"
    """Frozen, for whoever it reported says that the phone was never lost."""

    END_PUT_OFF = "end-put-off"
    """The end date has come, and they are the last admin: it is put off until somebody else can help."""


@dataclass(frozen=True, kw_only=True)
class PersonChanged:
    """Something about a person was changed: told to them (``own``) and to the other admins.

    ``by_name`` is who did it, ``None`` when nobody tapped. ``until`` is the new end date; ``limit`` the new limit of
    devices. ``helpers``: the names of the admins who can be asked about it.
    """

    change: PersonChange
    name: str
    by_name: str | None
    own: bool
    until: datetime | None = None
    limit: int | None = None
    helpers: tuple[str, ...] = ()
