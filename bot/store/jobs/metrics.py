"""How old what waits is, and how many certificates there are: numbers for whoever watches over the bot."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables.core import certificate, chore, inbox


class MetricsQueries:
    """Counts; never a name or an id."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def oldest_due_chore(self) -> datetime | None:
        """Since when the chore that waits longest is due; ``None`` when none is."""
        moment: datetime | None = await self._connection.scalar(
            select(func.min(chore.c.due_at)).where(chore.c.due_at <= self._now)
        )
        return moment

    async def oldest_unhandled_update(self) -> datetime | None:
        """When the update that waits longest came; ``None`` when none waits."""
        moment: datetime | None = await self._connection.scalar(
            select(func.min(inbox.c.received_at)).where(inbox.c.handled_at.is_(None))
        )
        return moment

    async def certificates(self) -> dict[tuple[str, str], int]:
        """How many certificates there are, by purpose and state."""
        rows = await self._connection.execute(
            select(certificate.c.purpose, certificate.c.state, func.count()).group_by(
                certificate.c.purpose, certificate.c.state
            )
        )
        return {(purpose, state): number for purpose, state, number in rows}
