"""Runs the migrations that travel with the program. Imported only where there is something to do for Alembic."""

import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import create_engine, event, pool
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.exc import DatabaseError

from bot.errors import InvalidDatabase
from bot.store.tables.all import metadata


def upgrade(file: Path, revision: str) -> None:
    """Bring the database in ``file`` to ``revision``; does nothing when it is there already.

    Raises:
        DatabaseWrong: the file is no database of ours, or newer than this program.
    """
    engine = _engine(file)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        with closing(sqlite3.connect(file)) as plain:
            # Here, where nobody else has the file open yet: of two programs that switch at once, SQLite tells
            # one "database is locked" without waiting (https://sqlite.org/wal.html, "Persistence of WAL mode").
            plain.execute("PRAGMA journal_mode=WAL")
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise InvalidDatabase(f"The database {file} cannot be brought up to date: {cause}.") from None
    except CommandError:
        raise InvalidDatabase(
            f"The database {file} was written by a newer Latchkey: install that one, or restore a backup."
        ) from None
    finally:
        engine.dispose()


def differences(file: Path) -> list[object]:
    """How the tables in ``file`` differ from what the program expects; empty when they agree."""
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=pool.NullPool)
    with engine.connect() as connection:
        found = list(compare_metadata(MigrationContext.configure(connection), metadata))
    engine.dispose()
    return found


def _engine(file: Path) -> Engine:
    """All steps in one transaction: after a kill, or on a full disk, the database is what it was before.

    The driver by itself begins one only before a row is changed, so that a new column would be there to stay and
    be in the way of the next attempt (https://docs.sqlalchemy.org/en/20/dialects/sqlite.html, "Transactional DDL").
    """
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=pool.NullPool)

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def _began(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config
