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
    MissingRight,
    RefusedByEdge,
    RetryAt,
    StaleAction,
    Unclear,
    Unreachable,
)
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import Certificate, KeyType, Origin, State
from bot.model.certificates.names import device_name
from bot.model.certificates.own_keys import NO_NAME
from bot.model.jobs import Job, JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import IssuedWithoutTap, Making, NotMade
from bot.model.people.people import Role, Standing
from bot.pki.keys import PrivateKey, make_key, public_key_sha256
from bot.pki.requests import make_request
from bot.services.certificates.match_signed import LOOK_AFTER, Signed, checked, found
from bot.services.certificates.order import subject_of
from bot.services.context import FILE_TTL, REISSUE_WINDOW, AppContext
from bot.services.notifications.enqueue import enqueue_certificate_notice, enqueue_for_admins
from bot.services.notifications.message_removal import schedule_message_deletion
from bot.services.notifications.show import mark_unreachable, tell

_MAX_TRIES = 6
_CLIENT_ERROR = range(400, 500)


async def issue(app: AppContext, job: Job) -> None:
    """Bring an ordered certificate to ``active``, or to ``failed`` with a word about it."""
    async with app.store.read() as tx:
        certificate = await tx.certificates.of(job.subject)
        owner = await tx.people.of_id(certificate.device.owner_id)
        facts = await tx.rules.of_zone(app.policy.zone)
    if certificate.state is not State.ISSUING:
        return
    try:
        if owner.role not in {Role.ADMIN, Role.MEMBER} or owner.standing is not Standing.OK:
            await _fail(app, certificate, "NotAllowed")
            return
        if facts.lockdown_at is not None and "unclear_since" not in job.payload:
            await _fail(app, certificate, "LockedDown")
            return
        posted_here = app.vault.look(certificate.public_id) is not None
        if "unclear_since" in job.payload or (posted_here and certificate.public_key_sha256 is not None):
            # This process had the key signed, or was about to, and could not write down what came of it.
            await _look_again(app, job, await _shown(app, certificate, _name(job)))
        elif certificate.public_key_sha256 is not None and certificate.origin is Origin.MADE_HERE:
            # A crash came between key and answer, and the key died with the process.
            await _start_over(app, job, await _shown(app, certificate), "restarted")
        else:
            await _make(app, job, certificate)
    except StaleAction:
        # Somebody stopped the order meanwhile; what was signed is a stray and is revoked as one.
        app.vault.drop(certificate.public_id)


def _name(job: Job) -> str:
    """What the request calls itself, where that is not what was asked for."""
    return str(job.payload.get("says", {}).get("name", ""))


async def _shown(app: AppContext, certificate: Certificate, name: str = "") -> Certificate:
    """With a message that says it is being made; usually it has one."""
    if certificate.shown_at is not None:
        return certificate
    message = await _show_progress(app, certificate, name)
    async with app.store.write() as tx:
        return await tx.certificates.remember_message(
            certificate, chat_id=message.chat_id, message_id=message.message_id
        )


async def _show_progress(app: AppContext, certificate: Certificate, name: str = "") -> MessageRef:
    owner = certificate.device.owner_telegram_id
    try:
        return await app.notifier.show(Making(certificate, name=name), owner)
    except (ChatBusy, DeliveryUnknown) as trouble:
        raise RetryAt(app.clock.now() + timedelta(seconds=getattr(trouble, "retry_after", 2.0))) from None
    except Unreachable:
        await mark_unreachable(app, owner)
        await _fail(app, certificate, "unreachable")
        raise StaleAction from None


async def _make(app: AppContext, job: Job, certificate: Certificate) -> None:
    csr, certificate = await _request(app, job, certificate)
    try:
        signed = checked(await app.edge.sign(csr, certificate.asked_days), certificate.public_key_sha256)
    except Unclear:
        await _look_again(app, job, certificate)
    except Busy as busy:
        await _try_later(app, job, certificate, app.clock.now() + timedelta(seconds=busy.retry_after))
    except RefusedByEdge as refusal:
        await _refused(app, job, certificate, refusal)
    except MissingRight:
        await _fail(app, certificate, "MissingRight")
    else:
        await _signed(app, job, certificate, signed)


async def _request(app: AppContext, job: Job, certificate: Certificate) -> tuple[str, Certificate]:
    """The CSR, after its key's name is committed."""
    if certificate.origin is Origin.OWN_KEY:
        certificate = await _shown(app, certificate, _name(job))
        # From here on the CSR may have been posted: another run looks before it does anything.
        async with app.store.write() as tx:
            since = {"unclear_since": tx.now.isoformat()}
            await tx.jobs.remember(job.id, {**job.payload, **since})
        return str(job.payload["csr"]), certificate
    making = asyncio.create_task(_key(app, certificate.key_type))
    try:
        message = certificate.shown_at or await _show_progress(app, certificate)
    finally:
        key = await making
    csr = make_request(key, subject_of(certificate))
    name = public_key_sha256(key.public_key())
    app.vault.keep(certificate.public_id, key)
    async with app.store.write() as tx:
        try:
            noted = await tx.certificates.record(
                certificate,
                tag=AuditTag.CERTIFICATE_KEY_MADE,
                detail={"public_key": name},
                public_key_sha256=name,
                chat_id=message.chat_id,
                message_id=message.message_id,
            )
        except StaleAction:
            # Stopped while it was being said that it is made; whoever stopped it did not know of that message.
            if certificate.shown_at is None:
                await schedule_message_deletion(tx, message)
            noted = None
    if noted is None:
        raise StaleAction
    return csr, noted


async def _key(app: AppContext, kind: KeyType) -> PrivateKey:
    async with app.computing:
        await app.store.when_nobody_is_alone()
        return await asyncio.to_thread(make_key, kind)


