"""Bringing the file to the chat."""

import asyncio
from dataclasses import replace
from datetime import timedelta

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, Gone, RetryAt, StoreTrouble, Unreachable
from bot.model.audit import Tag
from bot.model.certificates import Certificate, Origin, RevokeReason, State
from bot.model.chat import MessageRef
from bot.model.chores import Chore, ChoreKind
from bot.model.notices import Forgotten, NotMade, PerhapsArrived, Ready, ReadyOwnKey
from bot.model.own_keys import NO_NAME, RequestSays
from bot.pki.certificates import read_certificate
from bot.pki.pkcs12 import pack
from bot.services.courier import ChatFile
from bot.services.parts import Parts
from bot.services.people import mark_unreachable
from bot.services.removal import forget_message
from bot.services.revoking import message_payload, payload_message, take_back
from bot.services.telling_later import tell_owner

_NOBODY_ANSWERED = timedelta(hours=1)
_LATER_SECONDS = 3.0


async def deliver(parts: Parts, chore: Chore) -> None:
    """Turn the progress message into the file; when that message is gone, send the file anew.

    Repeating the edit does no harm. A new document is sent once: when its answer is lost, the delivery is
    unknown, and without any sign of the owner within the hour the certificate is taken back.
    """
    async with parts.store.read() as tx:
        certificate = await tx.certificates.of(chore.subject)
    try:
        await _deliver(parts, chore, certificate)
    except Gone:
        # Taken away while it was on its way, and its key with it: nothing to bring any more.
        return


async def _deliver(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    there = payload_message(chore.payload)
    if there is not None:
        await _written_down_late(parts, chore, certificate, there)
        return
    if certificate.state is not State.ACTIVE or certificate.sent_at or certificate.delivery_unknown_at:
        return
    file, lock = await asyncio.gather(_file(parts, certificate, str(chore.payload["pem"])), parts.lock_if_told())
    if file is None:
        async with parts.store.write() as tx:
            await take_back(tx, certificate, RevokeReason.RESTARTED, Forgotten)
        return
    own_key = certificate.origin is Origin.OWN_KEY
    what = ReadyOwnKey(certificate, lock, _says(chore)) if own_key else Ready(certificate, lock)
    to = certificate.device.owner_telegram_id
    try:
        message = await _hand_over(parts, what, file, to, certificate)
    except (ChatBusy, DeliveryUnknown) as trouble:
        wait = trouble.retry_after if isinstance(trouble, ChatBusy) else _LATER_SECONDS
        raise RetryAt(parts.clock.now() + timedelta(seconds=wait)) from None
    except Unreachable:
        await mark_unreachable(parts, to)
        async with parts.store.write() as tx:
            await take_back(tx, certificate, RevokeReason.NEVER_OPENED, None)
        return
    except CannotShow:
        async with parts.store.write() as tx:
            await take_back(tx, certificate, RevokeReason.NEVER_OPENED, None)
            await tell_owner(tx, certificate, NotMade, why="CannotShow")
        return
    if message is None:
        return
    try:
        await _sent(parts, chore, certificate, message)
    except StoreTrouble:
        # It is in the chat: what is done again is writing that down.
        again = parts.clock.now() + timedelta(seconds=_LATER_SECONDS)
        raise RetryAt(again, {**chore.payload, **message_payload(message)}) from None


def _says(chore: Chore) -> RequestSays:
    """What the request had beside what was asked for; its name as it stands in the certificate now."""
    says = RequestSays(**chore.payload.get("says", {}))
    return replace(says, name=read_certificate(str(chore.payload["pem"])).subject or NO_NAME) if says.name else says


async def _hand_over(
    parts: Parts, what: Ready | ReadyOwnKey, file: ChatFile, to: int, certificate: Certificate
) -> MessageRef | None:
    """The message that holds the file now; ``None`` when nobody knows whether it arrived."""
    if certificate.shown_at is not None:
        try:
            return await parts.courier.hand_over(what, file, to, certificate.shown_at)
        except CannotShow:
            pass
    try:
        return await parts.courier.hand_over(what, file, to, None)
    except DeliveryUnknown:
        await _unknown(parts, certificate)
        return None


async def _file(parts: Parts, certificate: Certificate, pem: str) -> ChatFile | None:
    """The file to send; ``None`` when a restart took the key."""
    if certificate.origin is Origin.OWN_KEY:
        return ChatFile(certificate.file_name, pem.encode("ascii"))
    entry = parts.vault.look(certificate.public_id)
    if entry is None:
        return None
    if entry.packed is None and entry.key is not None:
        async with parts.computing:
            await parts.store.when_nobody_is_alone()
            packed = await asyncio.to_thread(
                pack, entry.key, pem, certificate.common_name, entry.passphrase, parts.policy.flavour
            )
        parts.vault.packed(certificate.public_id, packed)
        return ChatFile(certificate.file_name, packed)
    return ChatFile(certificate.file_name, entry.packed) if entry.packed is not None else None


async def _sent(parts: Parts, chore: Chore, certificate: Certificate, message: MessageRef) -> None:
    async with parts.store.write() as tx:
        await tx.chores.finish(chore)
        try:
            await tx.certificates.note(
                certificate,
                tag=Tag.CERTIFICATE_SENT,
                sent_at=tx.now,
                chat_id=message.chat_id,
                message_id=message.message_id,
            )
        except Gone:
            # Revoked while the file was on its way: the file leaves the chat again.
            await forget_message(tx, message)
            return
        if certificate.shown_at is not None and certificate.shown_at != message:
            await forget_message(tx, certificate.shown_at)
    if certificate.origin is Origin.MADE_HERE:
        parts.vault.sent(certificate.public_id)
    else:
        parts.vault.drop(certificate.public_id)


async def _written_down_late(parts: Parts, chore: Chore, certificate: Certificate, message: MessageRef) -> None:
    """The file went out, and that could not be written down then; a restart in between has taken it back."""
    if certificate.state is State.ACTIVE:
        await _sent(parts, chore, certificate, message)
        return
    async with parts.store.write() as tx:
        await forget_message(tx, message)


async def _unknown(parts: Parts, certificate: Certificate) -> None:
    async with parts.store.write() as tx:
        await tx.certificates.note(certificate, tag=Tag.CERTIFICATE_DELIVERY_UNKNOWN, delivery_unknown_at=tx.now)
        await tx.chores.drop(ChoreKind.EXPIRE, certificate.public_id)
        await tx.chores.add(ChoreKind.EXPIRE, certificate.public_id, due_at=tx.now + _NOBODY_ANSWERED)
        await tell_owner(tx, certificate, PerhapsArrived)
