"""The inbox: updates as they came, sealed until handled; afterwards only their number stays."""

import base64
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables.core import inbox

_KEPT = timedelta(days=8)


class UpdateCipher:
    """Encrypts updates with a key derived from the bot's token (HKDF, RFC 5869; then Fernet).

    Somebody with the disk alone reads nothing; somebody with the token could ask Telegram anyway.
    """

    def __init__(self, secret: str) -> None:
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"latchkey inbox").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def close(self, body: bytes) -> bytes:
        """Encrypt."""
        return self._fernet.encrypt(body)

    def open(self, sealed: bytes) -> bytes | None:
        """Decrypt; ``None`` when it was sealed with another token (the bot got a new one)."""
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken:
            return None


@dataclass(frozen=True)
class StoredUpdate:
    """One update as it came. ``body`` is ``None`` when it cannot be opened any more."""

    update_id: int
    telegram_id: int | None
    body: bytes | None
    received_at: datetime
    attempts: int


class Inbox:
    """Reads and changes the inbox."""

    def __init__(self, connection: AsyncConnection, now: datetime, seal: UpdateCipher) -> None:
        self._connection = connection
        self._now = now
        self._seal = seal

    async def add(self, update: StoredUpdate) -> bool:
        """Store an update; false when it is here already."""
        added = await self._connection.execute(
            insert(inbox)
            .values(
                update_id=update.update_id,
                telegram_id=update.telegram_id,
                body=self._seal.close(update.body or b""),
                received_at=update.received_at,
                attempts=update.attempts,
            )
            .on_conflict_do_nothing()
        )
        return added.rowcount == 1

    async def open(self) -> tuple[StoredUpdate, ...]:
        """What is not handled yet, in order."""
        rows = await self._connection.execute(
            select(inbox).where(inbox.c.handled_at.is_(None)).order_by(inbox.c.update_id)
        )
        return tuple(
            StoredUpdate(row.update_id, row.telegram_id, self._seal.open(row.body), row.received_at, row.attempts)
            for row in rows
        )

    async def next_offset(self, since: datetime) -> int | None:
        """The offset after all updates received after ``since`` (the highest id plus one); ``None`` without any."""
        highest: int | None = await self._connection.scalar(
            select(inbox.c.update_id).where(inbox.c.received_at > since).order_by(inbox.c.update_id.desc()).limit(1)
        )
        return None if highest is None else highest + 1

    async def begin(self, update_id: int) -> int:
        """Count an attempt to handle; answers how many there have been with this one."""
        attempts: int | None = await self._connection.scalar(
            update(inbox)
            .where(inbox.c.update_id == update_id)
            .values(attempts=inbox.c.attempts + 1)
            .returning(inbox.c.attempts)
        )
        return attempts or 0

    async def not_tried(self, update_ids: Collection[int]) -> None:
        """Take back the last attempt at each of these that is not handled yet: it ended for another reason."""
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.update_id.in_(update_ids), inbox.c.handled_at.is_(None), inbox.c.attempts > 0)
            .values(attempts=inbox.c.attempts - 1)
        )

    async def handled(self, update_id: int) -> None:
        """Empty the row; only its number stays."""
        await self._connection.execute(
            update(inbox)
            .where(inbox.c.update_id == update_id, inbox.c.handled_at.is_(None))
            .values(body=None, handled_at=self._now)
        )

    async def forget_old(self) -> None:
        """Drop the numbers of updates that Telegram cannot send again."""
        await self._connection.execute(delete(inbox).where(inbox.c.handled_at < self._now - _KEPT))
