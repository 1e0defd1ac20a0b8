"""Carrying out an undo: Cloudflare is asked to take the certificate back."""

from datetime import timedelta

from bot.edge.gateway import EdgeStatus
from bot.errors import Busy, MissingRight, RefusedByEdge, RetryAt, Unclear
from bot.model.audit import Tag
from bot.model.certificates import Certificate, State
from bot.model.chores import Chore, ChoreKind
from bot.model.notices import Restored, RestoreRefused, Restoring
from bot.services.chores.telling import tell
from bot.services.parts import AGAIN, Parts
from bot.services.revoking import payload_message
from bot.services.ruling import follow
from bot.services.telling_later import tell_later

_LOOK_AGAIN = timedelta(seconds=2)
_MOST_LOOKS = 30


async def restore(parts: Parts, chore: Chore) -> None:
    """Bring a restoring certificate to ``active``; when Cloudflare refuses, back on the way to ``revoked``."""
    async with parts.store.read() as tx:
        certificate = await tx.certificates.of(chore.subject)
    if certificate.state is not State.RESTORING:
        return
    now = parts.clock.now()
    try:
        status = await _ask(parts, chore, certificate)
    except Busy as busy:
        at = now + timedelta(seconds=busy.retry_after)
        await _say(parts, chore, certificate, Restoring(certificate, retry_at=at))
        raise RetryAt(at) from None
    except Unclear:
        if chore.attempts < _MOST_LOOKS:
            raise RetryAt(now + _LOOK_AGAIN) from None
        await _refused(parts, chore, certificate)
        return
    except (RefusedByEdge, MissingRight):
        await _refused(parts, chore, certificate)
        return
    if status is EdgeStatus.ACTIVE:
        await _restored(parts, chore, certificate)
    elif chore.attempts < _MOST_LOOKS:
        raise RetryAt(now + _LOOK_AGAIN, {**chore.payload, "asked": True})
    else:
        await _refused(parts, chore, certificate)


async def _ask(parts: Parts, chore: Chore, certificate: Certificate) -> EdgeStatus:
    told = (await parts.edge.status(certificate.cloudflare_id or "")).status
    if "asked" in chore.payload or told is EdgeStatus.ACTIVE:
        # Active although it was to be revoked: the order to revoke had never arrived.
        return told
    return await parts.edge.reactivate(certificate.cloudflare_id or "")


async def _restored(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    async with parts.store.write() as tx:
        active = await tx.certificates.move(
            certificate,
            State.ACTIVE,
            tag=Tag.CERTIFICATE_RESTORED,
            revoke_reason=None,
            revoke_asked_at=None,
            revoked_by=None,
            confirmed_revoked_at=None,
        )
        await tx.blocks.let_go(certificate.fingerprint_sha256)
        if certificate.confirmed_revoked_at is not None:
            await tx.zones.shift_used(parts.policy.zone, 1)
        if await follow(tx) and certificate.blocked_at is not None:
            # Let in only once the rule does so too: whoever writes it says it.
            return
        to = certificate.device.owner_telegram_id
        await tell_later(tx, Restored, active, to, payload_message(chore.payload))


async def _refused(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    async with parts.store.write() as tx:
        refused = await tx.certificates.move(
            certificate,
            State.REVOKING,
            tag=Tag.CERTIFICATE_RESTORE_REFUSED,
            never_restore=True,
            again_until=certificate.again_until or tx.now + AGAIN,
        )
        # Nobody may be left in between: it is revoked once more, and watched until Cloudflare says so.
        await tx.chores.add(ChoreKind.REVOKE, certificate.public_id, payload={"quiet": True})
        to = certificate.device.owner_telegram_id
        await tell_later(tx, RestoreRefused, refused, to, payload_message(chore.payload))


async def _say(parts: Parts, chore: Chore, certificate: Certificate, what: Restoring) -> None:
    await tell(parts, what, certificate.device.owner_telegram_id, payload_message(chore.payload))