async def _look_again(app: AppContext, job: Job, certificate: Certificate) -> None:
    """Look for a certificate of our key in the list, three times; then give up."""
    now = app.clock.now()
    since = datetime.fromisoformat(job.payload["unclear_since"]) if "unclear_since" in job.payload else now
    looks = int(job.payload.get("looks", 0))
    try:
        listed = await app.edge.live_certificates()
    except EdgeTrouble:
        listed = ()
    try:
        signed = found(listed, certificate.public_key_sha256)
    except Unclear:
        if looks + 1 < len(LOOK_AFTER):
            payload = {**job.payload, "unclear_since": since.isoformat(), "looks": looks + 1}
            raise RetryAt(max(since + LOOK_AFTER[looks + 1], now), payload) from None
        await _fail(app, certificate, "Unclear")
    else:
        await _signed(app, job, certificate, signed)


async def _signed(app: AppContext, job: Job, certificate: Certificate, signed: Signed) -> None:
    """Commit ``active`` with what the certificate says, and have it delivered; the file's end is planned first."""
    if certificate.origin is Origin.MADE_HERE and app.vault.look(certificate.public_id) is None:
        await _start_over(app, job, certificate, "restarted")
        return
    async with app.store.write() as tx:
        await tx.certificates.move(
            certificate,
            State.ACTIVE,
            tag=AuditTag.CERTIFICATE_ISSUED,
            detail={"serial": signed.facts.serial, "fingerprint": signed.facts.fingerprint_sha256},
            cloudflare_id=signed.cloudflare_id,
            serial=signed.facts.serial,
            fingerprint_sha256=signed.facts.fingerprint_sha256,
            issued_at=signed.facts.not_before,
            expires_at=signed.facts.not_after,
        )
        await tx.zones.shift_used(app.policy.zone, 1)
        if job.payload.get("ec_refused"):
            await tx.zones.needs_rsa(app.policy.zone)
        if job.payload.get("tell_admins"):
            name = (signed.facts.subject or NO_NAME) if _name(job) else ""
            await enqueue_for_admins(tx, IssuedWithoutTap, certificate, besides=certificate.device.owner_id, name=name)
        payload = {"pem": signed.pem, "says": job.payload.get("says", {})}
        await tx.jobs.add(JobKind.DELIVER, certificate.public_id, payload=payload)
        await tx.jobs.add(JobKind.EXPIRE, certificate.public_id, due_at=tx.now + FILE_TTL)
        await tx.jobs.finish(job)


async def _refused(app: AppContext, job: Job, certificate: Certificate, refusal: RefusedByEdge) -> None:
    used = await _count_slots(app, full=isinstance(refusal, CertificateQuotaFull))
    if isinstance(refusal, CertificateQuotaFull) or await _is_full(app, used):
        await _fail(app, certificate, "ZoneFull", used=used or 0)
    elif (
        used is not None
        and certificate.key_type is KeyType.P256
        and certificate.origin is Origin.MADE_HERE
        and refusal.status in _CLIENT_ERROR
    ):
        # Remembered for the zone only when RSA was taken: a stray refusal is no rule.
        await _start_over(app, job, certificate, "ec-refused", key_type=KeyType.RSA2048, payload={"ec_refused": True})
    else:
        await _fail(app, certificate, "RefusedByEdge")


async def _count_slots(app: AppContext, *, full: bool) -> int | None:
    """The live certificates; where Cloudflare says that these are all, it is believed rather than the plan."""
    try:
        used, quota = len(await app.edge.live_certificates()), await app.edge.certificate_quota()
    except EdgeTrouble:
        return None
    async with app.store.write() as tx:
        await tx.zones.counted(app.policy.zone, used, used if full else quota)
    return used


async def _is_full(app: AppContext, used: int | None) -> bool:
    if used is None:
        return False
    async with app.store.read() as tx:
        return (await tx.zones.of_name(app.policy.zone)).is_full


async def _try_later(app: AppContext, job: Job, certificate: Certificate, at: datetime) -> None:
    tries = int(job.payload.get("tries", 1))
    if certificate.origin is Origin.OWN_KEY or tries >= _MAX_TRIES:
        await _fail(app, certificate, "Busy")
        return
    await _start_over(app, job, certificate, "busy", at=at, payload={**job.payload, "tries": tries + 1})
    await tell(app, Making(certificate, retry_at=at), certificate.device.owner_telegram_id, certificate.shown_at)


async def _start_over(
    app: AppContext,
    job: Job,
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
        await _fail(app, certificate, "Unclear")
        return
    app.vault.drop(certificate.public_id)
    async with app.store.write() as tx:
        await tx.certificates.move(
            certificate, State.FAILED, tag=AuditTag.CERTIFICATE_FAILED, detail={"why": why}, failed_at=tx.now
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
        await tx.requests.transfer_request(certificate.id, fresh.id)
        told = {"tell_admins": True} if job.payload.get("tell_admins") else {}
        await tx.jobs.add(JobKind.ISSUE, fresh.public_id, due_at=at, payload={**told, **(payload or {})})


async def _fail(app: AppContext, certificate: Certificate, why: str, used: int = 0) -> None:
    app.vault.drop(certificate.public_id)
    async with app.store.write() as tx:
        failed = await tx.certificates.move(
            certificate,
            State.FAILED,
            tag=AuditTag.CERTIFICATE_FAILED,
            detail={"why": why},
            failed_at=tx.now,
            again_until=certificate.again_until or tx.now + REISSUE_WINDOW,
        )
        to = certificate.device.owner_telegram_id
        quota = (await tx.zones.of_name(app.policy.zone)).quota
        await enqueue_certificate_notice(tx, NotMade, failed, to, certificate.shown_at, why=why, used=used, quota=quota)
