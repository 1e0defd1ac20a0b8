"""The audit trail: one event per change, each sealed over the one before it."""

import contextlib
import hashlib
import hmac
import json
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import DatabaseWrong
from bot.model.audit import Tag
from bot.store.tables import audit_event

_KEY_BYTES = 32
FIRST = "0" * 64
"""What stands for the hash before the first event."""


@dataclass(frozen=True)
class AuditEvent:
    """One event of the record."""

    id: int
    at: datetime
    tag: str
    actor: str
    subject: str
    detail: dict[str, Any]


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
        raise DatabaseWrong(f"The audit key {file} cannot be read or made: {error.strerror}.") from None
    if len(key) != _KEY_BYTES:
        raise DatabaseWrong(f"The audit key {file} is damaged: it has {len(key)} bytes and should have {_KEY_BYTES}.")
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

    async def write(self, tag: Tag, *, actor: str, subject: str, detail: dict[str, Any] | None = None) -> None:
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
            yield AuditEvent(row.id, row.at, row.tag, row.actor, row.subject, row.detail)

    async def first_broken(self) -> int | None:
        """The id of the first event that does not fit the one before it; ``None`` when the chain is whole."""
        previous = FIRST
        for row in await self._connection.execute(select(audit_event).order_by(audit_event.c.id)):
            values = {"at": row.at, "tag": row.tag, "actor": row.actor, "subject": row.subject, "detail": row.detail}
            if row.previous_hash != previous or not hmac.compare_digest(row.hash, self._seal(previous, values)):
                return int(row.id)
            previous = row.hash
        return None

    def _seal(self, previous: str, values: dict[str, Any]) -> str:
        canonical = json.dumps(
            {**values, "at": values["at"].isoformat(), "previous": previous},
            sort_keys=True,
            separators=(",", ":"),
            ensure_ascii=False,
        )
        return hmac.new(self._key, canonical.encode(), hashlib.sha256).hexdigest()
