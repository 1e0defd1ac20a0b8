"""What goes wrong with a disk or a file: our own error, and no half state, whatever SQLite says."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event
from sqlalchemy.exc import DatabaseError

from bot.errors import InvalidDatabase, StoreDamaged, StoreUnavailable
from bot.model.audit import AuditTag
from bot.store.engine import database
from bot.store.engine.database import Store, check
from bot.store.jobs.inbox import StoredUpdate
from sandbox.clock import SandboxClock
from tests.store.open_store import opened, ordered

FILE = "latchkey.sqlite3"


async def with_pragma(store: Store, pragma: str) -> None:
    """Have every connection of the store's begin with that."""

    @event.listens_for(store._engine.sync_engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    await store.close()


async def much(store: Store) -> None:
    """An event, and more than there is room for, in one transaction."""
    async with store.write() as tx:
        await tx.audit.write(AuditTag.ZONE_NEEDS_RSA, actor="a", subject="b")
        for number in range(200):
            await tx.inbox.add(StoredUpdate(number, 101, bytes(4000), tx.now, 0))


async def is_as_before(store: Store) -> bool:
    """One certificate, its events, and a whole chain."""
    async with store.read() as tx:
        events = [one.tag async for one in tx.audit.events()]
        return events == [AuditTag.PERSON_MET, AuditTag.CERTIFICATE_ORDERED] and await tx.audit.first_broken() is None


@pytest.mark.parametrize(("pragma", "why"), [("max_page_count=1", "full"), ("query_only=ON", "read-only")])
async def test_no_room_and_no_rights(tmp_path: Path, pragma: str, why: str) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
        await with_pragma(store, pragma)
        with pytest.raises(StoreUnavailable) as stuck:
            await much(store)
        assert stuck.value.why == why
        assert await is_as_before(store)


async def test_another_program_holds_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "_BUSY_MILLISECONDS", 50)
    async with opened(tmp_path) as store:
        await ordered(store)
        with closing(sqlite3.connect(tmp_path / FILE)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable) as stuck:
                await ordered(store, "other")
            assert stuck.value.why == "busy"
            with pytest.raises(InvalidDatabase, match="Another program holds the database"):
                await check(store)
        assert await is_as_before(store)
        await ordered(store, "other")


async def test_damage_is_told_as_damage(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
    content = bytearray((tmp_path / FILE).read_bytes())
    content[100:4096] = bytes(3996)
    (tmp_path / FILE).write_bytes(content)
    store = Store(tmp_path / FILE, SandboxClock(tmp_path / "clock"), "x")
    with pytest.raises(StoreDamaged):
        await ordered(store)
    with pytest.raises(InvalidDatabase, match="restore a backup"):
        await check(store)
    await store.close()


async def test_a_mistake_of_ours_stays_one(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
        with pytest.raises(DatabaseError):
            async with store.write() as tx:
                await tx.audit._connection.exec_driver_sql("select nothing from nowhere")
