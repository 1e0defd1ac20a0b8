"""One trip to the connection's thread for one statement, and all else as the driver has it."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.engine.driver import OneTripConnection, open_connection


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[OneTripConnection]:
    connection = await open_connection(tmp_path / "some.sqlite3")
    await connection.cursor().execute("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
    yield connection
    await connection.close()


async def test_one_statement_is_one_trip(connection: OneTripConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    trips: list[object] = []
    queue = connection._tx

    class Counting:
        def put_nowait(self, work: object) -> None:
            trips.append(work)
            queue.put_nowait(work)  # type: ignore[arg-type]

    monkeypatch.setattr(connection, "_tx", Counting())
    cursor = connection.cursor()
    await cursor.executemany("INSERT INTO thing (name) VALUES (?)", [("a",), ("b",)])
    assert cursor.rowcount == 2
    await cursor.execute("SELECT id, name FROM thing ORDER BY id")
    assert [column[0] for column in cursor.description] == ["id", "name"]
    assert await cursor.fetchall() == [(1, "a"), (2, "b")]
    assert await cursor.fetchall() == []
    await cursor.close()
    assert len(trips) == 2
    monkeypatch.undo()


async def test_what_is_wrong_is_raised_as_sqlite_raises_it(connection: OneTripConnection) -> None:
    cursor = connection.cursor()
    await cursor.execute("INSERT INTO thing (name) VALUES (?)", ("a",))
    assert (cursor.lastrowid, cursor.description) == (1, None)
    with pytest.raises(sqlite3.IntegrityError):
        await cursor.execute("INSERT INTO thing (name) VALUES (?)", ("a",))
    with pytest.raises(sqlite3.OperationalError):
        await cursor.execute("SELECT nothing")


async def test_a_statement_given_up_leaves_the_connection_usable(connection: OneTripConnection) -> None:
    slow = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) SELECT max(i) FROM n"
    given_up = asyncio.create_task(connection.cursor().execute(slow))
    await asyncio.sleep(0)
    given_up.cancel()
    await asyncio.gather(given_up, return_exceptions=True)
    cursor = await connection.cursor().execute("SELECT count(*) FROM thing")
    assert await cursor.fetchall() == [(0,)]
