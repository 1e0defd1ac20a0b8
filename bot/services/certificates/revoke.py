"""Taking a certificate away, and giving it back within two minutes."""

import difflib
from datetime import datetime
from typing import Any

from bot.errors import LimitReached, NotFound, StaleAction, UnknownDevice
from bot.model.audit import SERVER, AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.certificates.names import name_key
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import CertificateNotice
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import RestoreStarted, RevokeStarted
from bot.services.authorization import authorize, device_limit_of
from bot.services.context import REISSUE_WINDOW, UNDO_WINDOW, AppContext
from bot.services.desired_rule import order_write_if_locked
from bot.services.notifications.enqueue import enqueue_for_owner
from bot.services.notifications.message_payload import message_payload
from bot.services.notifications.message_removal import schedule_chat_clean_up
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_HELD = frozenset({State.ISSUING, State.ACTIVE, State.RESTORING})
_GOING = frozenset({State.REVOKING, State.REVOKED})
_NEAR_ENOUGH = 0.3


async def revoke(
    app: AppContext, actor: Person, public_id: str, shown_at: MessageRef | None, cause: Cause | None = None
) -> RevokeStarted:
    """Revoke one certificate: the actor's own, or anybody's by an admin. The outcome is told at ``shown_at``.

    Raises:
        Gone: there is none, or it is not the actor's.
        NotAllowed: strangers and blocked people revoke nothing.
    """
    check(actor, Action.REVOKE)
    async with app.store.write(cause) as tx:
        certificate = await _reachable(tx, actor, public_id)
        started = await _revoke(tx, actor, certificate, shown_at)
    app.vault.drop(started.certificate.public_id)
    return started


async def revoke_named(app: AppContext, actor: Person, text: str, cause: Cause | None = None) -> RevokeStarted:
    """Revoke the device of that name: ``pixel8``, or ``owner/pixel8`` by an admin.

    Raises:
        UnknownDevice: no such device in the actor's reach; knows the nearest names.
        NotAllowed: strangers and blocked people revoke nothing.
    """
    check(actor, Action.REVOKE)
    async with app.store.read() as tx:
        certificate = await _named(tx, actor, text)
    return await revoke(app, actor, certificate.public_id, None, cause)


async def undo(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> RestoreStarted:
    """Take back the actor's own plain revoke of two minutes ago at most: a slip of the thumb.

    Raises:
        Gone: not the actor's own plain revoke, or its two minutes are over.
        NameTaken: the device has a new certificate meanwhile.
        LimitReached: the actor has as many devices as allowed meanwhile.
        NotAllowed, Frozen: nothing was taken back.
    """
    check(actor, Action.RESTORE)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.RESTORE)
        try:
            certificate = await tx.certificates.of(public_id)
        except NotFound:
            raise StaleAction from None
        until = undo_until(certificate)
        if until is None or certificate.revoked_by != actor.id or tx.now >= until:
            raise StaleAction
        await tx.certificates.refuse_second(certificate)
        limit = device_limit_of(actor, app.policy)
        if await tx.certificates.count_held(actor.id) >= limit:
            raise LimitReached(limit)
        restoring = await tx.certificates.move(
            certificate,
            State.RESTORING,
            tag=AuditTag.CERTIFICATE_RESTORE_ASKED,
            actor=actor_of(actor),
            outcome_chat_id=pressed.chat_id,
            outcome_message_id=pressed.message_id,
        )
        for kind in (JobKind.REVOKE, JobKind.WATCH_REVOCATION, JobKind.EDIT):
            await tx.jobs.drop(kind, certificate.public_id)
        await tx.jobs.add(JobKind.RESTORE, certificate.public_id, payload=message_payload(pressed))
    return RestoreStarted(restoring)


