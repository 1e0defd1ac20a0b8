"""Open paths."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.paths import OpenPath
from bot.store.audit import AuditTrail
from bot.store.tables import open_path


class OpenPaths:
    """Reads open paths."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def open_now(self) -> tuple[OpenPath, ...]:
        """Those that are open now, oldest first."""
        rows = await self._connection.execute(
            select(open_path)
            .where(open_path.c.closed_at.is_(None), open_path.c.closes_at > self._now)
            .order_by(open_path.c.id)
        )
        return tuple(
            OpenPath(
                id=row.id,
                public_id=row.public_id,
                host=row.host,
                path=row.path,
                query=row.query,
                method=row.method,
                networks=tuple(row.networks),
                reason=row.reason,
                lasting=row.lasting,
                opened_by=row.opened_by,
                opened_at=row.opened_at,
                closes_at=row.closes_at,
                closed_at=row.closed_at,
            )
            for row in rows
        )
