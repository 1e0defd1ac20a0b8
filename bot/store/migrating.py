"""Runs the migrations that travel with the program. Imported only where there is something to do for Alembic."""

from importlib.resources import files
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import create_engine, pool
from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError

from bot.errors import DatabaseWrong
from bot.store.every_table import metadata


def upgrade(file: Path, revision: str) -> None:
    """Bring the database in ``file`` to ``revision``; does nothing when it is there already.

    Raises:
        DatabaseWrong: the file is no database of ours, or newer than this program.
    """
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=pool.NullPool)
    try:
        with engine.begin() as connection:
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            # Here, where nobody else has the file open yet: of two programs that switch at once, SQLite tells
            # one "database is locked" without waiting (https://sqlite.org/wal.html, "Persistence of WAL mode").
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    except DatabaseError as error:
        raise DatabaseWrong(f"The database {file} cannot be brought up to date: {error.orig}.") from None
    except CommandError:
        raise DatabaseWrong(
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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("migrations")))
    return config
