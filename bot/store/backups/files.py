"""Backups: a ZIP file with the database, the key of its audit trail, and when it was made.

Made beside a running bot: ``VACUUM INTO`` copies one consistent moment (https://sqlite.org/lang_vacuum.html), and
without what was deleted. The audit key travels with it, so that the chain can be checked wherever it is read.
"""

import contextlib
import io
import json
import os
import secrets
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import create_engine, pool
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DatabaseError

from bot.errors import InvalidBackup, InvalidDatabase
from bot.store.audit.trail import key_file, read_or_make_key

_FORM = 1
_DATABASE, _KEY, _ABOUT = "latchkey.sqlite3", "audit-key", "about.json"
_MAX_BYTES = 4 * 1024**3


@dataclass(frozen=True)
class Backup:
    """What a backup holds."""

    made_at: datetime
    database: bytes = field(repr=False)
    audit_key: bytes = field(repr=False)


def take(database: Path, now: datetime) -> bytes:
    """A backup of the database as it is this moment, whoever else works on it.

    Raises:
        DatabaseWrong: there is none, it cannot be read, or it is damaged.
    """
    if not database.exists():
        raise InvalidDatabase(f"There is no database {database}: nothing to back up.")
    key = read_or_make_key(key_file(database))
    try:
        with tempfile.TemporaryDirectory(prefix=".backup-", dir=database.parent) as folder:
            copy = Path(folder) / _DATABASE
            with _connected(database) as connection:
                connection.exec_driver_sql("VACUUM INTO ?", (str(copy),))
            _check_whole(copy)
            content = copy.read_bytes()
    except DatabaseError as error:
        raise InvalidDatabase(f"The database {database} cannot be copied: {error.orig}.") from None
    except OSError as error:
        raise InvalidDatabase(f"The database {database} cannot be copied: {error.strerror}.") from None
    about = {"form": _FORM, "made_at": now.isoformat()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(_ABOUT, json.dumps(about))
        archive.writestr(_KEY, key)
        archive.writestr(_DATABASE, content)
    return packed.getvalue()


def unpack(data: bytes) -> Backup:
    """Read a backup.

    Raises:
        BackupWrong: it is none, or is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(one.file_size for one in archive.infolist()) > _MAX_BYTES:
                raise InvalidBackup("The file is too large for a backup of Latchkey.")
            about = json.loads(archive.read(_ABOUT))
            if about["form"] != _FORM:
                raise InvalidBackup("The backup was made by a newer Latchkey: install that one.")
            made_at = datetime.fromisoformat(about["made_at"])
            return Backup(made_at, archive.read(_DATABASE), archive.read(_KEY))
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError, NotImplementedError):
        raise InvalidBackup("The file is no backup of Latchkey, or it is damaged.") from None


def write_file(file: Path, data: bytes, *, overwrite: bool) -> None:
    """Write a file for its owner only, whole or not at all.

    Raises:
        BackupWrong: it is there already and may not be overwritten, or it cannot be written.
    """
    fresh = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        try:
            _write_private(fresh, data)
            if overwrite:
                fresh.replace(file)
            else:
                os.link(fresh, file)
        finally:
            fresh.unlink(missing_ok=True)
    except FileExistsError:
        raise InvalidBackup(f"{file} is there already. Name another file, or say --overwrite.") from None
    except OSError as error:
        raise InvalidBackup(f"{file} cannot be written: {error.strerror}.") from None


@contextmanager
def staged(backup: Backup, database: Path) -> Iterator[Path]:
    """A backup's database beside the one it shall replace, with its audit key, to be prepared; gone afterwards.

    Raises:
        DatabaseWrong: it cannot be written.
        BackupWrong: its database is damaged.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=database.parent) as folder:
            file = Path(folder) / database.name
            _write_private(file, backup.database)
            _write_private(key_file(file), backup.audit_key)
            try:
                _check_whole(file)
            except InvalidDatabase:
                raise InvalidBackup("The database in the backup is damaged.") from None
            yield file
    except OSError as error:
        raise InvalidDatabase(f"The backup cannot be unpacked beside {database}: {error.strerror}.") from None


def put_in_place(file: Path, database: Path, now: datetime) -> Path | None:
    """Put a prepared database and its audit key where the other one is; answers where that is kept now.

    Whoever calls this holds the lock of ``InstanceLock``. The old database stays whole until the new one takes its
    place in one step; ending in between leaves the old one, and at worst a key that does not fit its trail: done
    again, it fits.

    Raises:
        DatabaseWrong: another program has the old one open, or a file cannot be written.
    """
    try:
        _as_one_file(file)
    except DatabaseError as error:
        raise InvalidDatabase(f"The backup's database cannot be used: {error.orig}.") from None
    kept = None
    try:
        if database.exists() and database.stat().st_size:
            kept = database.with_name(f"{database.name}.before-{now:%Y%m%d-%H%M%S}")
            _set_aside(database, kept)
        key_file(file).replace(key_file(database))
        file.replace(database)
        _sync(database.parent)
    except OSError as error:
        raise InvalidDatabase(f"The database {database} cannot be replaced: {error.strerror}.") from None
    return kept


def _set_aside(database: Path, kept: Path) -> None:
    """Keep the old database under another name, and see to it that nothing of it can get into the new one: a log
    left beside a database that is not its own damages it (https://sqlite.org/howtocorrupt.html, 1.4).
    """
    try:
        _as_one_file(database)
    except DatabaseError as error:
        if "locked" in str(error.orig):
            raise InvalidDatabase(f"Another program has {database} open: end it first.") from None
        # It is damaged, which is why somebody restores. Kept as it is.
    for suffix in ("", "-wal"):
        part, copy = database.with_name(database.name + suffix), kept.with_name(kept.name + suffix)
        if part.exists():
            copy.unlink(missing_ok=True)
            os.link(part, copy)
    if key_file(database).exists():
        key_file(kept).unlink(missing_ok=True)
        os.link(key_file(database), key_file(kept))
    for suffix in ("-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _as_one_file(file: Path) -> None:
    """Write the log into the database and do without one: refused while anybody else has it open."""
    with _connected(file, busy_milliseconds=2000) as connection:
        mode = connection.exec_driver_sql("PRAGMA journal_mode=DELETE").scalar()
    if mode != "delete":
        raise InvalidDatabase(f"Another program has {file} open: end it first.")


def _check_whole(file: Path) -> None:
    try:
        with _connected(file) as connection:
            found = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    except InvalidDatabase:
        raise
    except DatabaseError as error:
        raise InvalidDatabase(f"The database {file} is damaged: {error.orig}.") from None
    if found != "ok":
        raise InvalidDatabase(f"The database {file} is damaged: {found}.")


@contextmanager
def _connected(file: Path, *, busy_milliseconds: int = 5000) -> Iterator[Connection]:
    engine = create_engine(URL.create("sqlite", database=str(file)), poolclass=pool.NullPool)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={busy_milliseconds}")
            yield connection
    finally:
        engine.dispose()


def _write_private(file: Path, data: bytes) -> None:
    descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as writing:
        writing.write(data)
        writing.flush()
        os.fsync(writing.fileno())


def _sync(folder: Path) -> None:
    """A new name must survive a power cut too; where a file system cannot do that, it cannot."""
    descriptor = os.open(folder, os.O_RDONLY)
    with contextlib.suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
