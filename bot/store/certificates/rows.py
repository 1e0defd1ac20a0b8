"""Reading certificates out of the tables."""

from typing import Any

from sqlalchemy import Row, Select, select

from bot.model.certificates.certificates import (
    Certificate,
    Device,
    DeviceKind,
    KeyType,
    Origin,
    Purpose,
    RevokeReason,
    State,
)
from bot.model.message_ref import MessageRef
from bot.model.public_id import PublicId
from bot.store.tables.core import certificate, device, person


def selected() -> Select[Any]:
    """Certificates with what is shown of their device and its owner."""
    return select(
        certificate,
        device.c.public_id.label("device_public_id"),
        device.c.owner_id,
        device.c.name.label("device_name"),
        device.c.kind.label("device_kind"),
        person.c.telegram_id.label("owner_telegram_id"),
        person.c.name.label("owner_name"),
    ).select_from(certificate.join(device).join(person, device.c.owner_id == person.c.id))


def newest_of_devices() -> Select[Any]:
    """The newest certificate of each device, newest first."""
    later = certificate.alias("later")
    is_newest = (
        ~select(later.c.id).where(later.c.device_id == certificate.c.device_id, later.c.id > certificate.c.id).exists()
    )
    return selected().where(is_newest).order_by(certificate.c.id.desc())


def _ref(chat_id: int | None, message_id: int | None) -> MessageRef | None:
    return MessageRef(chat_id, message_id) if chat_id is not None and message_id is not None else None


def read_certificate_row(row: Row[Any]) -> Certificate:
    """A row of ``selected`` as the model knows it."""
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
        blocked_at=row.blocked_at,
        block_seen_at=row.block_seen_at,
        outcome_to=row.outcome_chat_id,
        outcome_at=_ref(row.outcome_chat_id, row.outcome_message_id),
    )
