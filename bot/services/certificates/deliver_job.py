"""Bringing the file to the chat."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, RetryAt, StaleAction, StoreTrouble, Unreachable
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Certificate, Origin, RevokeReason, State
from bot.model.certificates.own_keys import NO_NAME, RequestSays
from bot.model.jobs import Job, JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Forgotten, NotMade, PerhapsArrived, Ready, ReadyOwnKey
from bot.pki.certificates import read_certificate
from bot.pki.pkcs12 import pack
from bot.services.certificates.revoke import revoke_unopened
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_for_owner
from bot.services.notifications.message_payload import message_payload, payload_message
from bot.services.notifications.message_removal import schedule_message_deletion
from bot.services.notifications.show import mark_unreachable
from bot.services.notifier import ChatFile

_NOBODY_ANSWERED = timedelta(hours=1)
_LATER_SECONDS = 3.0


async def deliver(app: AppContext, job: Job) -> None:
    """Turn the progress message into the file; when that message is gone, send the file anew.

    Repeating the edit does no harm. A new document is sent once: when its answer is lost, the delivery is
    unknown, and without any sign of the owner within the hour the certificate is taken back.
    """
    async with app.store.read() as tx:
        certificate = await tx.certificates.of(job.subject)
    try:
        await _deliver(app, job, certificate)
    except StaleAction:
        # Taken away while it was on its way, and its key with it: nothing to bring any more.
        return


async def _deliver(app: AppContext, job: Job, certificate: Certificate) -> None:
    there = payload_message(job.payload)
    if there is not None:
        await _written_down_late(app, job, certificate, there)
        return
    if certificate.state is not State.ACTIVE or certificate.sent_at or certificate.delivery_unknown_at:
        return
    file, lock = await asyncio.gather(_file(app, certificate, str(job.payload["pem"])), app.lock_if_told())
    if file is None:
        async with app.store.write() as tx:
            await revoke_unopened(tx, certificate, RevokeReason.RESTARTED, Forgotten)
        return
    own_key = certificate.origin is Origin.OWN_KEY
    what = ReadyOwnKey(certificate, lock, _says(job)) if own_key else Ready(certificate, lock)
    to = certificate.device.owner_telegram_id
    try:
        message = await _hand_over(app, what, file, to, certificate)
    except (ChatBusy, DeliveryUnknown) as trouble:
        wait = trouble.retry_after if isinstance(trouble, ChatBusy) else _LATER_SECONDS
        raise RetryAt(app.clock.now() + timedelta(seconds=wait)) from None
    except Unreachable:
        await mark_unreachable(app, to)
        async with app.store.write() as tx:
            await revoke_unopened(tx, certificate, RevokeReason.NEVER_OPENED, None)
        return
    except CannotShow:
        async with app.store.write() as tx:
            await revoke_unopened(tx, certificate, RevokeReason.NEVER_OPENED, None)
            await enqueue_for_owner(tx, certificate, NotMade, why="CannotShow")
        return
    if message is None:
        return
    try:
        await _sent(app, job, certificate, message)
    except StoreTrouble:
        # It is in the chat: what is done again is writing that down.
        again = app.clock.now() + timedelta(seconds=_LATER_SECONDS)
        raise RetryAt(again, {**job.payload, **message_payload(message)}) from None


def _says(job: Job) -> RequestSays:
    """What the request had beside what was asked for; its name as it stands in the certificate now."""
    says = RequestSays(**job.payload.get("says", {}))
    return replace(says, name=read_certificate(str(job.payload["pem"])).subject or NO_NAME) if says.name else says


async def _hand_over(
    app: AppContext, what: Ready | ReadyOwnKey, file: ChatFile, to: int, certificate: Certificate
) -> MessageRef | None:
    """The message that holds the file now; ``None`` when nobody knows whether it arrived."""
    if certificate.shown_at is not None:
        try:
            return await app.notifier.hand_over(what, file, to, certificate.shown_at)
        except CannotShow:
            pass
    try:
        return await app.notifier.hand_over(what, file, to, None)
    except DeliveryUnknown:
        await _unknown(app, certificate)
        return None


async def _file(app: AppContext, certificate: Certificate, pem: str) -> ChatFile | None:
    """The file to send; ``None`` when a restart took the key."""
    if certificate.origin is Origin.OWN_KEY:
        return ChatFile(certificate.file_name, pem.encode("ascii"))
    entry = app.vault.look(certificate.public_id)
    if entry is None:
        return None
    if entry.packed is None and entry.key is not None:
        async with app.computing:
            await app.store.when_nobody_is_alone()
            packed = await asyncio.to_thread(
                pack, entry.key, pem, certificate.common_name, entry.passphrase, app.policy.flavour
            )
        app.vault.packed(certificate.public_id, packed)
        return ChatFile(certificate.file_name, packed)
    return ChatFile(certificate.file_name, entry.packed) if entry.packed is not None else None


async def _sent(app: AppContext, job: Job, certificate: Certificate, message: MessageRef) -> None:
    async with app.store.write() as tx:
        await tx.jobs.finish(job)
        try:
            await tx.certificates.record(
                certificate,
                tag=AuditTag.CERTIFICATE_SENT,
                sent_at=tx.now,
                chat_id=message.chat_id,
                message_id=message.message_id,
            )
        except StaleAction:
            # Revoked while the file was on its way: the file leaves the chat again.
            await schedule_message_deletion(tx, message)
            return
        if certificate.shown_at is not None and certificate.shown_at != message:
            await schedule_message_deletion(tx, certificate.shown_at)
    if certificate.origin is Origin.MADE_HERE:
        app.vault.sent(certificate.public_id)
    else:
        app.vault.drop(certificate.public_id)


async def _written_down_late(app: AppContext, job: Job, certificate: Certificate, message: MessageRef) -> None:
    """The file went out, and that could not be written down then; a restart in between has taken it back."""
    if certificate.state is State.ACTIVE:
        await _sent(app, job, certificate, message)
        return
    async with app.store.write() as tx:
        await schedule_message_deletion(tx, message)


async def _unknown(app: AppContext, certificate: Certificate) -> None:
    async with app.store.write() as tx:
        await tx.certificates.record(certificate, tag=AuditTag.CERTIFICATE_DELIVERY_UNKNOWN, delivery_unknown_at=tx.now)
        await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
        await tx.jobs.add(JobKind.EXPIRE, certificate.public_id, due_at=tx.now + _NOBODY_ANSWERED)
        await enqueue_for_owner(tx, certificate, PerhapsArrived)
