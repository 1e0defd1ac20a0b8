"""Whether a database has the newest schema, and bringing it there."""

import re
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path

from bot.errors import InvalidDatabase

_MIGRATION = re.compile(r"(\d{4})_\w+\.py")


def migrate(file: Path, revision: str = "head") -> None:
    """Bring the database in ``file`` to ``revision``; does nothing when it is there already.

    Raises:
        DatabaseWrong: the file is no database of ours, or newer than this program.
    """
    if revision == "head" and _is_ready(file):
        return
    # Alembic and what it imports take 20 MB and a fifth of a start, and there is nearly never anything to do.
    from bot.store.engine.migrations import upgrade  # noqa: PLC0415

    upgrade(file, revision)


def is_current(file: Path) -> bool:
    """Whether the database in ``file`` has the newest schema.

    Raises:
        DatabaseWrong: the file is no database.
    """
    return file.exists() and _looked(file)[0] == newest()


def newest() -> str:
    """The revision of the last migration: their files are numbered."""
    found = (_MIGRATION.fullmatch(entry.name) for entry in (files("migrations") / "versions").iterdir())
    return max(match[1] for match in found if match)


def _is_ready(file: Path) -> bool:
    return file.exists() and _looked(file) == (newest(), "wal")


def _looked(file: Path) -> tuple[str | None, str]:
    """The revision a file has, and how it keeps its journal. ``None``: no migration ever ran."""
    try:
        with closing(sqlite3.connect(file)) as connection:
            (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
            tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
            if tables.fetchone() is None:
                return None, journal
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise InvalidDatabase(f"The database {file} cannot be read: {error}.") from None
    return (found[0] if found else None), journal
