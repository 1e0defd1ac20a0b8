"""The way to SQLite's thread: one trip for one statement.

``aiosqlite`` carries every call to a thread of the connection and back, and SQLAlchemy makes four of a SELECT:
make a cursor, execute, fetch, close. Those trips cost more than SQLite itself; here the four go together, and
a reading transaction begins on its first statement's trip.
"""

import sqlite3
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import aiosqlite


class BatchedCursor:
    """A cursor as SQLAlchemy's adapter for ``aiosqlite`` uses one. Its rows are all there once it has executed."""

    def __init__(self, connection: "OneTripConnection") -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> "BatchedCursor":
        return self

    async def execute(self, sql: str, parameters: Sequence[Any] = ()) -> "BatchedCursor":
        """Carry out one statement and fetch what it gives."""
        await self._keep(partial(_all_at_once, sql=sql, parameters=parameters))
        return self

    async def executemany(self, sql: str, parameters: Iterable[Sequence[Any]]) -> "BatchedCursor":
        """Carry out one statement for each set of parameters."""
        await self._keep(partial(_one_by_one, sql=sql, parameters=parameters))
        return self

    async def fetchall(self) -> list[Any]:
        """The rows that were fetched while executing."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing to do: it was closed in the thread."""

    async def _keep(self, work: "partial[_Outcome]") -> None:
        self._rows, self.description, self.rowcount, self.lastrowid = await self._connection.in_thread(work)


_Outcome = tuple[list[Any], Any, int, int | None]


class OneTripConnection(aiosqlite.Connection):
    """``aiosqlite``'s connection with cursors of ours."""

    _begins = False

    def begin_reading(self) -> None:
        """Begin a transaction with the first statement in it."""
        self._begins = True

    async def begin_writing(self) -> None:
        """Begin a transaction that keeps every other writer out from now on."""
        await self.in_thread(partial(_all_at_once, sql="BEGIN IMMEDIATE", parameters=()))

    async def commit(self) -> None:
        """Commit; nothing to do when nothing was done."""
        if not self._is_untouched():
            await super().commit()

    async def rollback(self) -> None:
        """Roll back; nothing to do when nothing was done."""
        if not self._is_untouched():
            await super().rollback()

    def _is_untouched(self) -> bool:
        untouched, self._begins = self._begins, False
        return untouched

    def cursor(self) -> BatchedCursor:  # type: ignore[override]
        """A new cursor; the thread hears of it only with its first statement."""
        return BatchedCursor(self)

    async def in_thread(self, work: "partial[_Outcome]") -> _Outcome:
        """Call ``work`` with the connection, in its thread."""
        if self._begins:
            work, self._begins = partial(_begun, work=work), False
        outcome: _Outcome = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return outcome


async def open_connection(file: Path) -> OneTripConnection:
    """Open ``file``. The connection's thread does not keep a program from ending."""
    connection = OneTripConnection(partial(sqlite3.connect, str(file)), iter_chunk_size=64)
    connection._thread.daemon = True  # noqa: SLF001 -- as SQLAlchemy's own dialect does
    return await connection  # type: ignore[return-value]


def _begun(connection: sqlite3.Connection, *, work: "partial[_Outcome]") -> _Outcome:
    connection.execute("BEGIN").close()
    return work(connection)


def _all_at_once(connection: sqlite3.Connection, *, sql: str, parameters: Sequence[Any]) -> _Outcome:
    return _outcome(connection.execute(sql, parameters))


def _one_by_one(connection: sqlite3.Connection, *, sql: str, parameters: Iterable[Sequence[Any]]) -> _Outcome:
    return _outcome(connection.executemany(sql, parameters))


def _outcome(cursor: sqlite3.Cursor) -> _Outcome:
    try:
        rows = cursor.fetchall() if cursor.description else []
        return rows, cursor.description, cursor.rowcount, cursor.lastrowid
    finally:
        cursor.close()