def undo_until(certificate: Certificate) -> datetime | None:
    """Until when a revoke can be taken back in the chat; ``None`` when it cannot."""
    if (
        certificate.state not in _GOING
        or certificate.revoke_reason is not RevokeReason.PLAIN
        or certificate.revoked_by != certificate.device.owner_id
        or certificate.revoke_asked_at is None
        or certificate.never_restore
        or (certificate.origin is Origin.MADE_HERE and certificate.password_shown_at is None)
    ):
        # An unopened file has left the chat, and its password with it: nothing of use would come back.
        return None
    return certificate.revoke_asked_at + UNDO_WINDOW


async def revoke_unopened(
    tx: Transaction, certificate: Certificate, reason: RevokeReason, notice: type[CertificateNotice] | None
) -> Certificate:
    """Revoke without anybody's tap: a file that nobody can or should open any more.

    Its owner is told by ``notice`` (nobody, when there is none) and may have it made again for 7 days.
    """
    revoking = await tx.certificates.move(
        certificate,
        State.REVOKING,
        tag=AuditTag.CERTIFICATE_REVOKE_DECIDED,
        detail={"reason": reason.value},
        revoke_reason=reason,
        revoke_asked_at=tx.now,
        cleaned_at=tx.now,
        never_restore=True,
        again_until=certificate.again_until or tx.now + REISSUE_WINDOW,
    )
    await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
    await tx.jobs.add(JobKind.REVOKE, certificate.public_id, payload={"quiet": True})
    await order_write_if_locked(tx)
    await schedule_chat_clean_up(tx, certificate)
    if notice is not None:
        await enqueue_for_owner(tx, certificate, notice)
    return revoking


async def _revoke(
    tx: Transaction, actor: Person, certificate: Certificate, shown_at: MessageRef | None
) -> RevokeStarted:
    if certificate.state in _GOING:
        return RevokeStarted(await _insist(tx, actor, certificate), already=True)
    if certificate.state is State.ISSUING:
        stopped = await cancel_order(tx, certificate, actor_of(actor))
        renewed = await tx.renewals.replaced_by(certificate)
        if not renewed:
            return RevokeStarted(stopped, already=False)
        # The device is meant, so what it still has in use goes too.
        certificate = renewed[0]
    if certificate.state not in _HELD:
        return RevokeStarted(certificate, already=True)
    own = certificate.device.owner_id == actor.id
    told: dict[str, Any] = {**message_payload(shown_at), "to": actor.telegram_id}
    if not own:
        told["by_name"] = actor.name
    reason = RevokeReason.PLAIN if own else RevokeReason.BY_ANOTHER
    return RevokeStarted(await revoke_device(tx, actor, certificate, reason, told), already=False)


async def revoke_certificate(
    tx: Transaction, actor: Person | None, certificate: Certificate, reason: RevokeReason, told: dict[str, Any]
) -> Certificate:
    """Revoke a certificate in use, or on its way back, by somebody's tap. ``told`` says whom the worker tells where.
    Without an actor it is whoever has the server.

    Only a plain revoke by the owner can be undone or leaves a permission to make it again. The caller drops what the
    vault holds once the transaction is through.
    """
    plain = reason is RevokeReason.PLAIN
    revoking = await tx.certificates.move(
        certificate,
        State.REVOKING,
        tag=AuditTag.CERTIFICATE_REVOKE_ASKED if actor else AuditTag.CERTIFICATE_REVOKE_ASKED_ON_SERVER,
        actor=actor_of(actor) if actor else SERVER,
        detail={"reason": reason.value},
        revoke_reason=reason,
        revoke_asked_at=tx.now,
        revoked_by=actor.id if actor else None,
        cleaned_at=certificate.cleaned_at or tx.now,
        never_restore=not plain,
        again_until=certificate.again_until if plain else None,
        lost_at=tx.now if reason is RevokeReason.LOST else certificate.lost_at,
        outcome_chat_id=told.get("to"),
        outcome_message_id=told.get("message_id"),
    )
    for kind in (JobKind.DELIVER, JobKind.EXPIRE, JobKind.RESTORE):
        await tx.jobs.drop(kind, certificate.public_id)
    await tx.jobs.add(JobKind.REVOKE, certificate.public_id, payload=told)
    await order_write_if_locked(tx)
    if certificate.cleaned_at is None:
        await schedule_chat_clean_up(tx, certificate)
    return revoking


