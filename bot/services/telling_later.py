"""Having somebody told: a notice is stored with the change it tells of, and sent by the worker."""

from bot.model.certificates import Certificate
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.notices import CertificateNotice
from bot.store.database import Transaction


async def tell_later(
    tx: Transaction,
    notice: type[CertificateNotice],
    certificate: Certificate,
    to: int,
    at: MessageRef | None = None,
    **more: str | int | None,
) -> None:
    """Have the account ``to`` told about a certificate, in place of the message ``at`` where there is one.

    The notice is built from the row as it is when it is sent.
    """
    where = {} if at is None else {"chat_id": at.chat_id, "message_id": at.message_id}
    payload = {"notice": notice.__name__, "certificate": certificate.public_id, **where, **more}
    await tx.chores.add(ChoreKind.NOTICE, str(to), payload=payload)


async def tell_admins(
    tx: Transaction, notice: type[CertificateNotice], certificate: Certificate, *, right: str | None = None
) -> None:
    """Have all admins told about a certificate."""
    for admin in await tx.people.admins():
        await tell_later(tx, notice, certificate, admin.telegram_id, right=right)


async def tell_owner(tx: Transaction, certificate: Certificate, notice: type[CertificateNotice], **more: str) -> None:
    """Have the owner of a certificate told."""
    await tell_later(tx, notice, certificate, certificate.device.owner_telegram_id, None, **more)
