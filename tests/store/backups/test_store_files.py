"""The file of a backup: whole, of its owner, refused when anything about it is wrong."""

import os
import sqlite3
import stat
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import InvalidBackup, InvalidDatabase
from bot.store.audit.trail import key_file
from bot.store.backups import files
from bot.store.backups.encryption import is_sealed, seal, unseal
from tests.store.open_store import opened, ordered

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FILE = "latchkey.sqlite3"


async def test_one_moment_of_a_database_that_is_written_to(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
        ended = threading.Event()

        def copies() -> list[bytes]:
            taken = [files.take(tmp_path / FILE, NOW) for _ in range(5)]
            ended.set()
            return taken

        done: list[bytes] = []
        thread = threading.Thread(target=lambda: done.extend(copies()))
        thread.start()
        number = 0
        while not ended.is_set():
            await ordered(store, f"phone{number}")
            number += 1
        thread.join()
    assert len(done) == 5
    for index, data in enumerate(done):
        held = files.unpack(data)
        folder = tmp_path / f"copy{index}"
        folder.mkdir()
        (folder / FILE).write_bytes(held.database)
        key_file(folder / FILE).write_bytes(held.audit_key)
        async with opened(folder) as copy, copy.read() as tx:
            assert await tx.audit.first_broken() is None
            assert len([event async for event in tx.audit.events()]) >= 2
    assert not list(tmp_path.glob(".backup-*"))


async def test_the_file_is_the_owners_and_nobody_elses_is_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "backup"
    before = os.umask(0)
    try:
        files.write_file(file, b"one", overwrite=False)
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(InvalidBackup, match="is there already"):
        files.write_file(file, b"two", overwrite=False)
    assert file.read_bytes() == b"one"
    files.write_file(file, b"two", overwrite=True)
    assert file.read_bytes() == b"two"
    with pytest.raises(InvalidBackup, match="cannot be written"):
        files.write_file(tmp_path / "missing" / "backup", b"three", overwrite=False)
    assert [one.name for one in tmp_path.iterdir()] == ["backup"]


def test_encrypted_and_every_byte_authenticated() -> None:
    sealed = seal(b"everything", "some words in a row")
    assert is_sealed(sealed)
    assert b"everything" not in sealed
    assert unseal(sealed, "some words in a row") == b"everything"
    with pytest.raises(InvalidBackup, match="not the passphrase"):
        unseal(sealed, "other words in a row")
    for place in (20, 40, 50, len(sealed) - 1):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(InvalidBackup):
            unseal(bytes(changed), "some words in a row")
    with pytest.raises(InvalidBackup):
        unseal(sealed[:30], "some words in a row")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 nothing", b"SQLite format 3\x00"])
def test_what_is_no_backup(data: bytes) -> None:
    with pytest.raises(InvalidBackup, match="no backup of Latchkey"):
        files.unpack(data)


async def test_a_cut_or_damaged_backup_is_refused(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
    data = files.take(tmp_path / FILE, NOW)
    with pytest.raises(InvalidBackup):
        files.unpack(data[:-100])
    held = files.unpack(data)
    torn = bytearray(held.database)
    torn[4096:12288] = bytes(8192)
    with (
        pytest.raises(InvalidBackup, match="damaged"),
        files.staged(files.Backup(held.made_at, bytes(torn), held.audit_key), tmp_path / FILE),
    ):
        pass
    assert not list(tmp_path.glob(".restore-*"))


async def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(tmp_path: Path) -> None:
    async with opened(tmp_path) as store:
        await ordered(store)
    file = tmp_path / FILE
    content = bytearray(file.read_bytes())
    content[8192:20480] = os.urandom(12288)
    file.write_bytes(content)
    with pytest.raises(InvalidDatabase):
        files.take(file, NOW)


async def test_not_while_another_program_has_the_database_open(tmp_path: Path) -> None:
    file = tmp_path / FILE
    async with opened(tmp_path) as store:
        await ordered(store)
    held = files.unpack(files.take(file, NOW))
    with closing(sqlite3.connect(file)) as other, files.staged(held, file) as fresh:
        other.execute("select count(*) from person").fetchall()
        with pytest.raises(InvalidDatabase, match="Another program"):
            files.put_in_place(fresh, file, NOW)
    async with opened(tmp_path) as store, store.read() as tx:
        assert await tx.audit.first_broken() is None


async def test_a_damaged_database_can_be_replaced_and_is_kept(tmp_path: Path) -> None:
    file = tmp_path / FILE
    async with opened(tmp_path) as store:
        await ordered(store)
    held = files.unpack(files.take(file, NOW))
    file.write_bytes(b"not a database at all" * 1000)
    file.with_name(FILE + "-wal").write_bytes(b"left over")
    with files.staged(held, file) as fresh:
        kept = files.put_in_place(fresh, file, NOW)
    assert kept is not None
    assert kept.read_bytes().startswith(b"not a database")
    assert not file.with_name(FILE + "-wal").exists()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    async with opened(tmp_path) as store, store.read() as tx:
        assert await tx.audit.first_broken() is None
