"""Having somebody told: a notice is stored with the change it tells of, and sent by the worker."""

from bot.model.certificates import Certificate
from bot.model.chores import ChoreKind
from bot.model.notices import CertificateNotice
from bot.store.database import Transaction


async def tell_admins(tx: Transaction, notice: type[CertificateNotice], certificate: Certificate) -> None:
    """Have all admins told about a certificate."""
    payload = {"notice": notice.__name__, "certificate": certificate.public_id}
    for admin in await tx.people.admins():
        await tx.chores.add(ChoreKind.NOTICE, str(admin.telegram_id), payload=payload)


async def tell_owner(tx: Transaction, certificate: Certificate, notice: type[CertificateNotice], **more: str) -> None:
    """Have the owner of a certificate told. The notice is built from the row as it is when it is sent."""
    await tx.chores.add(
        ChoreKind.NOTICE,
        str(certificate.device.owner_telegram_id),
        payload={"notice": notice.__name__, "certificate": certificate.public_id, **more},
    )
