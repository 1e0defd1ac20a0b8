"""How a revoke went: Cloudflare's part and the rule's part become one message.

They are carried out side by side; the words are not said twice. Whoever is second says them: a part is settled once it
is done, or once it is known to be late.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.model.certificates.certificates import Certificate, State
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice, Restored, Revoked, RevokeStuck, Revoking
from bot.model.protection.rule_notices import BlockProgress, TurnedAway
from bot.services.certificates.revoke import undo_until
from bot.services.context import AppContext
from bot.services.desired_rule import RULE
from bot.services.notifications import loss_messages
from bot.services.notifications.enqueue import enqueue_certificate_notice
from bot.store.engine.database import Transaction

PATIENCE = timedelta(seconds=3)
"""How long Cloudflare's word waits for the rule's, so that both are said together."""

LATE = "late"
"""In a chore's payload: whoever waits for it has been told that it is late."""


async def revoked_as_is(app: AppContext, certificate: Certificate) -> Revoked:
    """The outcome of a revoke as it is now."""
    until = undo_until(certificate)
    return Revoked(
        certificate,
        confirmed=certificate.state is State.REVOKED,
        lock=await app.lock_if_told(),
        undo_until=until if until is not None and until > app.clock.now() else None,
        turned=await turned_away(app, certificate),
    )


async def turned_away(app: AppContext, certificate: Certificate) -> TurnedAway | None:
    """How far the rule turns a certificate away by its fingerprint; ``None`` without a rule of ours in force."""
    async with app.store.read() as tx:
        facts = await tx.rules.of_zone(app.policy.zone)
        if not await tx.hosts.any() or not facts.enabled or certificate.fingerprint_sha256 is None:
            return None
        certificate = await tx.certificates.of(certificate.public_id)
        writing = await tx.jobs.of_subject(JobKind.WRITE_RULE, RULE)
    if certificate.block_seen_at is not None:
        asked = certificate.revoke_asked_at or certificate.block_seen_at
        return TurnedAway(BlockProgress.SEEN, max(0, round((certificate.block_seen_at - asked).total_seconds())))
    if certificate.blocked_at is not None:
        return TurnedAway(BlockProgress.WRITTEN)
    if not writing:
        return TurnedAway(BlockProgress.NO_ROOM)
    return TurnedAway(
        BlockProgress.WAITING if all(LATE in chore.payload for chore in writing) else BlockProgress.UNDER_WAY
    )


async def keep_outcome(app: AppContext, what: Notice, at: MessageRef) -> None:
    """Remember where the outcome of a revoke stands, so that what is known later is said there too."""
    if not isinstance(what, Revoked | Revoking | RevokeStuck) or what.certificate.outcome_to != at.chat_id:
        return
    if what.certificate.outcome_at != at:
        async with app.store.write() as tx:
            await tx.certificates.remember_message(what.certificate, outcome_message_id=at.message_id)


async def rule_is_pending(tx: Transaction, public_id: str) -> bool:
    """Whether the rule's part is still to be settled: then whoever settles it says how the revoke went."""
    if (await tx.certificates.of(public_id)).block_seen_at is not None:
        return False
    chores = await tx.jobs.of_subject(JobKind.WRITE_RULE, RULE)
    chores += await tx.jobs.of_kind(JobKind.WATCH_RULE)
    return any(LATE not in chore.payload for chore in chores)


async def tell_outcomes(tx: Transaction, public_ids: Collection[str]) -> None:
    """The rule's part is settled: say so where Cloudflare's part is settled too."""
    for public_id in public_ids:
        certificate = await tx.certificates.of(public_id)
        await loss_messages.refresh_of(tx, certificate)
        if certificate.outcome_to is None or certificate.state not in {State.REVOKING, State.REVOKED}:
            continue
        watched = await tx.jobs.of_subject(JobKind.WATCH_REVOCATION, public_id)
        if certificate.state is State.REVOKED or watched:
            for patient in await tx.jobs.of_subject(JobKind.NOTICE, str(certificate.outcome_to)):
                if patient.payload.get("certificate") == public_id and patient.due_at > tx.now:
                    await tx.jobs.done(patient.id)
            await enqueue_certificate_notice(tx, Revoked, certificate, certificate.outcome_to, certificate.outcome_at)
            continue
        for chore in await tx.jobs.of_subject(JobKind.REVOKE, public_id):
            await _tell_late(tx, certificate, chore.payload, chore.due_at)


async def tell_restored(tx: Transaction, certificate: Certificate) -> None:
    """Say that a certificate works again: Cloudflare and the rule both let it in."""
    to = certificate.outcome_to or certificate.device.owner_telegram_id
    await enqueue_certificate_notice(tx, Restored, certificate, to, certificate.outcome_at)


async def _tell_late(tx: Transaction, certificate: Certificate, payload: dict[str, object], due_at: datetime) -> None:
    to = certificate.outcome_to
    if to is None or "trouble" not in payload:
        return
    if payload["trouble"] == RevokeStuck.__name__:
        right = payload.get("right")
        shown = right if isinstance(right, str) else None
        await enqueue_certificate_notice(tx, RevokeStuck, certificate, to, certificate.outcome_at, right=shown)
    else:
        await enqueue_certificate_notice(
            tx, Revoking, certificate, to, certificate.outcome_at, retry_at=due_at.isoformat()
        )
