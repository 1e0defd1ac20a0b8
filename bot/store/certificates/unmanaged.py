"""Certificates that were not ordered here: which of Cloudflare's are unknown, and writing down whose one is."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import COUNTED, Certificate, KeyType, Origin, Purpose, State
from bot.model.certificates.names import DeviceName
from bot.model.people.people import Person
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.certificates.devices import Devices
from bot.store.certificates.rows import read_certificate_row, selected
from bot.store.tables.core import certificate


class Adoptions:
    """Compares Cloudflare's list with the rows, and takes in what is unknown."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail, devices: Devices) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit
        self._devices = devices

    async def known_ids(self, cloudflare_ids: Collection[str]) -> frozenset[str]:
        """Those of these ids that stand in any row, the bot's own among them."""
        rows = select(certificate.c.cloudflare_id).where(certificate.c.cloudflare_id.in_(cloudflare_ids))
        return frozenset(row.cloudflare_id for row in await self._connection.execute(rows))

    async def known_keys(self, public_keys: Collection[str]) -> frozenset[str]:
        """Those of these public keys (SHA-256) that a row was ever written for: such a certificate may be on its way,
        or was given up and is revoked as soon as it appears.
        """
        rows = select(certificate.c.public_key_sha256).where(certificate.c.public_key_sha256.in_(public_keys))
        return frozenset(row.public_key_sha256 for row in await self._connection.execute(rows))

    async def given_up(self, public_keys: Collection[str]) -> dict[str, PublicId]:
        """Those of these public keys whose order failed, and which order that was."""
        rows = select(certificate.c.public_key_sha256, certificate.c.public_id).where(
            certificate.c.public_key_sha256.in_(public_keys), certificate.c.state == State.FAILED
        )
        return {row.public_key_sha256: PublicId(row.public_id) for row in await self._connection.execute(rows)}

    async def of_cloudflare(self, cloudflare_id: str) -> Certificate:
        """The device's certificate of that id.

        Raises:
            Unknown: there is none.
        """
        found = await self._connection.execute(selected().where(certificate.c.cloudflare_id == cloudflare_id))
        row = found.first()
        if row is None:
            raise NotFound
        return read_certificate_row(row)

    async def missing(self, live: Collection[str], issued_before: datetime) -> tuple[Certificate, ...]:
        """Devices' certificates in use, issued before a moment, that are not among these ids of Cloudflare's."""
        found = selected().where(
            certificate.c.state == State.ACTIVE,
            certificate.c.purpose == Purpose.DEVICE,
            certificate.c.issued_at < issued_before,
            or_(certificate.c.cloudflare_id.is_(None), certificate.c.cloudflare_id.not_in(live)),
        )
        rows = await self._connection.execute(found.order_by(certificate.c.id))
        return tuple(read_certificate_row(row) for row in rows)

    async def expiring(self, before: datetime, most: int) -> tuple[tuple[Certificate, ...], int]:
        """The first ``most`` devices' certificates in use that end before a moment, soonest first, and how many do. One
        that is being renewed has a newer one beside it, and does not count.
        """
        later = certificate.alias("later")
        renewed = select(later.c.id).where(
            later.c.device_id == certificate.c.device_id, later.c.id > certificate.c.id, later.c.state.in_(COUNTED)
        )
        ending = (
            certificate.c.state == State.ACTIVE,
            certificate.c.purpose == Purpose.DEVICE,
            certificate.c.expires_at < before,
            ~renewed.exists(),
        )
        total = await self._connection.scalar(select(func.count()).select_from(certificate).where(*ending)) or 0
        found = selected().where(*ending).order_by(certificate.c.expires_at).limit(most)
        rows = await self._connection.execute(found)
        return tuple(read_certificate_row(row) for row in rows), total

    async def adopt(
        self,
        owner: Person,
        name: DeviceName,
        *,
        actor: str,
        key_type: KeyType,
        days: int,
        **facts: object,
    ) -> Certificate:
        """Write down a certificate as that person's, in use. ``facts`` are what it says of itself,
        ``days`` its whole life.

        Raises:
            NameTaken: the person has a device of that name with a certificate in use.
        """
        device_id = await self._devices.found_or_made(owner.id, name, None)
        await self._devices.refuse_second(device_id, name.shown)
        public_id = new_public_id()
        await self._connection.execute(
            insert(certificate).values(
                public_id=public_id,
                device_id=device_id,
                state=State.ACTIVE,
                purpose=Purpose.DEVICE,
                origin=Origin.ADOPTED,
                key_type=key_type,
                asked_days=days,
                created_at=self._now,
                # There is no file of it in any chat.
                cleaned_at=self._now,
                never_restore=False,
                **facts,
            )
        )
        await self._audit.write(
            AuditTag.CERTIFICATE_ADOPTED,
            actor=actor,
            subject=public_id,
            detail={"device": name.shown, "owner": owner.public_id},
        )
        found = (await self._connection.execute(selected().where(certificate.c.public_id == public_id))).one()
        return read_certificate_row(found)
