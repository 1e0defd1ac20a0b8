"""What is remembered of the zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.audit import SYSTEM, AuditTag
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import zone


@dataclass(frozen=True)
class ZoneFacts:
    """``needs_rsa``: Cloudflare refused an EC CSR here once. ``used_slots``: live certificates when last counted, of
    ``quota``.
    """

    name: str
    cloudflare_id: str | None
    needs_rsa: bool
    used_slots: int | None
    counted_at: datetime | None
    quota: int = 100

    @property
    def is_full(self) -> bool:
        """Whether no further certificate fits, as far as is known."""
        return self.used_slots is not None and self.used_slots >= self.quota


class Zones:
    """Reads and changes what is known of zones."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of_name(self, name: str) -> ZoneFacts:
        """What is known of a zone; nothing yet for one never seen."""
        row = (await self._connection.execute(select(zone).where(zone.c.name == name))).first()
        if row is None:
            return ZoneFacts(name, None, needs_rsa=False, used_slots=None, counted_at=None)
        return ZoneFacts(row.name, row.cloudflare_id, row.needs_rsa, row.used_slots, row.counted_at, row.quota)

    async def counted(self, name: str, used_slots: int, quota: int) -> None:
        """Remember how many certificate slots are in use, and how many there are."""
        await self._set(name, used_slots=used_slots, quota=quota, counted_at=self._now)

    async def shift_used(self, name: str, change: int) -> None:
        """Keep the count near the truth between two counts."""
        await self._connection.execute(
            update(zone).where(zone.c.name == name).values(used_slots=zone.c.used_slots + change)
        )

    async def needs_rsa(self, name: str) -> None:
        """Remember that Cloudflare takes no EC key here."""
        await self._set(name, needs_rsa=True)
        await self._audit.write(AuditTag.ZONE_NEEDS_RSA, actor=SYSTEM, subject=name)

    async def earlier_told(self, name: str) -> frozenset[str]:
        """What admins have been told of that runs before our rule, by keys of whoever told it."""
        stored = await self._connection.scalar(select(zone.c.earlier_told).where(zone.c.name == name))
        return frozenset(stored or ())

    async def keep_earlier_told(self, name: str, what: Collection[str]) -> None:
        """Admins have been told of this, and of nothing else."""
        await self._set(name, earlier_told=sorted(what))

    async def _set(self, name: str, **values: object) -> None:
        changed = await self._connection.execute(update(zone).where(zone.c.name == name).values(**values))
        if changed.rowcount == 0:
            await self._connection.execute(insert(zone).values(name=name, **{"needs_rsa": False, **values}))
