"""Reminders of certificates that end, and which certificate a device has beside another one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.certificates.certificates import COUNTED, Certificate, Purpose, State
from bot.model.people.people import Role, Standing
from bot.store.certificates.rows import read_certificate_row, selected
from bot.store.tables.core import certificate, device, person
from bot.store.tables.edge import digest, reminder


@dataclass(frozen=True)
class DueReminder:
    """A certificate that ends. ``stage`` is the last one told, ``not_before`` when its owner wants to hear again."""

    certificate: Certificate
    time_zone: str | None
    stage: int | None
    not_before: datetime | None


class Renewals:
    """Reads certificates that end, and remembers what their owners have been told."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def due(self, since: datetime, until: datetime) -> tuple[DueReminder, ...]:
        """Devices' certificates in use, or ended by their own date, whose end lies in that time, that are the newest
        of their devices, and whose owners belong here.
        """
        later = certificate.alias("later")
        newer = select(later.c.id).where(
            later.c.device_id == certificate.c.device_id, later.c.id > certificate.c.id, later.c.state.in_(COUNTED)
        )
        rows = await self._connection.execute(
            selected()
            .add_columns(person.c.time_zone.label("owner_time_zone"), reminder.c.stage, reminder.c.not_before)
            .outerjoin(reminder, reminder.c.certificate_id == certificate.c.id)
            .where(
                certificate.c.state.in_((State.ACTIVE, State.EXPIRED)),
                certificate.c.purpose == Purpose.DEVICE,
                certificate.c.expires_at > since,
                certificate.c.expires_at <= until,
                person.c.standing == Standing.OK,
                person.c.role.in_((Role.ADMIN, Role.MEMBER)),
                ~newer.exists(),
            )
            .order_by(certificate.c.expires_at)
        )
        return tuple(
            DueReminder(read_certificate_row(row), row.owner_time_zone, row.stage, row.not_before) for row in rows
        )

    async def told(self, which: Certificate, stage: int) -> None:
        """Remember that the owner was told at this stage."""
        await self._keep(which, stage=stage, not_before=None)

    async def wait(self, which: Certificate, until: datetime) -> None:
        """Remember when the owner wants to hear again."""
        await self._keep(which, not_before=until)

    async def beside(self, *which: Certificate) -> tuple[Certificate, ...]:
        """The other certificates of the same devices that are in use or on their way."""
        rows = await self._connection.execute(
            selected()
            .where(
                device.c.id.in_([one.device.id for one in which]),
                certificate.c.id.not_in([one.id for one in which]),
                certificate.c.state.in_(COUNTED),
            )
            .order_by(certificate.c.id)
        )
        return tuple(read_certificate_row(row) for row in rows)

    async def replaced_by(self, which: Certificate) -> tuple[Certificate, ...]:
        """The certificate in use that ``which`` renews: one, or none."""
        return tuple(one for one in await self.beside(which) if one.id == which.replaces and one.state is State.ACTIVE)

    async def digest_sent_at(self, zone: str) -> datetime | None:
        """When admins last got the weekly digest."""
        found: datetime | None = await self._connection.scalar(select(digest.c.sent_at).where(digest.c.zone == zone))
        return found

    async def digest_sent(self, zone: str) -> None:
        """Remember that they get it now."""
        changed = await self._connection.execute(update(digest).where(digest.c.zone == zone).values(sent_at=self._now))
        if changed.rowcount == 0:
            await self._connection.execute(insert(digest).values(zone=zone, sent_at=self._now))

    async def _keep(self, which: Certificate, **values: object) -> None:
        changed = await self._connection.execute(
            update(reminder).where(reminder.c.certificate_id == which.id).values(**values)
        )
        if changed.rowcount == 0:
            await self._connection.execute(insert(reminder).values(certificate_id=which.id, **values))
