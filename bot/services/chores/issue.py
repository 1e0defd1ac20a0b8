"""Making a certificate: progress message, key, CSR, signature, and what to do when any of it goes wrong.

The order is what keeps a crash harmless: the message and the key's name (the SHA-256 of its public half) are
committed before Cloudflare sees the key, and the CSR is posted at most once.
"""

import asyncio
from datetime import datetime, timedelta
from typing import Any

from bot.errors import (
    Busy,
    CertificateQuotaFull,
    ChatBusy,
    DeliveryUnknown,
    EdgeTrouble,
    Gone,
    MissingRight,
    RefusedByEdge,
    RetryAt,
    Unclear,
    Unreachable,
)
from bot.model.audit import SYSTEM, Tag
from bot.model.certificates import Certificate, KeyType, Origin, State
from bot.model.chat import MessageRef
from bot.model.chores import Chore, ChoreKind
from bot.model.names import device_name
from bot.model.notices import IssuedWithoutTap, Making, NotMade
from bot.model.own_keys import NO_NAME
from bot.model.people import Role, Standing
from bot.pki.keys import PrivateKey, make_key, public_key_sha256
from bot.pki.requests import make_request
from bot.services.chores.telling import tell
from bot.services.issuing import subject_of
from bot.services.parts import AGAIN, FILE_STAYS, Parts
from bot.services.people import mark_unreachable
from bot.services.removal import forget_message
from bot.services.signing import LOOK_AFTER, Signed, checked, found
from bot.services.telling_later import tell_admins, tell_later

_MOST_TRIES = 6
_CLIENT_ERROR = range(400, 500)


async def issue(parts: Parts, chore: Chore) -> None:
    """Bring an ordered certificate to ``active``, or to ``failed`` with a word about it."""
    async with parts.store.read() as tx:
        certificate = await tx.certificates.of(chore.subject)
        owner = await tx.people.of_id(certificate.device.owner_id)
        facts = await tx.rules.of_zone(parts.policy.zone)
    if certificate.state is not State.ISSUING:
        return
    try:
        if owner.role not in {Role.ADMIN, Role.MEMBER} or owner.standing is not Standing.OK:
            await _fail(parts, certificate, "NotAllowed")
            return
        if facts.lockdown_at is not None and "unclear_since" not in chore.payload:
            await _fail(parts, certificate, "LockedDown")
            return
        posted_here = parts.vault.look(certificate.public_id) is not None
        if "unclear_since" in chore.payload or (posted_here and certificate.public_key_sha256 is not None):
            # This process had the key signed, or was about to, and could not write down what came of it.
            await _look_again(parts, chore, await _shown(parts, certificate, _name(chore)))
        elif certificate.public_key_sha256 is not None and certificate.origin is Origin.MADE_HERE:
            # A crash came between key and answer, and the key died with the process.
            await _start_over(parts, chore, await _shown(parts, certificate), "restarted")
        else:
            await _make(parts, chore, certificate)
    except Gone:
        # Somebody stopped the order meanwhile; what was signed is a stray and is revoked as one.
        parts.vault.drop(certificate.public_id)


def _name(chore: Chore) -> str:
    """What the request calls itself, where that is not what was asked for."""
    return str(chore.payload.get("says", {}).get("name", ""))


async def _shown(parts: Parts, certificate: Certificate, name: str = "") -> Certificate:
    """With a message that says it is being made; usually it has one."""
    if certificate.shown_at is not None:
        return certificate
    message = await _show_progress(parts, certificate, name)
    async with parts.store.write() as tx:
        return await tx.certificates.place(certificate, chat_id=message.chat_id, message_id=message.message_id)


async def _show_progress(parts: Parts, certificate: Certificate, name: str = "") -> MessageRef:
    owner = certificate.device.owner_telegram_id
    try:
        return await parts.courier.show(Making(certificate, name=name), owner)
    except (ChatBusy, DeliveryUnknown) as trouble:
        raise RetryAt(parts.clock.now() + timedelta(seconds=getattr(trouble, "retry_after", 2.0))) from None
    except Unreachable:
        await mark_unreachable(parts, owner)
        await _fail(parts, certificate, "unreachable")
        raise Gone from None


