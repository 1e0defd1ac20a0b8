"""Carrying out a revoke: Cloudflare first, words beside it, and no word that is not true."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.edge.gateway import EdgeStatus
from bot.errors import Busy, EdgeTrouble, Gone, MissingRight, RefusedByEdge, RetryAt, Unclear
from bot.model.audit import Tag
from bot.model.certificates import Certificate, State
from bot.model.chores import Chore, ChoreKind, with_lack
from bot.model.notices import Revoked, RevokeStuck, Revoking, TakenByAnother
from bot.model.rule_notices import TurnedAway
from bot.services import loss_cards
from bot.services.chores.telling import tell
from bot.services.outcomes import PATIENCE, rule_is_pending, turned_away
from bot.services.parts import Parts
from bot.services.revoking import message_payload, payload_message, undo_until
from bot.services.telling_later import tell_admins, tell_later, tell_owner
from bot.store.database import Transaction

_UNCLEAR_AGAIN = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_WATCH_AGAIN = (2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 300.0)
_STUCK_AGAIN = timedelta(minutes=10)


async def revoke(parts: Parts, chore: Chore) -> None:
    """Ask Cloudflare to revoke, until it has taken the order; the person is told beside it."""
    certificate = await _read(parts, chore)
    # The command line cannot reach the vault when it takes a key away.
    parts.vault.drop(certificate.public_id)
    if certificate.state is not State.REVOKING:
        return
    announced, answer = await asyncio.gather(
        _announced(parts, chore, certificate),
        parts.edge.revoke(certificate.cloudflare_id or ""),
        return_exceptions=True,
    )
    if isinstance(announced, BaseException):
        raise announced
    if isinstance(answer, EdgeTrouble):
        await _put_off(parts, announced, certificate, answer)
    elif isinstance(answer, BaseException):
        raise answer
    else:
        await _taken(parts, announced, certificate, answer)


async def watch_revocation(parts: Parts, chore: Chore) -> None:
    """Look until Cloudflare itself says ``revoked``."""
    certificate = await _read(parts, chore)
    if certificate.state is not State.REVOKING:
        return
    again = parts.clock.now() + timedelta(seconds=_after(_WATCH_AGAIN, chore.attempts))
    try:
        status = (await parts.edge.status(certificate.cloudflare_id or "")).status
    except Busy as busy:
        raise RetryAt(parts.clock.now() + timedelta(seconds=busy.retry_after)) from None
    except EdgeTrouble:
        raise RetryAt(again) from None
    if status is EdgeStatus.ACTIVE:
        # Asked, and yet active: somebody else took it back, or the order was lost. Ask again.
        async with parts.store.write() as tx:
            await tx.chores.add(ChoreKind.REVOKE, certificate.public_id, payload=chore.payload)
        return
    if status is not EdgeStatus.REVOKED:
        raise RetryAt(again)
    await _confirmed(parts, chore, certificate)


async def _announced(parts: Parts, chore: Chore, certificate: Certificate) -> Chore:
    """Say that it is under way, once; remembers where, so that the outcome replaces it."""
    at = payload_message(chore.payload)
    if "to" not in chore.payload or at is not None or chore.attempts:
        return chore
    message = await tell(parts, Revoking(certificate), chore.payload["to"], None)
    if message is None:
        return chore
    payload = {**chore.payload, **message_payload(message)}
    async with parts.store.write() as tx:
        await tx.chores.remember(chore.id, payload)
        await tx.certificates.place(certificate, outcome_chat_id=message.chat_id, outcome_message_id=message.message_id)
    return replace(chore, payload=payload)


async def _put_off(parts: Parts, chore: Chore, certificate: Certificate, trouble: EdgeTrouble) -> None:
    now = parts.clock.now()
    payload = chore.payload
    if isinstance(trouble, Busy):
        at = now + timedelta(seconds=trouble.retry_after)
    elif isinstance(trouble, Unclear):
        at = now + timedelta(seconds=_after(_UNCLEAR_AGAIN, chore.attempts))
    else:
        at = now + _STUCK_AGAIN
        payload = await _alarmed(parts, chore, certificate, trouble)
    if "to" in payload:
        turned = await turned_away(parts, certificate)
        why = _why_not_yet(certificate, trouble, at, turned)
        message = await tell(parts, why, payload["to"], payload_message(payload))
        # Kept, so that what the rule does meanwhile can be said beside it.
        right = trouble.right if isinstance(trouble, MissingRight) else None
        payload = {**payload, **message_payload(message), "trouble": type(why).__name__, "right": right}
    raise RetryAt(at, with_lack(payload, trouble))


async def _alarmed(parts: Parts, chore: Chore, certificate: Certificate, trouble: EdgeTrouble) -> dict[str, Any]:
    """A revoke that nobody tapped for and that Cloudflare refuses: admins hear of it, once."""
    if "to" in chore.payload or "alarmed" in chore.payload:
        return chore.payload
    right = trouble.right if isinstance(trouble, MissingRight) else None
    async with parts.store.write() as tx:
        await tell_admins(tx, RevokeStuck, certificate, right=right)
        payload = {**chore.payload, "alarmed": True}
        await tx.chores.remember(chore.id, payload)
    return payload


def _why_not_yet(
    certificate: Certificate, trouble: EdgeTrouble, at: datetime, turned: TurnedAway | None
) -> RevokeStuck | Revoking:
    if isinstance(trouble, MissingRight):
        return RevokeStuck(certificate, trouble.right, turned)
    if isinstance(trouble, RefusedByEdge):
        return RevokeStuck(certificate, None, turned)
    return Revoking(certificate, retry_at=at, turned=turned)


async def _taken(parts: Parts, chore: Chore, certificate: Certificate, status: EdgeStatus) -> None:
    if status is EdgeStatus.REVOKED:
        await _confirmed(parts, chore, certificate)
        return
    async with parts.store.write() as tx:
        soon = tx.now + timedelta(seconds=_WATCH_AGAIN[0])
        await tx.chores.add(ChoreKind.WATCH_REVOCATION, certificate.public_id, due_at=soon, payload=chore.payload)
        await _outcome_later(tx, chore, certificate)
        await tx.chores.finish(chore)


async def _confirmed(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    async with parts.store.write() as tx:
        await tx.chores.finish(chore)
        try:
            certificate = await tx.certificates.move(
                certificate, State.REVOKED, tag=Tag.CERTIFICATE_REVOKED, confirmed_revoked_at=tx.now
            )
        except Gone:
            return
        await tx.zones.shift_used(parts.policy.zone, -1)
        await loss_cards.refresh_of(tx, certificate)
        until = undo_until(certificate)
        message = payload_message(chore.payload)
        if until is not None and message is not None:
            await tx.chores.add(ChoreKind.EDIT, certificate.public_id, due_at=until, payload=message_payload(message))
        await _outcome_later(tx, chore, certificate)
        if "by_name" in chore.payload:
            await tell_owner(tx, certificate, TakenByAnother, by_name=chore.payload["by_name"])


async def _outcome_later(tx: Transaction, chore: Chore, certificate: Certificate) -> None:
    """Have the outcome told to whoever asked, in the same transaction: a crash does not lose the word.

    Where the rule's part is still under way, whoever settles that part says both; but not at any price.
    """
    if "to" not in chore.payload:
        return
    at_once = not await rule_is_pending(tx, certificate.public_id)
    at = payload_message(chore.payload)
    due_at = None if at_once else tx.now + PATIENCE
    await tell_later(tx, Revoked, certificate, chore.payload["to"], at, due_at=due_at)


def _after(steps: tuple[float, ...], attempts: int) -> float:
    return steps[min(attempts, len(steps) - 1)]


async def _read(parts: Parts, chore: Chore) -> Certificate:
    async with parts.store.read() as tx:
        return await tx.certificates.of(chore.subject)
