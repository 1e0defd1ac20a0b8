"""What SQLite's errors mean for whoever waits."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DatabaseError

from bot.errors import StoreDamaged, StoreUnavailable

_DAMAGED = frozenset({"CORRUPT", "NOTADB"})
_STUCK = {
    "FULL": "full",
    "IOERR": "disk",
    "BUSY": "busy",
    "LOCKED": "busy",
    "READONLY": "read-only",
    "PERM": "read-only",
    "CANTOPEN": "read-only",
}
"""By the first word of the result code (https://sqlite.org/rescode.html)."""


@contextmanager
def translate_sqlite_errors() -> Iterator[None]:
    """Raise what the disk, another program or damage is to blame for as our own error; the rest is a mistake of ours.

    Raises:
        StoreTrouble: nothing of it was written.
    """
    try:
        yield
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        name = str(getattr(cause, "sqlite_errorname", "") or "").removeprefix("SQLITE_").partition("_")[0]
        if name in _DAMAGED:
            raise StoreDamaged from error
        if name in _STUCK:
            raise StoreUnavailable(_STUCK[name]) from error
        raise
