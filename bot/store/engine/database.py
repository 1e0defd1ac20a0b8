"""The database: one SQLite file, one writer at a time, every writing transaction begun with BEGIN IMMEDIATE."""

import os
import sqlite3
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import URL, Connection
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from bot.clock import Clock
from bot.errors import InvalidDatabase, StoreTrouble
from bot.store.audit.names import AuditNames
from bot.store.audit.trail import AuditTrail, key_file, read_or_make_key
from bot.store.backups.pending_work import PendingWork
from bot.store.certificates.certificates import Certificates
from bot.store.certificates.devices import Devices
from bot.store.certificates.renewals import Renewals
from bot.store.certificates.unmanaged import Adoptions
from bot.store.engine.driver import open_connection
from bot.store.engine.sqlite_errors import translate_sqlite_errors
from bot.store.engine.write_queue import PriorityWriteLock
from bot.store.jobs.inbox import Inbox, UpdateCipher
from bot.store.jobs.jobs import Jobs
from bot.store.jobs.metrics import MetricsQueries
from bot.store.lost_devices import Losses
from bot.store.people.links import Links
from bot.store.people.menus import Menus
from bot.store.people.people import People
from bot.store.people.prompts import Prompts
from bot.store.people.request_cards import RequestCards
from bot.store.people.requests import Requests
from bot.store.protection.confirmations import Confirmations
from bot.store.protection.denylist import Denylist
from bot.store.protection.hosts import ProtectedHosts
from bot.store.protection.paths import OpenPaths
from bot.store.protection.probe_certificates import Probes
from bot.store.protection.proofs import Proofs
from bot.store.protection.rule import RuleRecords
from bot.store.protection.takeovers import TakeOvers
from bot.store.protection.zones import Zones

_BUSY_MILLISECONDS = 5000


class Cause:
    """The update that made somebody call a service. Its inbox row is marked handled by the first change
    made on its behalf, in the same transaction: a crash can repeat neither the change nor lose it.

    ``on_handled`` is called once that is committed.
    """

    def __init__(self, update_id: int, on_handled: Callable[[], None] = lambda: None) -> None:
        self.update_id = update_id
        self.on_handled = on_handled
        self.handled = False


class Transaction:
    """One transaction and the tables it reaches. What is not committed leaves no trace."""

    def __init__(self, connection: Any, clock: Clock, audit_key: bytes, seal: UpdateCipher) -> None:
        self.now = clock.now()
        self.audit = AuditTrail(connection, self.now, audit_key)
        self.people = People(connection, self.now, self.audit)
        self.devices = Devices(connection, self.now)
        self.certificates = Certificates(connection, self.now, self.audit, self.devices)
        self.adoptions = Adoptions(connection, self.now, self.audit, self.devices)
        self.renewals = Renewals(connection, self.now)
        self.probes = Probes(connection, self.now, self.audit)
        self.jobs = Jobs(connection, self.now)
        self.inbox = Inbox(connection, self.now, seal)
        self.prompts = Prompts(connection, self.now)
        self.menus = Menus(connection)
        self.requests = Requests(connection, self.now, self.audit)
        self.request_cards = RequestCards(connection, self.now, self.requests)
        self.links = Links(connection, self.now, self.audit)
        self.losses = Losses(connection, self.now, self.audit)
        self.zones = Zones(connection, self.now, self.audit)
        self.names = AuditNames(connection)
        self.hosts = ProtectedHosts(connection, self.now, self.audit)
        self.blocks = Denylist(connection, self.now)
        self.paths = OpenPaths(connection, self.now, self.audit)
        self.take_overs = TakeOvers(connection, self.now, self.audit)
        self.second_taps = Confirmations(connection, self.now)
        self.rules = RuleRecords(connection, self.now, self.audit)
        self.proofs = Proofs(connection, self.now)
        self.outstanding = PendingWork(connection, self.now)
        self.vitals = MetricsQueries(connection, self.now)


