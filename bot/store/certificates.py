"""Devices and their certificates. Every change of state is a compare-and-set and writes one audit event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Gone, NameTaken, Unknown
from bot.model.audit import SYSTEM, Tag
from bot.model.certificates import (
    COUNTED,
    MOVES,
    Certificate,
    Device,
    DeviceKind,
    KeyType,
    Origin,
    Purpose,
    RevokeReason,
    State,
    subject_name,
)
from bot.model.chat import MessageRef
from bot.model.identity import PublicId, new_public_id
from bot.model.names import DeviceName
from bot.model.people import Person
from bot.store.audit import AuditTrail
from bot.store.tables import certificate, device, person

_TAKEN = (State.ISSUING, State.ACTIVE, State.REVOKING, State.RESTORING)


class Certificates:
    """Reads and changes devices and certificates."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of(self, public_id: str) -> Certificate:
        """The certificate of that public id.

        Raises:
            Unknown: there is none.
        """
        return await self._one(certificate.c.public_id == public_id)

    async def of_owner(self, owner_id: int) -> tuple[Certificate, ...]:
        """The newest certificate of each of a person's devices, newest first."""
        return await self._many(_newest_of_devices().where(device.c.owner_id == owner_id))

    async def named(self, owner_id: int, name_key: str) -> Certificate:
        """The newest certificate of a person's device of that name.

        Raises:
            Unknown: no such device, or it never had a certificate.
        """
        found = await self._many(
            _newest_of_devices().where(device.c.owner_id == owner_id, device.c.name_key == name_key)
        )
        if not found:
            raise Unknown
        return found[0]

    async def in_state(self, *states: State) -> tuple[Certificate, ...]:
        """All certificates in one of these states, oldest first."""
        return await self._many(_selected().where(certificate.c.state.in_(states)).order_by(certificate.c.id))

    async def revoked_of(self, cloudflare_ids: Collection[str]) -> tuple[Certificate, ...]:
        """Those certificates, named as Cloudflare names them, that are revoked here."""
        return await self._many(
            _selected().where(certificate.c.state == State.REVOKED, certificate.c.cloudflare_id.in_(cloudflare_ids))
        )

    async def past_expiry(self) -> tuple[Certificate, ...]:
        """Active certificates whose own end has come."""
        return await self._many(
            _selected().where(certificate.c.state == State.ACTIVE, certificate.c.expires_at <= self._now)
        )

    async def failed_since(self, since: datetime) -> tuple[Certificate, ...]:
        """Certificates that failed after ``since`` although a key had been made for them."""
        return await self._many(
            _selected().where(
                certificate.c.state == State.FAILED,
                certificate.c.failed_at >= since,
                certificate.c.public_key_sha256.is_not(None),
            )
        )

    async def page(self, owner_id: int | None, number: int, size: int) -> tuple[tuple[Certificate, ...], int]:
        """One page (from 0) of the devices of one person or (``None``) of everybody, and how many there are."""
        rows = _newest_of_devices().where(certificate.c.purpose == Purpose.DEVICE)
        if owner_id is not None:
            rows = rows.where(device.c.owner_id == owner_id)
        total = await self._connection.scalar(select(func.count()).select_from(rows.subquery())) or 0
        return await self._many(rows.limit(size).offset(number * size)), total

    async def count_held(self, owner_id: int) -> int:
        """How many certificates count against a person's limit."""
        return (
            await self._connection.scalar(
                select(func.count())
                .select_from(certificate.join(device))
                .where(
                    device.c.owner_id == owner_id,
                    certificate.c.purpose == Purpose.DEVICE,
                    certificate.c.state.in_(COUNTED),
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
        again_until: datetime | None = None,
        actor: str | None = None,
    ) -> Certificate:
        """Write down a certificate to be made for a person's device; makes the device when it is new.

        Raises:
            NameTaken: the device has a certificate in use or on its way.
        """
        device_id = await self._device(owner.id, name)
        await self._refuse_second(device_id, name.shown)
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
            Tag.CERTIFICATE_ORDERED,
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
        tag: Tag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Certificate:
        """Move a certificate from the state ``which`` shows to another one.

        Raises:
            Gone: the certificate is in another state by now.
        """
        if to not in MOVES[which.state]:
            raise Gone
        changed = await self._connection.execute(
            update(certificate)
            .where(certificate.c.id == which.id, certificate.c.state == which.state)
            .values(state=to, **facts)
        )
        if changed.rowcount != 1:
            raise Gone
        await self._audit.write(tag, actor=actor, subject=which.public_id, detail=detail)
        return await self.of(which.public_id)

    async def note(
        self,
        which: Certificate,
        *,
        tag: Tag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Certificate:
        """Write a fact beside the state, with its audit event.

        Raises:
            Gone: the certificate is in another state by now.
        """
        changed = await self._connection.execute(
            update(certificate).where(certificate.c.id == which.id, certificate.c.state == which.state).values(**facts)
        )
        if changed.rowcount != 1:
            raise Gone
        await self._audit.write(tag, actor=actor, subject=which.public_id, detail=detail)
        return await self.of(which.public_id)

    async def place(self, which: Certificate, **columns: int | None) -> Certificate:
        """Remember where the chat shows a certificate (``chat_id``, ``message_id``, ``password_message_id``).

        No change of anybody's rights, so no audit event.
        """
        await self._connection.execute(update(certificate).where(certificate.c.id == which.id).values(**columns))
        return await self.of(which.public_id)

    async def _device(self, owner_id: int, name: DeviceName) -> int:
        found: int | None = await self._connection.scalar(
            select(device.c.id).where(device.c.owner_id == owner_id, device.c.name_key == name.key)
        )
        if found is not None:
            return found
        added = await self._connection.execute(
            insert(device).values(
                public_id=new_public_id(),
                owner_id=owner_id,
                name=name.shown,
                name_key=name.key,
                kind=DeviceKind.OTHER,
                created_at=self._now,
            )
        )
        return int(added.inserted_primary_key[0]) if added.inserted_primary_key else 0

    async def refuse_second(self, which: Certificate) -> None:
        """Return when the device of ``which`` has no other certificate in use or on its way.

        Raises:
            NameTaken: it has.
        """
        await self._refuse_second(which.device.id, which.device.name, besides=which.id)

    async def spend_permission(self, which: Certificate) -> None:
        """The permission to make this one again is used."""
        await self._connection.execute(update(certificate).where(certificate.c.id == which.id).values(again_until=None))

    async def withdraw_permissions(self, owner_id: int) -> None:
        """Nobody makes a certificate of this owner again without a new yes."""
        devices = select(device.c.id).where(device.c.owner_id == owner_id)
        await self._connection.execute(
            update(certificate).where(certificate.c.device_id.in_(devices)).values(again_until=None)
        )

    async def _refuse_second(self, device_id: int, name: str, besides: int = 0) -> None:
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

    async def _one(self, condition: ColumnElement[bool]) -> Certificate:
        found = await self._many(_selected().where(condition))
        if not found:
            raise Unknown
        return found[0]

    async def _many(self, rows: Select[Any]) -> tuple[Certificate, ...]:
        return tuple(_certificate(row) for row in await self._connection.execute(rows))


def actor_of(who: Person) -> str:
    """How the record names a person."""
    return f"person:{who.public_id}"


def _selected() -> Select[Any]:
    return select(
        certificate,
        device.c.public_id.label("device_public_id"),
        device.c.owner_id,
        device.c.name.label("device_name"),
        device.c.kind.label("device_kind"),
        person.c.telegram_id.label("owner_telegram_id"),
        person.c.name.label("owner_name"),
    ).select_from(certificate.join(device).join(person, device.c.owner_id == person.c.id))


def _newest_of_devices() -> Select[Any]:
    later = certificate.alias("later")
    is_newest = (
        ~select(later.c.id).where(later.c.device_id == certificate.c.device_id, later.c.id > certificate.c.id).exists()
    )
    return _selected().where(is_newest).order_by(certificate.c.id.desc())


def _ref(chat_id: int | None, message_id: int | None) -> MessageRef | None:
    return MessageRef(chat_id, message_id) if chat_id is not None and message_id is not None else None


def _certificate(row: Row[Any]) -> Certificate:
    return Certificate(
        id=row.id,
        public_id=PublicId(row.public_id),
        device=Device(
            id=row.device_id,
            public_id=PublicId(row.device_public_id),
            owner_id=row.owner_id,
            owner_telegram_id=row.owner_telegram_id,
            owner_name=row.owner_name,
            name=row.device_name,
            kind=DeviceKind(row.device_kind),
        ),
        state=State(row.state),
        purpose=Purpose(row.purpose),
        origin=Origin(row.origin),
        replaces=row.replaces_id,
        key_type=KeyType(row.key_type),
        asked_days=row.asked_days,
        common_name=row.common_name,
        public_key_sha256=row.public_key_sha256,
        cloudflare_id=row.cloudflare_id,
        serial=row.serial,
        fingerprint_sha256=row.fingerprint_sha256,
        issued_at=row.issued_at,
        expires_at=row.expires_at,
        created_at=row.created_at,
        shown_at=_ref(row.chat_id, row.message_id),
        password_at=_ref(row.chat_id, row.password_message_id),
        sent_at=row.sent_at,
        password_shown_at=row.password_shown_at,
        works_at=row.works_at,
        cleaned_at=row.cleaned_at,
        lost_at=row.lost_at,
        delivery_unknown_at=row.delivery_unknown_at,
        revoke_reason=RevokeReason(row.revoke_reason) if row.revoke_reason else None,
        revoke_asked_at=row.revoke_asked_at,
        revoked_by=row.revoked_by,
        confirmed_revoked_at=row.confirmed_revoked_at,
        never_restore=row.never_restore,
        again_until=row.again_until,
    )
