"""Carrying out a revoke: Cloudflare first, words beside it, and no word that is not true."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import Busy, EdgeTrouble, MissingRight, RefusedByEdge, RetryAt, StaleAction, Unclear
from bot.model.audit import AuditTag
from bot.model.certificates.at_cloudflare import EdgeStatus
from bot.model.certificates.certificates import Certificate, State
from bot.model.jobs import Job, JobKind, with_lack
from bot.model.notices import Revoked, RevokeStuck, Revoking, TakenByAnother
from bot.model.protection.rule_notices import TurnedAway
from bot.services.certificates.revocation_outcome import PATIENCE, rule_is_pending, turned_away
from bot.services.certificates.revoke import undo_until
from bot.services.context import AppContext
from bot.services.notifications import loss_messages
from bot.services.notifications.enqueue import enqueue_certificate_notice, enqueue_for_admins, enqueue_for_owner
from bot.services.notifications.message_payload import message_payload, payload_message
from bot.services.notifications.show import tell
from bot.store.engine.database import Transaction

_UNCLEAR_AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_WATCH_AGAIN = (2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_STUCK_AGAIN = timedelta(minutes=10)


async def revoke(app: AppContext, job: Job) -> None:
    """Ask Cloudflare to revoke, until it has taken the order; the person is told beside it."""
    certificate = await _read(app, job)
    # The command line cannot reach the vault when it takes a key away.
    app.vault.drop(certificate.public_id)
    if certificate.state is not State.REVOKING:
        return
    announced, answer = await asyncio.gather(
        _announced(app, job, certificate),
        app.edge.revoke(certificate.cloudflare_id or ""),
        return_exceptions=True,
    )
    if isinstance(announced, BaseException):
        raise announced
    if isinstance(answer, EdgeTrouble):
        await _put_off(app, announced, certificate, answer)
    elif isinstance(answer, BaseException):
        raise answer
    else:
        await _taken(app, announced, certificate, answer)


async def watch_revocation(app: AppContext, job: Job) -> None:
    """Look until Cloudflare itself says ``revoked``."""
    certificate = await _read(app, job)
    if certificate.state is not State.REVOKING:
        return
    again = app.clock.now() + timedelta(seconds=_after(_WATCH_AGAIN, job.attempts))
    try:
        status = (await app.edge.status(certificate.cloudflare_id or "")).status
    except Busy as busy:
        raise RetryAt(app.clock.now() + timedelta(seconds=busy.retry_after)) from None
    except EdgeTrouble:
        raise RetryAt(again) from None
    if status is EdgeStatus.ACTIVE:
        # Asked, and yet active: somebody else took it back, or the order was lost. Ask again.
        async with app.store.write() as tx:
            await tx.jobs.add(JobKind.REVOKE, certificate.public_id, payload=job.payload)
        return
    if status is not EdgeStatus.REVOKED:
        raise RetryAt(again)
    await _confirmed(app, job, certificate)


async def _announced(app: AppContext, job: Job, certificate: Certificate) -> Job:
    """Say that it is under way, once; remembers where, so that the outcome replaces it."""
    at = payload_message(job.payload)
    if "to" not in job.payload or at is not None or job.attempts:
        return job
    message = await tell(app, Revoking(certificate), job.payload["to"], None)
    if message is None:
        return job
    payload = {**job.payload, **message_payload(message)}
    async with app.store.write() as tx:
        await tx.jobs.remember(job.id, payload)
        await tx.certificates.remember_message(
            certificate, outcome_chat_id=message.chat_id, outcome_message_id=message.message_id
        )
    return replace(job, payload=payload)


async def _put_off(app: AppContext, job: Job, certificate: Certificate, trouble: EdgeTrouble) -> None:
    now = app.clock.now()
    payload = job.payload
    if isinstance(trouble, Busy):
        at = now + timedelta(seconds=trouble.retry_after)
    elif isinstance(trouble, Unclear):
        at = now + timedelta(seconds=_after(_UNCLEAR_AGAIN, job.attempts))
    else:
        at = now + _STUCK_AGAIN
        payload = await _alarmed(app, job, certificate, trouble)
    if "to" in payload:
        turned = await turned_away(app, certificate)
        why = _why_not_yet(certificate, trouble, at, turned)
        message = await tell(app, why, payload["to"], payload_message(payload))
        # Kept, so that what the rule does meanwhile can be said beside it.
        right = trouble.right if isinstance(trouble, MissingRight) else None
        payload = {**payload, **message_payload(message), "trouble": type(why).__name__, "right": right}
    raise RetryAt(at, with_lack(payload, trouble))


async def _alarmed(app: AppContext, job: Job, certificate: Certificate, trouble: EdgeTrouble) -> dict[str, Any]:
    """A revoke that nobody tapped for and that Cloudflare refuses: admins hear of it, once."""
    if "to" in job.payload or "alarmed" in job.payload:
        return job.payload
    right = trouble.right if isinstance(trouble, MissingRight) else None
    async with app.store.write() as tx:
        await enqueue_for_admins(tx, RevokeStuck, certificate, right=right)
        payload = {**job.payload, "alarmed": True}
        await tx.jobs.remember(job.id, payload)
    return payload


def _why_not_yet(
    certificate: Certificate, trouble: EdgeTrouble, at: datetime, turned: TurnedAway | None
) -> RevokeStuck | Revoking:
    if isinstance(trouble, MissingRight):
        return RevokeStuck(certificate, trouble.right, turned)
    if isinstance(trouble, RefusedByEdge):
        return RevokeStuck(certificate, None, turned)
    return Revoking(certificate, retry_at=at, turned=turned)


async def _taken(app: AppContext, job: Job, certificate: Certificate, status: EdgeStatus) -> None:
    if status is EdgeStatus.REVOKED:
        await _confirmed(app, job, certificate)
        return
    async with app.store.write() as tx:
        soon = tx.now + timedelta(seconds=_WATCH_AGAIN[0])
        await tx.jobs.add(JobKind.WATCH_REVOCATION, certificate.public_id, due_at=soon, payload=job.payload)
        await _outcome_later(tx, job, certificate)
        await tx.jobs.finish(job)


async def _confirmed(app: AppContext, job: Job, certificate: Certificate) -> None:
    async with app.store.write() as tx:
        await tx.jobs.finish(job)
        try:
            certificate = await tx.certificates.move(
                certificate, State.REVOKED, tag=AuditTag.CERTIFICATE_REVOKED, confirmed_revoked_at=tx.now
            )
        except StaleAction:
            return
        await tx.zones.shift_used(app.policy.zone, -1)
        await loss_messages.refresh_of(tx, certificate)
        until = undo_until(certificate)
        message = payload_message(job.payload)
        if until is not None and message is not None:
            await tx.jobs.add(JobKind.EDIT, certificate.public_id, due_at=until, payload=message_payload(message))
        await _outcome_later(tx, job, certificate)
        if "by_name" in job.payload:
            await enqueue_for_owner(tx, certificate, TakenByAnother, by_name=job.payload["by_name"])


async def _outcome_later(tx: Transaction, job: Job, certificate: Certificate) -> None:
    """Have the outcome told to whoever asked, in the same transaction: a crash does not lose the word.

    Where the rule's part is still under way, whoever settles that part says both; but not at any price.
    """
    if "to" not in job.payload:
        return
    at_once = not await rule_is_pending(tx, certificate.public_id)
    at = payload_message(job.payload)
    due_at = None if at_once else tx.now + PATIENCE
    await enqueue_certificate_notice(tx, Revoked, certificate, job.payload["to"], at, due_at=due_at)


def _after(steps: tuple[float, ...], attempts: int) -> float:
    return steps[min(attempts, len(steps) - 1)]


async def _read(app: AppContext, job: Job) -> Certificate:
    async with app.store.read() as tx:
        return await tx.certificates.of(job.subject)
