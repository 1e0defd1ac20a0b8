"""What an admin asked for and was warned of: it is done by a second tap, within a while, by the same person."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StaleAction
from bot.model.public_id import new_public_id
from bot.store.tables.edge import second_tap

SECOND_TAP_WITHIN = timedelta(minutes=10)


class Confirmation(StrEnum):
    """What waits."""

    PROTECT = "protect"
    UNPROTECT = "unprotect"
    TAKE_OVER = "take-over"


class Confirmations:
    """Keeps what waits for a second tap. No change of state yet, so no audit event."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def wait(self, person_id: int, what: Confirmation, payload: dict[str, Any]) -> str:
        """Keep what was asked; answers the public id that the button carries."""
        await self._connection.execute(delete(second_tap).where(second_tap.c.expires_at <= self._now))
        public_id = new_public_id()
        await self._connection.execute(
            insert(second_tap).values(
                public_id=public_id,
                person_id=person_id,
                what=what,
                payload=payload,
                expires_at=self._now + SECOND_TAP_WITHIN,
            )
        )
        return public_id

    async def take(self, person_id: int, what: Confirmation, public_id: str) -> dict[str, Any]:
        """The second tap came: answers what was asked, once.

        Raises:
            Gone: nothing of that kind waits for this person under that id, or not any more.
        """
        waiting = (
            second_tap.c.public_id == public_id,
            second_tap.c.person_id == person_id,
            second_tap.c.what == what,
            second_tap.c.expires_at > self._now,
        )
        payload: dict[str, Any] | None = await self._connection.scalar(select(second_tap.c.payload).where(*waiting))
        if payload is None:
            raise StaleAction
        await self._connection.execute(delete(second_tap).where(second_tap.c.public_id == public_id))
        return payload
