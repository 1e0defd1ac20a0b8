"""Every migration, up and down, on a database in which every table has rows."""

import os
import shutil
import sqlite3
from contextlib import closing
from itertools import count as counting
from itertools import pairwise
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, event, pool
from sqlalchemy.engine import Engine

from bot.model.certificates.names import name_key
from bot.store.engine import migrations, schema
from bot.store.engine.database import prepare
from bot.store.tables.core import metadata

REVISIONS = [one.revision for one in reversed(list(ScriptDirectory.from_config(migrations._config()).walk_revisions()))]
VALUES = {
    "INTEGER": 1,
    "BIGINT": 101,
    "BOOLEAN": 1,
    "DATETIME": "2026-11-24 12:00:00.000000",
    "JSON": "[]",
    "BLOB": b"\x00",
}


def connected(file: Path) -> closing[sqlite3.Connection]:
    connection = sqlite3.connect(file)
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys=ON")
    return closing(connection)


def tables(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(
        "select name from sqlite_master where type = 'table' and name not like 'sqlite%' and name != 'alembic_version'"
    )
    return [str(name) for (name,) in rows]


def fill(file: Path) -> None:
    """Two new rows in every table there is, every column filled; a probe certificate has no device."""
    with connected(file) as connection:
        connection.execute("BEGIN")
        connection.execute("PRAGMA defer_foreign_keys=ON")
        for table in tables(connection):
            connection.execute(f'delete from "{table}"')
        for table in tables(connection):
            foreign = {row[3] for row in connection.execute(f"PRAGMA foreign_key_list({table})")}
            columns = [(row[1], row[2], row[5]) for row in connection.execute(f"PRAGMA table_info({table})")]
            needed = {row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[3]}
            for number in (1, 2):
                values = {name: value(name, kind, number, name in foreign, bool(key)) for name, kind, key in columns}
                if table == "certificate":
                    is_probe = number == 2 and "device_id" not in needed
                    values |= {"purpose": "probe", "device_id": None} if is_probe else {"purpose": "device"}
                marks = ", ".join("?" * len(values))
                names = ", ".join(f'"{name}"' for name in values)
                connection.execute(f'insert into "{table}" ({names}) values ({marks})', tuple(values.values()))
        connection.execute("COMMIT")


def value(name: str, kind: str, number: int, is_foreign: bool, is_key: bool) -> object:
    plain = kind.partition("(")[0]
    if is_key and plain in {"INTEGER", "BIGINT"}:
        return number
    if is_foreign:
        # Nothing refers to the bot's own certificates, which are the second.
        return 1
    if plain == "VARCHAR":
        return f"{name[:6]}{number}"
    found = VALUES[plain]
    return found + number if plain in {"INTEGER", "BIGINT"} and isinstance(found, int) else found


def count(file: Path) -> dict[str, int]:
    """Rows by table, and nothing broken."""
    with connected(file) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return {
            table: connection.execute(f'select count(*) from "{table}"').fetchone()[0] for table in tables(connection)
        }


def down(file: Path, revision: str) -> None:
    engine = create_engine(f"sqlite:///{file}", poolclass=pool.NullPool)
    with engine.begin() as connection:
        config = migrations._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "latchkey.sqlite3"
    prepare(file)
    return file


def test_each_step_up_and_down_with_rows_in_every_table(file: Path) -> None:
    """Up, no row is lost; down, what the older version does not know. Every table is filled anew before each step."""
    schema.migrate(file, REVISIONS[0])
    for older, newer in pairwise(REVISIONS):
        fill(file)
        before = count(file)
        schema.migrate(file, newer)
        after = count(file)
        assert {table: after[table] for table in before} == before, (older, newer)
    fill(file)
    assert count(file) == dict.fromkeys(metadata.tables, 2)
    assert migrations.differences(file) == []
    for newer, older in pairwise(reversed(REVISIONS)):
        down(file, older)
        kept = count(file)
        lost = {table for table in kept if kept[table] != 2}
        # The bot's own certificates cannot be kept by a version that knows of none.
        assert lost <= {"certificate"}, (newer, older)
        fill(file)
    down(file, "base")
    assert count(file) == {}
    schema.migrate(file)
    assert migrations.differences(file) == []


def test_from_the_first_version_to_the_newest_and_back_again_with_rows(file: Path) -> None:
    schema.migrate(file, REVISIONS[0])
    fill(file)
    filled = count(file)
    schema.migrate(file)
    assert migrations.differences(file) == []
    down(file, REVISIONS[0])
    assert count(file) == filled


def test_killed_after_any_statement_it_is_brought_up_to_date_by_the_next_attempt(file: Path) -> None:
    kept = file.with_name("kept")
    schema.migrate(kept, REVISIONS[-2])
    fill(kept)
    filled = count(kept)
    for statement in counting(1):
        for left in file.parent.glob(file.name + "*"):
            left.unlink()
        shutil.copy(kept, file)
        was_killed = migrate_and_die_after(file, statement)
        schema.migrate(file)
        assert {table: count(file)[table] for table in filled} == filled, statement
        assert migrations.differences(file) == [], statement
        if not was_killed:
            break
    assert statement > 1, "there was something to be killed after"


def migrate_and_die_after(file: Path, statement: int) -> bool:
    """Migrate in a process that ends without a word after that many statements; whether it came to that."""
    child = os.fork()
    if child == 0:
        left = statement

        @event.listens_for(Engine, "after_cursor_execute")
        def _executed(*_: object) -> None:
            nonlocal left
            left -= 1
            if left == 0:
                os._exit(9)

        schema.migrate(file)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


def test_the_message_that_speaks_of_a_host_is_known_before_and_after(file: Path) -> None:
    schema.migrate(file, "0010")
    with connected(file) as connection:
        for host, place in (("ha.example.com", (-100, 7)), ("photos.example.com", (None, None))):
            connection.execute(
                "insert into protected_host (host, state, asked_at, chat_id, message_id) values (?, ?, ?, ?, ?)",
                (host, "protected", VALUES["DATETIME"], *place),
            )
    schema.migrate(file, "0011")
    with connected(file) as connection:
        assert connection.execute("select messages from protected_host order by host").fetchall() == [
            ("[[-100,7]]",),
            ("[]",),
        ]
    down(file, "0010")
    with connected(file) as connection:
        assert connection.execute("select chat_id, message_id from protected_host order by host").fetchall() == [
            (-100, 7),
            (None, None),
        ]


def test_names_are_compared_anew_and_two_that_become_one_stay_two(file: Path) -> None:
    schema.migrate(file, "0011")
    fill(file)
    names = ((1, "Annaʼs", "annaʼs"), (2, "ANNAʻS", "annaʻs"))
    with connected(file) as connection:
        for number, name, key in names:
            connection.execute("update device set name = ?, name_key = ? where id = ?", (name, key, number))
    schema.migrate(file, "0017")
    with connected(file) as connection:
        keys = connection.execute("select name, name_key from device order by id").fetchall()
        assert keys == [("Annaʼs", "anna's"), ("ANNAʻS", "anna's/2")]
        assert keys[0][1] == name_key("Anna’s")
        connection.execute("update open_path set method = 'GET HEAD POST PUT PATCH DELETE' where id = 1")
    down(file, "0011")
    with connected(file) as connection:
        assert connection.execute("select id, name, name_key from device order by id").fetchall() == list(names)


def test_a_rule_and_its_paths_of_before_are_of_no_known_form(file: Path) -> None:
    """So the rule is rewritten at the next start; all that is known of it stays."""
    older = REVISIONS[REVISIONS.index("0015") - 1]
    schema.migrate(file, older)
    fill(file)
    schema.migrate(file, "0015")
    with connected(file) as connection:
        of_zone = "select name, rule_text, rule_form, rule_paths_by, raw_refused_at, rule_changes from zone order by id"
        assert connection.execute(of_zone).fetchall() == [
            (f"name{number}", f"rule_t{number}", None, None, None, None) for number in (1, 2)
        ]
        paths = connection.execute("select path, sent, state from open_path order by id").fetchall()
        assert paths == [(f"path{number}", None, f"state{number}") for number in (1, 2)]
        connection.execute("update open_path set sent = '/%78'")
    down(file, older)
    with connected(file) as connection:
        assert connection.execute("select path from open_path order by id").fetchall() == [("path1",), ("path2",)]
