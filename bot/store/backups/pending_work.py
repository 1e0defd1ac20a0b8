"""What waits in a database: made void when it comes back from a backup."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.jobs import JobKind
from bot.store.tables.core import chore, inbox, prompt
from bot.store.tables.edge import second_tap


class PendingWork:
    """Chores, questions, second taps and updates. None of them is a state of its own, so no audit event: the restore
    has one.
    """

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def drop(self) -> int:
        """Forget all of it but messages to be removed, a password among them; answers how many chores that were."""
        chores = await self._connection.execute(delete(chore).where(chore.c.kind != JobKind.DELETE))
        for table in (prompt, second_tap):
            await self._connection.execute(delete(table))
        await self._connection.execute(
            update(inbox).where(inbox.c.handled_at.is_(None)).values(body=None, handled_at=self._now)
        )
        return chores.rowcount

    async def never_again(self, updates: Collection[tuple[int, datetime]]) -> None:
        """These updates were handled, although nobody here knows of it: Telegram may send them once more."""
        rows = [
            {"update_id": update_id, "received_at": received_at, "handled_at": self._now, "attempts": 0}
            for update_id, received_at in updates
        ]
        if rows:
            await self._connection.execute(insert(inbox).on_conflict_do_nothing(), rows)
