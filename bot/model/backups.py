"""What a restored backup means for the people and the lock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.public_id import PublicId


@dataclass(frozen=True)
class FrozenPerson:
    """Somebody whose account waits for an admin's look."""

    public_id: PublicId
    name: str
    devices: int


@dataclass(frozen=True, kw_only=True)
class Differences:
    """What the backup did not know, by the names a person reads.

    ``revoked``: worked by the backup, and is revoked. ``revoked_again``: revoked by the backup, and was active at
    Cloudflare. ``linked``: was being made, and exists. ``unknown``: live at Cloudflare with a mark of ours, and nobody
    here knows it; ``unmarked``: the same without a mark, made by hand or for a request with a name of its own.
    ``missing``: works by the backup, and Cloudflare has no such certificate. ``paths_closed`` were open
    by the backup; ``paths_unknown`` were open at Cloudflare alone, and are closed too. ``hosts_kept`` are protected by
    the rule, ``hosts_locked`` by the backup alone: both are protected now. ``turned_away``: how many certificates
    nobody here knows the rule turned away, and still does. ``nobody_gets_in``: it was locked down for everybody.
    """

    revoked: tuple[str, ...] = ()
    revoked_again: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    unmarked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    paths_closed: tuple[str, ...] = ()
    paths_unknown: tuple[str, ...] = ()
    hosts_kept: tuple[str, ...] = ()
    hosts_locked: tuple[str, ...] = ()
    turned_away: int = 0
    nobody_gets_in: bool = False

    def as_payload(self) -> dict[str, Any]:
        """As a chore keeps them."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}


def read_differences(payload: dict[str, Any]) -> Differences:
    """What ``as_payload`` wrote."""
    values: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()
    }
    return Differences(**values)


@dataclass(frozen=True)
class BackupRestored:
    """A backup made at ``made_at`` was restored at ``restored_at``. ``frozen`` are those who are frozen since, now."""

    made_at: datetime
    restored_at: datetime
    differences: Differences
    frozen: tuple[FrozenPerson, ...]


@dataclass(frozen=True)
class Unfrozen:
    """Whose freeze since a restore was lifted, by name."""

    names: tuple[str, ...]
