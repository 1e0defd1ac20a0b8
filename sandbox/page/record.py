"""What the bot's database tells a spectator: the audit trail, and who is who."""

import contextlib
import json
import sqlite3
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_SHOWN_EVENTS = 300


@dataclass(frozen=True)
class Record:
    """The latest audit events, oldest first, and each person's role by Telegram id."""

    events: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[int, str] = field(default_factory=dict)


def read_record(database: Path) -> Record:
    """Read the record; empty while there is no database, or one without tables yet."""
    if not database.exists():
        return Record()
    # Not mode=ro: SQLite must be able to make the shared-memory file of a database in WAL mode.
    with contextlib.closing(sqlite3.connect(f"{database.as_uri()}?mode=rw", uri=True)) as connection:
        connection.execute("PRAGMA query_only = 1")
        try:
            names = _names(connection)
            rows = connection.execute(
                "SELECT id, at, tag, actor, subject, detail FROM audit_event ORDER BY id DESC LIMIT ?",
                (_SHOWN_EVENTS,),
            ).fetchall()
            roles = dict(connection.execute("SELECT telegram_id, role FROM person").fetchall())
        except sqlite3.OperationalError:
            return Record()
    return Record([_event(row, names) for row in reversed(rows)], roles)


def _names(connection: sqlite3.Connection) -> dict[str, str]:
    """What people call those of whom the trail knows the public id."""
    names = dict(connection.execute("SELECT public_id, name FROM person").fetchall())
    devices = connection.execute(
        "SELECT certificate.public_id, device.name FROM certificate JOIN device ON device.id = certificate.device_id"
    )
    return names | dict(devices.fetchall())


def _event(row: tuple[Any, ...], names: dict[str, str]) -> dict[str, Any]:
    number, at, tag, actor, subject, detail = row
    return {
        "id": number,
        "at": at,
        "tag": tag,
        "actor": names.get(actor.removeprefix("person:"), actor),
        "subject": names.get(subject, subject),
        "detail": json.loads(detail) if isinstance(detail, str) else detail,
    }