class Store:
    """The open database. ``on_chores`` is called after each commit that added a chore."""

    def __init__(self, file: Path, clock: Clock, inbox_secret: str) -> None:
        self._file = file
        self._clock = clock
        self._audit_key = read_or_make_key(key_file(file))
        self._seal = UpdateCipher(inbox_secret)
        self._engine = _engine(file)
        self._writing = PriorityWriteLock()
        self._finished: set[int] = set()
        self.on_chores: Callable[[], None] = lambda: None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """A transaction that sees one consistent moment and changes nothing.

        Raises:
            StoreTrouble: it cannot be read.
        """
        await self._writing.when_nobody_is_alone()
        with translate_sqlite_errors():
            async with self._engine.connect() as connection:
                yield Transaction(connection, self._clock, self._audit_key, self._seal)

    @asynccontextmanager
    async def write(self, cause: Cause | None = None) -> AsyncIterator[Transaction]:
        """A writing transaction: commits at the end of the block, or leaves no trace when the block raises.

        Writers queue here, so that none spends SQLite's busy time-out in a thread; whoever takes something
        away (``goes_first``) is let in before the others. No network call belongs inside: everybody else
        waits meanwhile.

        Raises:
            StoreTrouble: the disk is full, or the like; the block left no trace.
        """
        async with self._writing:
            immediate = self._engine.execution_options(latchkey_writes=True)
            with translate_sqlite_errors():
                async with immediate.begin() as connection:
                    transaction = Transaction(connection, self._clock, self._audit_key, self._seal)
                    yield transaction
                    if cause is not None:
                        await transaction.inbox.handled(cause.update_id)
        if cause is not None:
            cause.handled = True
            cause.on_handled()
        self._finished.update(transaction.jobs.finished)
        if transaction.jobs.added:
            self.on_chores()

    def has_finished(self, chore_id: int) -> bool:
        """Whether a chore was struck off by its own last change. Asked once: then it is forgotten."""
        finished = chore_id in self._finished
        self._finished.discard(chore_id)
        return finished

    def goes_first(self, *, really: bool = True, alone: bool = False) -> AbstractContextManager[None]:
        """See ``PriorityWriteLock.goes_first``."""
        return self._writing.goes_first(really=really, alone=alone)

    async def when_nobody_is_alone(self) -> None:
        """See ``PriorityWriteLock.when_nobody_is_alone``: for work of another kind that others would be held up by."""
        await self._writing.when_nobody_is_alone()

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def prepare(file: Path) -> None:
    """Make the folder (0700) and the file (0600) when they are not there.

    A folder that was there, and in which nobody but us has anything, is closed to others too.

    Raises:
        DatabaseWrong: when that is not possible.
    """
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            os.close(os.open(file, os.O_CREAT | os.O_RDWR, 0o600))
        file.chmod(0o600)
        _close_to_others(file)
    except OSError as error:
        line = f"The database {file} cannot be made or opened: {error.strerror}."
        raise InvalidDatabase(line + _whose(file.parent)) from None


def _close_to_others(database: Path) -> None:
    """Only where the folder is ours alone: a home directory that holds the database stays as it is."""
    folder = database.parent
    state = folder.stat()
    # The dot is that of a file that is being written.
    alone = all(one.name.lstrip(".").startswith(database.name) for one in folder.iterdir())
    if alone and state.st_uid == os.geteuid() and state.st_mode & 0o077:
        folder.chmod(0o700)


def _whose(folder: Path) -> str:
    """The commonest reason in a container: a folder mounted from outside belongs to root there."""
    me = os.geteuid()
    try:
        owner = folder.stat().st_uid
    except OSError:
        return ""
    if owner == me or os.access(folder, os.W_OK | os.X_OK, effective_ids=True):
        return ""
    return f" {folder} belongs to uid {owner} and Latchkey runs as uid {me}: run  chown -R {me} {folder}  as root."


async def check(store: Store) -> None:
    """Read and begin to write once.

    Raises:
        DatabaseWrong: the file is no database of ours, is damaged, or may not be written.
    """
    try:
        async with store.write() as transaction:
            await transaction.zones.of_name("")
    except StoreTrouble as trouble:
        raise InvalidDatabase(trouble.line) from None
    except (DatabaseError, sqlite3.DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        raise InvalidDatabase(f"The database cannot be used: {cause}.") from None


def _engine(file: Path) -> AsyncEngine:
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(file)),
        hide_parameters=True,
        async_creator=partial(open_connection, file),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        # The driver's own BEGIN is DEFERRED: two writers then read the same last audit event and fork the
        # chain. Without it, "begin" below decides.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA foreign_keys=ON")
        # A commit must survive a power cut: WAL's default of syncing only at checkpoints may lose the last ones.
        cursor.execute("PRAGMA synchronous=FULL")
        # What was deleted (emptied inbox rows) is overwritten in the file too.
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _began(connection: Connection) -> None:
        driver: Any = connection.connection.driver_connection
        if connection.get_execution_options().get("latchkey_writes"):
            await_only(driver.begin_writing())
        else:
            driver.begin_reading()

    return engine
