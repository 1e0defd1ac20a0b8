"""Carrying out an undo: Cloudflare is asked to take the certificate back."""

from datetime import timedelta

from bot.errors import Busy, MissingRight, RefusedByEdge, RetryAt, Unclear
from bot.model.audit import AuditTag
from bot.model.certificates.at_cloudflare import EdgeStatus
from bot.model.certificates.certificates import Certificate, State
from bot.model.jobs import Job, JobKind
from bot.model.notices import Restored, RestoreRefused, Restoring
from bot.services.context import REISSUE_WINDOW, AppContext
from bot.services.desired_rule import order_write_if_locked
from bot.services.notifications.enqueue import enqueue_certificate_notice
from bot.services.notifications.message_payload import payload_message
from bot.services.notifications.show import tell

_LOOK_AGAIN = timedelta(seconds=2)
_MAX_LOOKS = 30


async def restore(app: AppContext, job: Job) -> None:
    """Bring a restoring certificate to ``active``; when Cloudflare refuses, back on the way to ``revoked``."""
    async with app.store.read() as tx:
        certificate = await tx.certificates.of(job.subject)
    if certificate.state is not State.RESTORING:
        return
    now = app.clock.now()
    try:
        status = await _ask(app, job, certificate)
    except Busy as busy:
        at = now + timedelta(seconds=busy.retry_after)
        await _say(app, job, certificate, Restoring(certificate, retry_at=at))
        raise RetryAt(at) from None
    except Unclear:
        if job.attempts < _MAX_LOOKS:
            raise RetryAt(now + _LOOK_AGAIN) from None
        await _refused(app, job, certificate)
        return
    except (RefusedByEdge, MissingRight):
        await _refused(app, job, certificate)
        return
    if status is EdgeStatus.ACTIVE:
        await _restored(app, job, certificate)
    elif job.attempts < _MAX_LOOKS:
        raise RetryAt(now + _LOOK_AGAIN, {**job.payload, "asked": True})
    else:
        await _refused(app, job, certificate)


async def _ask(app: AppContext, job: Job, certificate: Certificate) -> EdgeStatus:
    told = (await app.edge.status(certificate.cloudflare_id or "")).status
    if "asked" in job.payload or told is EdgeStatus.ACTIVE:
        # Active although it was to be revoked: the order to revoke had never arrived.
        return told
    return await app.edge.reactivate(certificate.cloudflare_id or "")


async def _restored(app: AppContext, job: Job, certificate: Certificate) -> None:
    async with app.store.write() as tx:
        active = await tx.certificates.move(
            certificate,
            State.ACTIVE,
            tag=AuditTag.CERTIFICATE_RESTORED,
            revoke_reason=None,
            revoke_asked_at=None,
            revoked_by=None,
            confirmed_revoked_at=None,
        )
        await tx.blocks.let_go(certificate.fingerprint_sha256)
        if certificate.confirmed_revoked_at is not None:
            await tx.zones.shift_used(app.policy.zone, 1)
        if await order_write_if_locked(tx) and certificate.blocked_at is not None:
            # Let in only once the rule does so too: whoever writes it says it.
            return
        to = certificate.device.owner_telegram_id
        await enqueue_certificate_notice(tx, Restored, active, to, payload_message(job.payload))


async def _refused(app: AppContext, job: Job, certificate: Certificate) -> None:
    async with app.store.write() as tx:
        refused = await tx.certificates.move(
            certificate,
            State.REVOKING,
            tag=AuditTag.CERTIFICATE_RESTORE_REFUSED,
            never_restore=True,
            again_until=certificate.again_until or tx.now + REISSUE_WINDOW,
        )
        # Nobody may be left in between: it is revoked once more, and watched until Cloudflare says so.
        await tx.jobs.add(JobKind.REVOKE, certificate.public_id, payload={"quiet": True})
        to = certificate.device.owner_telegram_id
        await enqueue_certificate_notice(tx, RestoreRefused, refused, to, payload_message(job.payload))


async def _say(app: AppContext, job: Job, certificate: Certificate, what: Restoring) -> None:
    await tell(app, what, certificate.device.owner_telegram_id, payload_message(job.payload))