async def revoke_device(
    tx: Transaction, actor: Person, certificate: Certificate, reason: RevokeReason, told: dict[str, Any]
) -> Certificate:
    """The same for all that a device has: while it is being renewed there are two."""
    for other in await tx.renewals.beside(certificate):
        if other.state is State.ISSUING:
            await cancel_order(tx, other, actor_of(actor))
        else:
            await revoke_certificate(tx, actor, other, reason, {"quiet": True})
    return await revoke_certificate(tx, actor, certificate, reason, told)


async def _insist(tx: Transaction, actor: Person, certificate: Certificate) -> Certificate:
    """A second revoke: hurries the first one, and one by somebody else ends its Undo."""
    for kind in (JobKind.REVOKE, JobKind.WATCH_REVOCATION):
        await tx.jobs.bring_forward(kind, certificate.public_id)
    if certificate.device.owner_id == actor.id or certificate.never_restore:
        return certificate
    return await tx.certificates.record(
        certificate,
        tag=AuditTag.CERTIFICATE_REVOKE_ASKED,
        actor=actor_of(actor),
        revoke_reason=RevokeReason.BY_ANOTHER,
        revoked_by=actor.id,
        never_restore=True,
        again_until=None,
    )


async def cancel_order(tx: Transaction, certificate: Certificate, actor: str) -> Certificate:
    """Stop an order under way. What Cloudflare may still sign for its key is revoked when it shows up."""
    for kind in (JobKind.ISSUE, JobKind.EXPIRE):
        await tx.jobs.drop(kind, certificate.public_id)
    if certificate.shown_at is not None:
        await schedule_chat_clean_up(tx, certificate)
    return await tx.certificates.move(
        certificate,
        State.FAILED,
        tag=AuditTag.CERTIFICATE_FAILED,
        actor=actor,
        detail={"why": "stopped"},
        failed_at=tx.now,
    )


async def _reachable(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    try:
        certificate = await tx.certificates.of(public_id)
    except NotFound:
        raise StaleAction from None
    if certificate.device.owner_id != actor.id and not actor.is_admin:
        raise StaleAction
    return certificate


async def _named(tx: Transaction, actor: Person, text: str) -> Certificate:
    owner, _, device = text.rpartition("/")
    reach = await _reach(tx, actor)
    wanted, whose = name_key(device), name_key(owner)
    matching = [
        c
        for c in reach
        if name_key(c.device.name) == wanted
        and (name_key(c.device.owner_name) == whose if owner else c.device.owner_id == actor.id)
    ]
    if len(matching) == 1:
        return matching[0]
    raise UnknownDevice(text, nearest=_nearest(wanted, actor, reach))


async def _reach(tx: Transaction, actor: Person) -> tuple[Certificate, ...]:
    if not actor.is_admin:
        return await tx.certificates.of_owner(actor.id)
    everybody, _ = await tx.certificates.page(None, 0, 1000)
    return everybody


def _nearest(wanted: str, actor: Person, reach: tuple[Certificate, ...]) -> tuple[tuple[str, str], ...]:
    held = [c for c in reach if c.state in _HELD]
    likeness = {c.public_id: difflib.SequenceMatcher(None, wanted, name_key(c.device.name)).ratio() for c in held}
    close = sorted((c for c in held if likeness[c.public_id] >= _NEAR_ENOUGH), key=lambda c: -likeness[c.public_id])
    return tuple((display_name(c, actor), c.public_id) for c in close[:3])


def display_name(certificate: Certificate, viewer: Person) -> str:
    """A device's name as this viewer writes it: others' devices with their owner in front."""
    device = certificate.device
    return device.name if device.owner_id == viewer.id else f"{device.owner_name}/{device.name}"