async def _make(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    csr, certificate = await _request(parts, chore, certificate)
    try:
        signed = checked(await parts.edge.sign(csr, certificate.asked_days), certificate.public_key_sha256)
    except Unclear:
        await _look_again(parts, chore, certificate)
    except Busy as busy:
        await _try_later(parts, chore, certificate, parts.clock.now() + timedelta(seconds=busy.retry_after))
    except RefusedByEdge as refusal:
        await _refused(parts, chore, certificate, refusal)
    except MissingRight:
        await _fail(parts, certificate, "MissingRight")
    else:
        await _signed(parts, chore, certificate, signed)


async def _request(parts: Parts, chore: Chore, certificate: Certificate) -> tuple[str, Certificate]:
    """The CSR, after its key's name is committed."""
    if certificate.origin is Origin.OWN_KEY:
        certificate = await _shown(parts, certificate, _name(chore))
        # From here on the CSR may have been posted: another run looks before it does anything.
        async with parts.store.write() as tx:
            since = {"unclear_since": tx.now.isoformat()}
            await tx.chores.remember(chore.id, {**chore.payload, **since})
        return str(chore.payload["csr"]), certificate
    making = asyncio.create_task(_key(parts, certificate.key_type))
    try:
        message = certificate.shown_at or await _show_progress(parts, certificate)
    finally:
        key = await making
    csr = make_request(key, subject_of(certificate))
    name = public_key_sha256(key.public_key())
    parts.vault.keep(certificate.public_id, key)
    async with parts.store.write() as tx:
        try:
            noted = await tx.certificates.note(
                certificate,
                tag=Tag.CERTIFICATE_KEY_MADE,
                detail={"public_key": name},
                public_key_sha256=name,
                chat_id=message.chat_id,
                message_id=message.message_id,
            )
        except Gone:
            # Stopped while it was being said that it is made; whoever stopped it did not know of that message.
            if certificate.shown_at is None:
                await forget_message(tx, message)
            noted = None
    if noted is None:
        raise Gone
    return csr, noted


async def _key(parts: Parts, kind: KeyType) -> PrivateKey:
    async with parts.computing:
        await parts.store.when_nobody_is_alone()
        return await asyncio.to_thread(make_key, kind)


async def _look_again(parts: Parts, chore: Chore, certificate: Certificate) -> None:
    """Look for a certificate of our key in the list, three times; then give up."""
    now = parts.clock.now()
    since = datetime.fromisoformat(chore.payload["unclear_since"]) if "unclear_since" in chore.payload else now
    looks = int(chore.payload.get("looks", 0))
    try:
        listed = await parts.edge.live_certificates()
    except EdgeTrouble:
        listed = ()
    try:
        signed = found(listed, certificate.public_key_sha256)
    except Unclear:
        if looks + 1 < len(LOOK_AFTER):
            payload = {**chore.payload, "unclear_since": since.isoformat(), "looks": looks + 1}
            raise RetryAt(max(since + LOOK_AFTER[looks + 1], now), payload) from None
        await _fail(parts, certificate, "Unclear")
    else:
        await _signed(parts, chore, certificate, signed)


async def _signed(parts: Parts, chore: Chore, certificate: Certificate, signed: Signed) -> None:
    """Commit ``active`` with what the certificate says, and have it delivered; the file's end is planned first."""
    if certificate.origin is Origin.MADE_HERE and parts.vault.look(certificate.public_id) is None:
        await _start_over(parts, chore, certificate, "restarted")
        return
    async with parts.store.write() as tx:
        await tx.certificates.move(
            certificate,
            State.ACTIVE,
            tag=Tag.CERTIFICATE_ISSUED,
            detail={"serial": signed.facts.serial, "fingerprint": signed.facts.fingerprint_sha256},
            cloudflare_id=signed.cloudflare_id,
            serial=signed.facts.serial,
            fingerprint_sha256=signed.facts.fingerprint_sha256,
            issued_at=signed.facts.not_before,
            expires_at=signed.facts.not_after,
        )
        await tx.zones.shift_used(parts.policy.zone, 1)
        if chore.payload.get("ec_refused"):
            await tx.zones.needs_rsa(parts.policy.zone)
        if chore.payload.get("tell_admins"):
            name = (signed.facts.subject or NO_NAME) if _name(chore) else ""
            await tell_admins(tx, IssuedWithoutTap, certificate, besides=certificate.device.owner_id, name=name)
        payload = {"pem": signed.pem, "says": chore.payload.get("says", {})}
        await tx.chores.add(ChoreKind.DELIVER, certificate.public_id, payload=payload)
        await tx.chores.add(ChoreKind.EXPIRE, certificate.public_id, due_at=tx.now + FILE_STAYS)
        await tx.chores.finish(chore)


async def _refused(parts: Parts, chore: Chore, certificate: Certificate, refusal: RefusedByEdge) -> None:
    used = await _count_slots(parts, full=isinstance(refusal, CertificateQuotaFull))
    if isinstance(refusal, CertificateQuotaFull) or await _is_full(parts, used):
        await _fail(parts, certificate, "ZoneFull", used=used or 0)
    elif (
        used is not None
        and certificate.key_type is KeyType.P256
        and certificate.origin is Origin.MADE_HERE
        and refusal.status in _CLIENT_ERROR
    ):
        # Remembered for the zone only when RSA was taken: a stray refusal is no rule.
        await _start_over(
            parts, chore, certificate, "ec-refused", key_type=KeyType.RSA2048, payload={"ec_refused": True}
        )
    else:
        await _fail(parts, certificate, "RefusedByEdge")


async def _count_slots(parts: Parts, *, full: bool) -> int | None:
    """The live certificates; where Cloudflare says that these are all, it is believed rather than the plan."""
    try:
        used, quota = len(await parts.edge.live_certificates()), await parts.edge.certificate_quota()
    except EdgeTrouble:
        return None
    async with parts.store.write() as tx:
        await tx.zones.counted(parts.policy.zone, used, used if full else quota)
    return used


async def _is_full(parts: Parts, used: int | None) -> bool:
    if used is None:
        return False
    async with parts.store.read() as tx:
        return (await tx.zones.of_name(parts.policy.zone)).is_full


async def _try_later(parts: Parts, chore: Chore, certificate: Certificate, at: datetime) -> None:
    tries = int(chore.payload.get("tries", 1))
    if certificate.origin is Origin.OWN_KEY or tries >= _MOST_TRIES:
        await _fail(parts, certificate, "Busy")
        return
    await _start_over(parts, chore, certificate, "busy", at=at, payload={**chore.payload, "tries": tries + 1})
    await tell(parts, Making(certificate, retry_at=at), certificate.device.owner_telegram_id, certificate.shown_at)


async def _start_over(
    parts: Parts,
    chore: Chore,
    certificate: Certificate,
    why: str,
    *,
    key_type: KeyType | None = None,
    at: datetime | None = None,
    payload: dict[str, Any] | None = None,
) -> None:
    """Give this row up and go on with a new one (new key, same message): the yes it was made for still stands.

    What may still be signed for the old key is revoked when it shows up.
    """
    if certificate.origin is Origin.OWN_KEY:
        await _fail(parts, certificate, "Unclear")
        return
    parts.vault.drop(certificate.public_id)
    async with parts.store.write() as tx:
        await tx.certificates.move(
            certificate, State.FAILED, tag=Tag.CERTIFICATE_FAILED, detail={"why": why}, failed_at=tx.now
        )
        owner = await tx.people.of_id(certificate.device.owner_id)
        fresh = await tx.certificates.order(
            owner,
            device_name(certificate.device.name),
            key_type=key_type or certificate.key_type,
            days=certificate.asked_days,
            shown_at=certificate.shown_at,
            replaces=certificate.replaces,
            renews=bool(await tx.renewals.replaced_by(certificate)),
            again_until=certificate.again_until,
            actor=SYSTEM,
        )
        await tx.requests.hand_on(certificate.id, fresh.id)
        told = {"tell_admins": True} if chore.payload.get("tell_admins") else {}
        await tx.chores.add(ChoreKind.ISSUE, fresh.public_id, due_at=at, payload={**told, **(payload or {})})


async def _fail(parts: Parts, certificate: Certificate, why: str, used: int = 0) -> None:
    parts.vault.drop(certificate.public_id)
    async with parts.store.write() as tx:
        failed = await tx.certificates.move(
            certificate,
            State.FAILED,
            tag=Tag.CERTIFICATE_FAILED,
            detail={"why": why},
            failed_at=tx.now,
            again_until=certificate.again_until or tx.now + AGAIN,
        )
        to = certificate.device.owner_telegram_id
        quota = (await tx.zones.of_name(parts.policy.zone)).quota
        await tell_later(tx, NotMade, failed, to, certificate.shown_at, why=why, used=used, quota=quota)
