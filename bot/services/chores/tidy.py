"""Tidying chats: files and passwords whose time is up, messages to delete."""

from datetime import datetime, timedelta

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, RetryAt, Unreachable
from bot.model.audit import Tag
from bot.model.certificates import Certificate, Origin, RevokeReason, State
from bot.model.chores import DUE, Chore
from bot.model.notices import NeverOpened, NotMade, Tidied
from bot.services.chores.telling import MOST_ATTEMPTS, pause
from bot.services.handover import clear_chat
from bot.services.parts import Parts
from bot.services.removal import message_of
from bot.services.revoking import take_back
from bot.services.right_time import has_come
from bot.services.telling_later import tell_owner
from bot.store.database import Transaction

_CLOCK_AGAIN = timedelta(minutes=5)


async def expire(parts: Parts, chore: Chore) -> None:
    """The file's time in the chat is up; or the time to send a request file is. Never early by a wrong clock: what is
    taken back here is not given again. Where Cloudflare does not tell the time, ours counts.
    """
    due = datetime.fromisoformat(chore.payload[DUE]) if DUE in chore.payload else chore.due_at
    if not await has_come(parts, due, unasked=True):
        raise RetryAt(parts.clock.now() + _CLOCK_AGAIN, {**chore.payload, DUE: due.isoformat()})
    async with parts.store.write() as tx:
        certificate = await tx.certificates.of(chore.subject)
        if certificate.state is State.ISSUING:
            await tx.certificates.move(
                certificate, State.FAILED, tag=Tag.CERTIFICATE_FAILED, detail={"why": "no-request"}, failed_at=tx.now
            )
            await tell_owner(tx, certificate, NotMade, why="NoRequest")
            return
        if certificate.state is not State.ACTIVE or certificate.cleaned_at is not None:
            return
        never_opened = certificate.origin is Origin.MADE_HERE and certificate.password_shown_at is None
        if never_opened:
            unknown = certificate.delivery_unknown_at is not None
            reason = RevokeReason.DELIVERY_UNKNOWN if unknown else RevokeReason.NEVER_OPENED
            await take_back(tx, certificate, reason, NeverOpened)
        else:
            await _tidy(tx, certificate)
    parts.vault.drop(certificate.public_id)


async def delete(parts: Parts, chore: Chore) -> None:
    """Delete the message that the subject names."""
    try:
        await parts.courier.remove(message_of(chore.subject))
    except (ChatBusy, DeliveryUnknown) as trouble:
        if chore.attempts < MOST_ATTEMPTS:
            raise RetryAt(parts.clock.now() + pause(chore, trouble)) from None
    except (Unreachable, CannotShow):
        return


async def _tidy(tx: Transaction, certificate: Certificate) -> None:
    await tx.certificates.note(certificate, tag=Tag.CERTIFICATE_CLEANED, cleaned_at=tx.now)
    await clear_chat(tx, certificate)
    await tell_owner(tx, certificate, Tidied)
