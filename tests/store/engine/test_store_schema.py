"""Migrations, up and down, on a database with rows in it."""

import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, pool

from bot.errors import AlreadyRunning, InvalidDatabase
from bot.store.engine import migrations, schema
from bot.store.engine.database import prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.tables.core import metadata
from tests.store.open_store import opened, ordered


def rows(file: Path, statement: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as connection, connection:
        return connection.execute(statement).fetchall()


def tables(file: Path) -> set[object]:
    return {
        name
        for (name,) in rows(file, "select name from sqlite_master where type = 'table' and name not like 'sqlite%'")
    }


def downgrade(file: Path) -> None:
    engine = create_engine(f"sqlite:///{file}", poolclass=pool.NullPool)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    engine.dispose()


async def test_the_migrations_make_the_tables_of_the_program(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    prepare(file)
    schema.migrate(file)
    assert migrations.differences(file) == []
    assert tables(file) == {*metadata.tables, "alembic_version"}


async def test_a_missing_column_is_a_difference(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    schema.migrate(file)
    rows(file, "alter table zone drop column unlocked_at")
    assert migrations.differences(file)


async def test_down_and_up_again_with_rows_in_it(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    async with opened(tmp_path) as store:
        await ordered(store)
    schema.migrate(file)
    assert rows(file, "select count(*) from certificate") == [(1,)]
    downgrade(file)
    assert tables(file) == {"alembic_version"}
    schema.migrate(file)
    assert migrations.differences(file) == []
    async with opened(tmp_path) as store:
        await ordered(store)


def test_migrating_leaves_the_file_in_wal_mode_so_that_no_two_programs_switch_it_at_once(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    prepare(file)
    schema.migrate(file)
    assert rows(file, "PRAGMA journal_mode") == [("wal",)]


def test_the_newest_migration_is_the_one_that_alembic_takes_for_it() -> None:
    assert schema.newest() == ScriptDirectory.from_config(migrations._config()).get_current_head()


def test_a_start_without_migrations_does_not_import_what_runs_them(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    assert not schema.is_current(file)
    schema.migrate(file)
    assert schema.is_current(file)
    code = (
        "import sys, pathlib, bot.app; from bot.store.engine.schema import migrate; migrate(pathlib.Path(sys.argv[1]))"
    )
    said = "; print([name for name in ('alembic', 'mako') if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code + said, str(file)], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_a_file_that_is_no_database_is_none(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    file.write_bytes(b"something else" * 100)
    with pytest.raises(InvalidDatabase, match="cannot be read"):
        schema.is_current(file)


async def test_a_newer_schema_stops_the_start_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    schema.migrate(file)
    rows(file, "update alembic_version set version_num = '9999'")
    with pytest.raises(InvalidDatabase, match="newer Latchkey") as stopped:
        schema.migrate(file)
    assert "\n" not in stopped.value.line
    assert rows(file, "select version_num from alembic_version") == [("9999",)]


def test_the_lock_is_waited_for_while_somebody_else_migrates(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    other, own = InstanceLock(file), InstanceLock(file)
    other.take()
    with pytest.raises(AlreadyRunning):
        own.take(patience_seconds=0.2)
    threading.Timer(0.3, other.release).start()
    own.take(patience_seconds=10)
    own.release()
