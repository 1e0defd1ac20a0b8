"""Having somebody told: a notice is stored with the change it tells of, and sent by the worker."""

from datetime import datetime

from bot.model.certificates.certificates import Certificate
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import CertificateNotice, Notice
from bot.store.engine.database import Transaction


async def enqueue_certificate_notice(
    tx: Transaction,
    notice: type[CertificateNotice],
    certificate: Certificate,
    to: int,
    at: MessageRef | None = None,
    *,
    due_at: datetime | None = None,
    **more: str | int | None,
) -> None:
    """Have the account ``to`` told about a certificate, in place of the message ``at`` where there is one; not before
    ``due_at``.

    The notice is built from the row as it is when it is sent.
    """
    where = {} if at is None else {"chat_id": at.chat_id, "message_id": at.message_id}
    payload = {"notice": notice.__name__, "certificate": certificate.public_id, **where, **more}
    await tx.jobs.add(JobKind.NOTICE, str(to), due_at=due_at, payload=payload)


async def enqueue_for_admins(
    tx: Transaction,
    notice: type[CertificateNotice],
    certificate: Certificate,
    *,
    right: str | None = None,
    besides: int | None = None,
    name: str = "",
) -> None:
    """Have all admins told about a certificate, besides the one of that row."""
    for admin in await tx.people.admins():
        if admin.id != besides:
            await enqueue_certificate_notice(tx, notice, certificate, admin.telegram_id, right=right, name=name)


async def enqueue_notice(
    tx: Transaction,
    notice: type[Notice],
    to: int,
    at: MessageRef | None = None,
    *,
    due_at: datetime | None = None,
    **payload: str | int | bool | None,
) -> None:
    """Have the account ``to`` told something, not before ``due_at``; ``payload`` holds what its reader needs, and
    never a secret.
    """
    where = {} if at is None else {"chat_id": at.chat_id, "message_id": at.message_id}
    payload = {"notice": notice.__name__, **where, **payload}
    await tx.jobs.add(JobKind.NOTICE, str(to), due_at=due_at, payload=payload)


async def enqueue_for_owner(
    tx: Transaction, certificate: Certificate, notice: type[CertificateNotice], **more: str | None
) -> None:
    """Have the owner of a certificate told."""
    await enqueue_certificate_notice(
        tx, notice, certificate, certificate.device.owner_telegram_id, None, due_at=None, **more
    )
