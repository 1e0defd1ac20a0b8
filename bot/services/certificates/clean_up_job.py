"""Tidying chats: files and passwords whose time is up, messages to delete."""

from datetime import datetime, timedelta

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, RetryAt, Unreachable
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.jobs import DUE, Job
from bot.model.notices import NeverOpened, NotMade, Tidied
from bot.services.certificates.revoke import revoke_unopened
from bot.services.clock_skew import has_passed_at_cloudflare
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_for_owner
from bot.services.notifications.message_removal import message_of, schedule_chat_clean_up
from bot.services.notifications.show import MAX_ATTEMPTS, pause
from bot.store.engine.database import Transaction

_CLOCK_AGAIN = timedelta(minutes=5)


async def expire(app: AppContext, job: Job) -> None:
    """The file's time in the chat is up; or the time to send a request file is. Never early by a wrong clock: what is
    taken back here is not given again. Where Cloudflare does not tell the time, ours counts.
    """
    due = datetime.fromisoformat(job.payload[DUE]) if DUE in job.payload else job.due_at
    if not await has_passed_at_cloudflare(app, due, unasked=True):
        raise RetryAt(app.clock.now() + _CLOCK_AGAIN, {**job.payload, DUE: due.isoformat()})
    async with app.store.write() as tx:
        certificate = await tx.certificates.of(job.subject)
        if certificate.state is State.ISSUING:
            await tx.certificates.move(
                certificate,
                State.FAILED,
                tag=AuditTag.CERTIFICATE_FAILED,
                detail={"why": "no-request"},
                failed_at=tx.now,
            )
            await enqueue_for_owner(tx, certificate, NotMade, why="NoRequest")
            return
        if certificate.state is not State.ACTIVE or certificate.cleaned_at is not None:
            return
        never_opened = certificate.origin is Origin.MADE_HERE and certificate.password_shown_at is None
        if never_opened:
            unknown = certificate.delivery_unknown_at is not None
            reason = RevokeReason.DELIVERY_UNKNOWN if unknown else RevokeReason.NEVER_OPENED
            await revoke_unopened(tx, certificate, reason, NeverOpened)
        else:
            await _tidy(tx, certificate)
    app.vault.drop(certificate.public_id)


async def delete(app: AppContext, job: Job) -> None:
    """Delete the message that the subject names."""
    try:
        await app.notifier.remove(message_of(job.subject))
    except (ChatBusy, DeliveryUnknown) as trouble:
        if job.attempts < MAX_ATTEMPTS:
            raise RetryAt(app.clock.now() + pause(job, trouble)) from None
    except (Unreachable, CannotShow):
        return


async def _tidy(tx: Transaction, certificate: Certificate) -> None:
    await tx.certificates.record(certificate, tag=AuditTag.CERTIFICATE_CLEANED, cleaned_at=tx.now)
    await schedule_chat_clean_up(tx, certificate)
    await enqueue_for_owner(tx, certificate, Tidied)
