"""Devices and their certificates. Every change of state is a compare-and-set and writes one audit event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import (
    COUNTED,
    MOVES,
    Certificate,
    DeviceKind,
    KeyType,
    Origin,
    Purpose,
    State,
    subject_name,
)
from bot.model.certificates.names import DeviceName
from bot.model.message_ref import MessageRef
from bot.model.people.people import Person
from bot.model.public_id import new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.certificates.devices import Devices
from bot.store.certificates.rows import newest_of_devices, read_certificate_row, selected
from bot.store.tables.core import certificate, device, request

# Built once: building it, and finding what was compiled for it, took longer than SQLite does.
_OF_PUBLIC_ID = selected().where(certificate.c.public_id == bindparam("which"))
_OF_ROW = selected().where(certificate.c.id == bindparam("which"))


class Certificates:
    """Reads and changes devices and certificates."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail, devices: Devices) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit
        self._devices = devices

    async def of(self, public_id: str) -> Certificate:
        """The certificate of that public id.

        Raises:
            Unknown: there is none.
        """
        return await self._one(_OF_PUBLIC_ID, public_id)

    async def of_owner(self, owner_id: int) -> tuple[Certificate, ...]:
        """The newest certificate of each of a person's devices, newest first."""
        return await self._many(newest_of_devices().where(device.c.owner_id == owner_id))

    async def of_row(self, row: int) -> Certificate:
        """The certificate of that row.

        Raises:
            Unknown: there is none.
        """
        return await self._one(_OF_ROW, row)

    async def all_of(self, owner_id: int, since: datetime | None = None) -> tuple[Certificate, ...]:
        """Every certificate of a person's devices, those ordered since a moment where one is given, oldest first."""
        rows = selected().where(device.c.owner_id == owner_id, certificate.c.purpose == Purpose.DEVICE)
        if since is not None:
            rows = rows.where(certificate.c.created_at >= since)
        return await self._many(rows.order_by(certificate.c.id))

    async def in_state(self, *states: State) -> tuple[Certificate, ...]:
        """All certificates in one of these states, oldest first."""
        return await self._many(selected().where(certificate.c.state.in_(states)).order_by(certificate.c.id))

    async def revoked_of(self, cloudflare_ids: Collection[str]) -> tuple[Certificate, ...]:
        """Those certificates, named as Cloudflare names them, that are revoked here."""
        return await self._many(
            selected().where(certificate.c.state == State.REVOKED, certificate.c.cloudflare_id.in_(cloudflare_ids))
        )

    async def revoked_unconfirmed(self) -> tuple[Certificate, ...]:
        """Those that were found active again, and of which Cloudflare has not said since that they are revoked."""
        return await self._many(
            selected().where(certificate.c.state == State.REVOKED, certificate.c.confirmed_revoked_at.is_(None))
        )

    async def past_expiry(self) -> tuple[Certificate, ...]:
        """Active certificates whose own end has come."""
        return await self._many(
            selected().where(certificate.c.state == State.ACTIVE, certificate.c.expires_at <= self._now)
        )

    async def failed_since(self, since: datetime) -> tuple[Certificate, ...]:
        """Certificates that failed after ``since`` although a key had been made for them."""
        return await self._many(
            selected().where(
                certificate.c.state == State.FAILED,
                certificate.c.failed_at >= since,
                certificate.c.public_key_sha256.is_not(None),
            )
        )

    async def page(self, owner_id: int | None, number: int, size: int) -> tuple[tuple[Certificate, ...], int]:
        """One page (from 0) of the devices of one person or (``None``) of everybody, and how many there are."""
        rows = newest_of_devices().where(certificate.c.purpose == Purpose.DEVICE)
        if owner_id is not None:
            rows = rows.where(device.c.owner_id == owner_id)
        total = await self._connection.scalar(select(func.count()).select_from(rows.subquery())) or 0
        return await self._many(rows.limit(size).offset(number * size)), total

    async def anybody_gets_in(self) -> bool:
        """Whether a device of somebody's has a certificate that is said to work."""
        rows = select(certificate.c.id).where(
            certificate.c.state == State.ACTIVE,
            certificate.c.purpose == Purpose.DEVICE,
            certificate.c.works_at.is_not(None),
        )
        return await self._connection.scalar(rows.limit(1)) is not None

    async def count_held(self, owner_id: int) -> int:
        """How many devices count against a person's limit: one that is being renewed has two certificates."""
        return (
            await self._connection.scalar(
                select(func.count(certificate.c.device_id.distinct()))
                .select_from(certificate.join(device))
                .where(
                    device.c.owner_id == owner_id,
                    certificate.c.purpose == Purpose.DEVICE,
                    certificate.c.state.in_(COUNTED),
                )
            )
            or 0
        )

    async def count_without_yes(self, owner_id: int, since: datetime) -> int:
        """How many certificates were ordered for a person since a moment that no request stands behind."""
        return (
            await self._connection.scalar(
                select(func.count())
                .select_from(certificate.join(device))
                .where(
                    device.c.owner_id == owner_id,
                    certificate.c.purpose == Purpose.DEVICE,
                    certificate.c.created_at > since,
                    certificate.c.state != State.FAILED,
                    ~select(request.c.id).where(request.c.certificate_id == certificate.c.id).exists(),
                )
            )
            or 0
        )

    async def knows_key(self, public_key_sha256: str) -> bool:
        """Whether a certificate was ever ordered for that public key."""
        found = await self._connection.scalar(
            select(certificate.c.id).where(certificate.c.public_key_sha256 == public_key_sha256)
        )
        return found is not None

    async def order(
        self,
        owner: Person,
        name: DeviceName,
        *,
        key_type: KeyType,
        days: int,
        origin: Origin = Origin.MADE_HERE,
        shown_at: MessageRef | None = None,
        replaces: int | None = None,
        renews: bool = False,
        again_until: datetime | None = None,
        actor: str | None = None,
        kind: DeviceKind | None = None,
    ) -> Certificate:
        """Write down a certificate to be made for a person's device; makes the device when it is new. ``renews``: the
        one it replaces stays in use meanwhile.

        Raises:
            NameTaken: the device has a certificate in use or on its way.
        """
        device_id = await self._devices.found_or_made(owner.id, name, kind)
        await self._devices.refuse_second(device_id, name.shown, besides=(replaces or 0) if renews else 0)
        public_id = new_public_id()
        await self._connection.execute(
            insert(certificate).values(
                public_id=public_id,
                device_id=device_id,
                state=State.ISSUING,
                purpose=Purpose.DEVICE,
                origin=origin,
                replaces_id=replaces,
                key_type=key_type,
                asked_days=days,
                common_name=subject_name(name.shown),
                created_at=self._now,
                chat_id=shown_at.chat_id if shown_at else None,
                message_id=shown_at.message_id if shown_at else None,
                never_restore=False,
                again_until=again_until,
            )
        )
        await self._audit.write(
            AuditTag.CERTIFICATE_ORDERED,
            actor=actor or actor_of(owner),
            subject=public_id,
            detail={"device": name.shown, "days": days, "origin": origin.value},
        )
        return await self.of(public_id)

    async def move(
        self,
        which: Certificate,
        to: State,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Certificate:
        """Move a certificate from the state ``which`` shows to another one.

        Raises:
            Gone: the certificate is in another state by now.
        """
        if to not in MOVES[which.state]:
            raise StaleAction
        return await self._change(which, {"state": to, **facts}, tag, actor, detail)

    async def record(
        self,
        which: Certificate,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Certificate:
        """Write a fact beside the state, with its audit event.

        Raises:
            Gone: the certificate is in another state by now.
        """
        return await self._change(which, facts, tag, actor, detail)

    async def remember_message(self, which: Certificate, **columns: int | None) -> Certificate:
        """Remember where the chat shows a certificate (``chat_id``, ``message_id``, ``password_message_id``).

        No change of anybody's rights, so no audit event.
        """
        await self._connection.execute(update(certificate).where(certificate.c.id == which.id).values(**columns))
        return await self.of(which.public_id)

    async def _change(
        self, which: Certificate, values: dict[str, Any], tag: AuditTag, actor: str, detail: dict[str, Any] | None
    ) -> Certificate:
        changed = await self._connection.execute(
            update(certificate).where(certificate.c.id == which.id, certificate.c.state == which.state).values(**values)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=actor, subject=which.public_id, detail=detail)
        return await self.of(which.public_id)

    async def refuse_second(self, which: Certificate) -> None:
        """Return when the device of ``which`` has no other certificate in use or on its way.

        Raises:
            NameTaken: it has.
        """
        await self._devices.refuse_second(which.device.id, which.device.name, besides=which.id)

    async def spend_permission(self, which: Certificate) -> None:
        """The permission to make this one again is used."""
        await self._connection.execute(update(certificate).where(certificate.c.id == which.id).values(again_until=None))

    async def withdraw_permissions(self, owner_id: int) -> None:
        """Nobody makes a certificate of this owner again without a new yes."""
        devices = select(device.c.id).where(device.c.owner_id == owner_id)
        await self._connection.execute(
            update(certificate).where(certificate.c.device_id.in_(devices)).values(again_until=None)
        )

    async def _one(self, rows: Select[Any], which: str | int) -> Certificate:
        row = (await self._connection.execute(rows, {"which": which})).one_or_none()
        if row is None:
            raise NotFound
        return read_certificate_row(row)

    async def _many(self, rows: Select[Any]) -> tuple[Certificate, ...]:
        return tuple(read_certificate_row(row) for row in await self._connection.execute(rows))


def actor_of(who: Person) -> str:
    """How the record names a person."""
    return f"person:{who.public_id}"
