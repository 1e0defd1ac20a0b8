"""Devices: a name its owner gave, unique per owner."""

from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NameTaken
from bot.model.certificates.certificates import DeviceKind, State
from bot.model.certificates.names import DeviceName
from bot.model.public_id import new_public_id
from bot.store.tables.core import certificate, device

_TAKEN = (State.ISSUING, State.ACTIVE, State.REVOKING, State.RESTORING)


class Devices:
    """Reads and changes devices."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def found_or_made(self, owner_id: int, name: DeviceName, kind: DeviceKind | None) -> int:
        """The row of a person's device of that name, made when it is new; ``kind`` where it is told."""
        found = await self._row(owner_id, name)
        if found is not None:
            if kind is not None:
                await self._connection.execute(update(device).where(device.c.id == found).values(kind=kind))
            return found
        added = await self._connection.execute(
            insert(device).values(
                public_id=new_public_id(),
                owner_id=owner_id,
                name=name.shown,
                name_key=name.key,
                kind=kind or DeviceKind.OTHER,
                created_at=self._now,
            )
        )
        return int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0

    async def taken_names(self, owner_id: int) -> frozenset[str]:
        """The compared forms of the names of a person's devices that have a certificate in use or on its way."""
        rows = await self._connection.execute(
            select(device.c.name_key)
            .join(certificate, certificate.c.device_id == device.c.id)
            .where(device.c.owner_id == owner_id, certificate.c.state.in_(_TAKEN))
        )
        return frozenset(row.name_key for row in rows)

    async def refuse_taken(self, owner_id: int, name: DeviceName) -> None:
        """Return when a person's device of that name, if there is one, has no certificate in use or on its way.

        Raises:
            NameTaken: it has.
        """
        found = await self._row(owner_id, name)
        if found is not None:
            await self.refuse_second(found, name.shown)

    async def refuse_second(self, device_id: int, name: str, besides: int = 0) -> None:
        """Return when a device has no certificate in use or on its way besides the one of that row.

        Raises:
            NameTaken: it has.
        """
        taken = (
            await self._connection.execute(
                select(certificate.c.public_id, certificate.c.state)
                .where(
                    certificate.c.device_id == device_id,
                    certificate.c.id != besides,
                    certificate.c.state.in_(_TAKEN),
                )
                .order_by(certificate.c.id.desc())
            )
        ).first()
        if taken is not None:
            raise NameTaken(name, taken.public_id, going=taken.state == State.REVOKING)

    async def _row(self, owner_id: int, name: DeviceName) -> int | None:
        found: int | None = await self._connection.scalar(
            select(device.c.id).where(device.c.owner_id == owner_id, device.c.name_key == name.key)
        )
        return found
