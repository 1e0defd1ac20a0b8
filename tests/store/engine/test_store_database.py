"""The database file, its transactions, and what is wrong with it."""

import asyncio
import os
import stat
import tempfile
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import StatementError

from bot.errors import AlreadyRunning, InvalidDatabase
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.store.engine.database import Store, check, prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.engine.schema import migrate
from sandbox.clock import SandboxClock
from tests.store.open_store import TOKEN, opened


def mode(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


async def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    home = tmp_path / "a" / "data"
    file = home / "latchkey.sqlite3"
    prepare(file)
    migrate(file)
    store = Store(file, SandboxClock(tmp_path / "clock"), TOKEN)
    async with store.write() as transaction:
        await transaction.jobs.add(JobKind.ISSUE, "abcdefgh")
    InstanceLock(file).take()
    assert mode(home) == 0o700
    assert {path.name: mode(path) for path in home.iterdir()} == {
        f"latchkey.sqlite3{ending}": 0o600 for ending in ("", "-wal", "-shm", ".audit-key", ".lock")
    }
    await store.close()


def test_an_open_file_is_closed_to_others(tmp_path: Path) -> None:
    file = tmp_path / "latchkey.sqlite3"
    file.touch(mode=0o644)
    file.chmod(0o644)
    prepare(file)
    assert mode(file) == 0o600


def test_a_folder_that_was_there_is_closed_to_others_where_it_is_ours_alone(tmp_path: Path) -> None:
    ours, shared = tmp_path / "ours", tmp_path / "shared"
    for folder in (ours, shared):
        folder.mkdir()
        folder.chmod(0o755)
        (folder / ".latchkey.sqlite3.1234").touch()
    (shared / "letters.txt").touch()
    for folder in (ours, shared):
        prepare(folder / "latchkey.sqlite3")
        prepare(folder / "latchkey.sqlite3")
    assert (mode(ours), mode(shared)) == (0o700, 0o755)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_somebody_else_is_said_to_be_theirs_with_what_to_do() -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        folder.chmod(0o755)
        os.seteuid(10001)
        with pytest.raises(InvalidDatabase) as stopped:
            prepare(folder / "latchkey.sqlite3")
    finally:
        os.seteuid(0)
        folder.rmdir()
    assert f"{folder} belongs to uid 0 and Latchkey runs as uid 10001: run  chown -R 10001 {folder}  as root." in (
        stopped.value.line
    )


def test_a_place_where_nothing_can_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for file in (tmp_path / "file" / "latchkey.sqlite3", tmp_path / ("x" * 300)):
        with pytest.raises(InvalidDatabase) as stopped:
            prepare(file)
        assert "\n" not in stopped.value.line


async def test_a_transaction_that_fails_leaves_no_trace(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        woken: list[bool] = []
        store.on_chores = lambda: woken.append(True)
        with pytest.raises(RuntimeError):
            await _fail(store)
        async with store.read() as transaction:
            assert await transaction.jobs.count() == 0
            assert [event async for event in transaction.audit.events()] == []
        assert not woken


async def _fail(store: Store) -> None:
    async with store.write() as transaction:
        await transaction.jobs.add(JobKind.ISSUE, "abcdefgh")
        await transaction.audit.write(AuditTag.PERSON_MET, actor="a", subject="b")
        raise RuntimeError


async def test_two_programs_writing_at_once_keep_one_chain(tmp_path: Path) -> None:
    async with opened(tmp_path) as one, opened(tmp_path) as other:

        async def write(store: Store, number: int) -> None:
            async with store.write() as transaction:
                await transaction.audit.write(AuditTag.PERSON_MET, actor="a", subject=str(number))

        await asyncio.gather(*(write(store, number) for number in range(20) for store in (one, other)))
        async with one.read() as transaction:
            assert len([event async for event in transaction.audit.events()]) == 40
            assert await transaction.audit.first_broken() is None


async def test_a_writer_waits_for_the_other_program(tmp_path: Path) -> None:
    async with opened(tmp_path) as one, opened(tmp_path) as other:
        order: list[str] = []

        async def second() -> None:
            async with other.write() as transaction:
                order.append("second")
                await transaction.audit.write(AuditTag.PERSON_MET, actor="a", subject="2")

        async with one.write() as transaction:
            waiting = asyncio.create_task(second())
            # Nothing has been written yet: only a transaction that begins IMMEDIATE keeps the other out.
            await asyncio.sleep(0.1)
            order.append("first")
            await transaction.audit.write(AuditTag.PERSON_MET, actor="a", subject="1")
        await waiting
        assert order == ["first", "second"]


async def test_a_naive_time_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        naive = datetime(2026, 11, 24)  # noqa: DTZ001 -- what must not get in
        async with store.read() as transaction:
            with pytest.raises(StatementError, match="naive time"):
                await transaction.jobs.add(JobKind.ISSUE, "abcdefgh", due_at=naive)


@pytest.mark.parametrize(
    "content", [b"this is no database, but long enough to look at" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
async def test_a_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "latchkey.sqlite3"
    file.write_bytes(content)
    with pytest.raises(InvalidDatabase) as stopped:
        migrate(file)
    assert "\n" not in stopped.value.line
    store = Store(file, SandboxClock(tmp_path / "clock"), TOKEN)
    with pytest.raises(InvalidDatabase) as unusable:
        await check(store)
    assert "\n" not in unusable.value.line
    await store.close()


async def test_a_sound_database_passes_the_check(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await check(store)


def test_one_run_at_a_time(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path / "db"), InstanceLock(tmp_path / "db")
    first.take()
    with pytest.raises(AlreadyRunning) as stopped:
        second.take()
    assert "\n" not in stopped.value.line
    InstanceLock(tmp_path / "another").take()
    first.release()
    second.take()
    second.release()


def test_a_lock_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidDatabase):
        InstanceLock(tmp_path / "missing" / "db").take()
