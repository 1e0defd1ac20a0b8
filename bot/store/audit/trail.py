"""The audit trail: one event per change, each sealed over the one before it."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, func, insert, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import InvalidDatabase
from bot.model.audit import AuditEvent, AuditTag
from bot.model.people.people import Person
from bot.store.tables.core import audit_event, certificate, device, link, request

_KEY_BYTES = 32
FIRST = "0" * 64
"""What stands for the hash before the first event."""


def key_file(database: Path) -> Path:
    """Where the key of a database's audit trail is."""
    return database.with_name(database.name + ".audit-key")


def read_or_make_key(file: Path) -> bytes:
    """The chain's HMAC key, kept outside the database in a file for its owner only.

    Raises:
        DatabaseWrong: the file cannot be read or made.
    """
    try:
        if not file.exists():
            _make_key(file)
        key = file.read_bytes()
    except OSError as error:
        raise InvalidDatabase(f"The audit key {file} cannot be read or made: {error.strerror}.") from None
    if len(key) != _KEY_BYTES:
        raise InvalidDatabase(f"The audit key {file} is damaged: it has {len(key)} bytes and should have {_KEY_BYTES}.")
    return key


def _make_key(file: Path) -> None:
    """Make the key whole or not at all: bot and command line may come here at the same moment."""
    fresh = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as writing:
            writing.write(secrets.token_bytes(_KEY_BYTES))
            writing.flush()
            os.fsync(writing.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink()


class AuditTrail:
    """Writes events and checks the chain."""

    def __init__(self, connection: AsyncConnection, now: datetime, key: bytes) -> None:
        self._connection = connection
        self._now = now
        self._key = key

    async def write(self, tag: AuditTag, *, actor: str, subject: str, detail: dict[str, Any] | None = None) -> None:
        """Add one event. ``detail`` holds plain values and never a secret."""
        last = await self._connection.scalar(select(audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1))
        previous = last or FIRST
        values = {"at": self._now, "tag": tag.value, "actor": actor, "subject": subject, "detail": detail or {}}
        await self._connection.execute(
            insert(audit_event).values(**values, previous_hash=previous, hash=self._seal(previous, values))
        )

    async def events(self) -> AsyncIterator[AuditEvent]:
        """All events, oldest first."""
        for row in await self._connection.execute(select(audit_event).order_by(audit_event.c.id)):
            yield _event(row)

    async def page(self, number: int, size: int, about: Person | None = None) -> tuple[tuple[AuditEvent, ...], int]:
        """One page (from 0) of events, newest first, and how many there are; ``about`` one person: what they did,
        and what was done to them, their devices, requests and links.
        """
        chosen = true() if about is None else _concerns(about)
        total = await self._connection.scalar(select(func.count()).select_from(audit_event).where(chosen)) or 0
        rows = await self._connection.execute(
            select(audit_event).where(chosen).order_by(audit_event.c.id.desc()).limit(size).offset(number * size)
        )
        return tuple(_event(row) for row in rows), total

    async def head(self) -> tuple[int, str]:
        """How many events there are, and the seal of the last: kept elsewhere it shows that none was taken out."""
        total = await self._connection.scalar(select(func.count()).select_from(audit_event)) or 0
        last = await self._connection.scalar(select(audit_event.c.hash).order_by(audit_event.c.id.desc()).limit(1))
        return total, last or FIRST

    async def first_broken(self) -> AuditEvent | None:
        """The first event that does not fit the one before it; ``None`` when the chain is whole."""
        previous = FIRST
        for row in await self._connection.execute(select(audit_event).order_by(audit_event.c.id)):
            values = {"at": row.at, "tag": row.tag, "actor": row.actor, "subject": row.subject, "detail": row.detail}
            if row.previous_hash != previous or not hmac.compare_digest(row.hash, self._seal(previous, values)):
                return _event(row)
            previous = row.hash
        return None

    async def last(self, tag: AuditTag, subject: str) -> datetime | None:
        """When that last happened to a subject; ``None`` when it never did."""
        moment: datetime | None = await self._connection.scalar(
            select(func.max(audit_event.c.at)).where(audit_event.c.subject == subject, audit_event.c.tag == tag.value)
        )
        return moment

    async def by(self, actor: str, since: datetime) -> tuple[AuditEvent, ...]:
        """What one actor did since a moment, oldest first."""
        rows = await self._connection.execute(
            select(audit_event)
            .where(audit_event.c.actor == actor, audit_event.c.at >= since)
            .order_by(audit_event.c.id)
        )
        return tuple(_event(row) for row in rows)

    def _seal(self, previous: str, values: dict[str, Any]) -> str:
        canonical = json.dumps(
            {**values, "at": values["at"].isoformat(), "previous": previous},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return hmac.new(self._key, canonical.encode(), hashlib.sha256).hexdigest()


def _event(row: Any) -> AuditEvent:
    return AuditEvent(id=row.id, at=row.at, tag=row.tag, actor=row.actor, subject=row.subject, detail=row.detail)


def _concerns(who: Person) -> ColumnElement[bool]:
    devices = select(device.c.id).where(device.c.owner_id == who.id)
    theirs = union_all(
        select(device.c.public_id).where(device.c.owner_id == who.id),
        select(certificate.c.public_id).where(certificate.c.device_id.in_(devices)),
        select(request.c.public_id).where(request.c.person_id == who.id),
        select(link.c.public_id).where(link.c.made_by == who.id),
    )
    return or_(
        audit_event.c.actor.in_((f"person:{who.public_id}", f"telegram:{who.telegram_id}")),
        audit_event.c.subject == who.public_id,
        audit_event.c.subject.in_(theirs),
    )
