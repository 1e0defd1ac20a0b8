"""The audit trail notices whatever was done to it behind the program's back."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import InvalidDatabase
from bot.model.audit import AuditTag
from bot.store.audit.trail import read_or_make_key
from tests.store.open_store import opened

FILE = "latchkey.sqlite3"

INSERTED = """insert into audit_event
select 6, at, tag, actor, '6', detail, hash, substr(hash, 2) || '0' from audit_event where id = 5"""


async def filled(directory: Path) -> None:
    async with opened(directory) as store:
        for number in range(1, 6):
            async with store.write() as transaction:
                await transaction.audit.write(AuditTag.PERSON_MET, actor="é", subject=str(number), detail={"n": number})


async def broken(directory: Path) -> int | None:
    async with opened(directory) as store, store.read() as transaction:
        first = await transaction.audit.first_broken()
    return None if first is None else first.id


def tamper(directory: Path, script: str) -> None:
    with closing(sqlite3.connect(directory / FILE)) as connection:
        connection.executescript(script)


async def test_events_come_back_as_they_were_written(tmp_path: Path) -> None:
    await filled(tmp_path)
    async with opened(tmp_path) as store, store.read() as transaction:
        events = [event async for event in transaction.audit.events()]
    assert [(event.subject, event.actor, event.detail["n"]) for event in events] == [
        (str(n), "é", n) for n in range(1, 6)
    ]
    assert await broken(tmp_path) is None


@pytest.mark.parametrize(
    ("script", "first"),
    [
        ("update audit_event set subject = 'x' where id = 3", 3),
        ("update audit_event set actor = 'x' where id = 1", 1),
        ("update audit_event set tag = 'chat:person:reachable' where id = 2", 2),
        ("update audit_event set detail = '{}' where id = 4", 4),
        ("update audit_event set at = '2020-01-01 00:00:00.000000' where id = 5", 5),
        ("update audit_event set hash = replace(hash, substr(hash, 1, 1), 'x') where id = 5", 5),
        ("delete from audit_event where id = 3", 4),
        ("delete from audit_event where id = 1", 2),
        ("update audit_event set id = 9 where id = 2; update audit_event set id = 2 where id = 3", 2),
        (
            INSERTED,
            6,
        ),
    ],
)
async def test_tampering_shows(tmp_path: Path, script: str, first: int) -> None:
    await filled(tmp_path)
    tamper(tmp_path, script)
    assert await broken(tmp_path) == first


async def test_a_chain_sealed_with_another_key_does_not_fit(tmp_path: Path) -> None:
    await filled(tmp_path)
    (tmp_path / f"{FILE}.audit-key").unlink()
    assert await broken(tmp_path) == 1


def test_the_key_is_its_owners_alone_and_stays(tmp_path: Path) -> None:
    file = tmp_path / "key"
    key = read_or_make_key(file)
    assert len(key) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert read_or_make_key(file) == key
    assert read_or_make_key(tmp_path / "other") != key


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 33])
def test_a_damaged_key_stops_the_start_and_stays_as_it_is(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key"
    file.write_bytes(content)
    with pytest.raises(InvalidDatabase, match="damaged"):
        read_or_make_key(file)
    assert file.read_bytes() == content


def test_a_key_that_cannot_be_made(tmp_path: Path) -> None:
    with pytest.raises(InvalidDatabase):
        read_or_make_key(tmp_path / "missing" / "key")
