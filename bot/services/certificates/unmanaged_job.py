"""Certificates that nobody ordered here: shown, given an owner, revoked."""

from datetime import timedelta

from bot.errors import EdgeTrouble, NotFound, RetryAt, StaleAction
from bot.model.certificates.at_cloudflare import EdgeCertificate
from bot.model.certificates.certificates import Certificate, RevokeReason, State
from bot.model.jobs import Job
from bot.model.people.people import Role, Standing
from bot.model.status.status import Adopted, NotAdopted, UnknownCertificates
from bot.services.certificates.revoke import revoke_certificate
from bot.services.certificates.unmanaged import facts_of, owner_of, take_in, unknown_among
from bot.services.context import AppContext
from bot.services.notifications.message_payload import message_payload, payload_message
from bot.services.notifications.show import show_or_later

_MAX_OFFERED = 12
_AGAIN = timedelta(seconds=30)
_MAX_TRIES = 20


async def look_at_unknown(app: AppContext, job: Job) -> None:
    """Show one of them, and whose it could be."""
    number = max(0, job.payload["number"])
    try:
        listed = await app.edge.live_certificates()
    except EdgeTrouble:
        await _tell(app, job, UnknownCertificates(number=0, total=0, certificate=None, not_told=True))
        return
    async with app.store.read() as tx:
        unknown = await unknown_among(tx, listed)
        everybody = await tx.people.everybody()
    at = number % len(unknown) if unknown else 0
    people = [one for one in everybody if one.standing is Standing.OK]
    people.sort(key=lambda one: (one.telegram_id != job.payload["to"], one.role is not Role.ADMIN, one.id))
    found = unknown[at] if unknown else None
    shown = UnknownCertificates(number=at, total=len(unknown), certificate=found, people=tuple(people[:_MAX_OFFERED]))
    await _tell(app, job, shown)


async def adopt(app: AppContext, job: Job) -> None:
    """Give it an owner."""
    try:
        found = await app.edge.status(job.subject)
        facts = facts_of(found)
        if facts is None or not found.status.holds_slot:
            await _tell(app, job, NotAdopted(not_told=facts is None))
            return
        left = len(await _unknown_now(app)) - 1
    except EdgeTrouble:
        await _tell(app, job, NotAdopted(not_told=True))
        return
    async with app.store.read() as tx:
        actor, owner = await tx.people.of(job.payload["by"]), await tx.people.of(job.payload["owner"])
    certificate: Certificate | None
    try:
        async with app.store.write() as tx:
            await owner_of(tx, owner.public_id)
            certificate = await take_in(tx, actor, owner, job.subject, facts)
    except StaleAction:
        certificate = await _known(app, job)
    if certificate is None or certificate.device.owner_id != owner.id:
        await _tell(app, job, NotAdopted(not_told=False))
        return
    await _tell(app, job, Adopted(certificate=certificate, more=max(0, left)))


async def revoke_unknown(app: AppContext, job: Job) -> None:
    """Write it down and revoke it in one transaction: then Cloudflare and the rule turn it away as any other."""
    try:
        found = await app.edge.status(job.subject)
    except EdgeTrouble:
        await _later(app, job)
        return
    facts = facts_of(found)
    if facts is None:
        await _later(app, job)
        return
    try:
        async with app.store.write() as tx:
            actor = await tx.people.of(job.payload["by"])
            certificate = await take_in(tx, actor, actor, job.subject, facts)
            told = {"to": actor.telegram_id, **message_payload(payload_message(job.payload))}
            await revoke_certificate(tx, actor, certificate, RevokeReason.BY_ANOTHER, told)
    except StaleAction:
        known = await _known(app, job)
        if known is None or known.state not in {State.REVOKING, State.REVOKED}:
            await _tell(app, job, NotAdopted(not_told=False))


async def _known(app: AppContext, job: Job) -> Certificate | None:
    """What stands in the rows by now: after a crash, what this very chore wrote."""
    async with app.store.read() as tx:
        try:
            return await tx.adoptions.of_cloudflare(job.subject)
        except NotFound:
            return None


async def _later(app: AppContext, job: Job) -> None:
    """What takes away is tried again; whoever waits is told that it is not done yet."""
    if job.attempts == 0:
        await _tell(app, job, NotAdopted(not_told=True))
    if job.attempts < _MAX_TRIES:
        raise RetryAt(app.clock.now() + _AGAIN)


async def _unknown_now(app: AppContext) -> tuple[object, ...]:
    listed: tuple[EdgeCertificate, ...] = await app.edge.live_certificates()
    async with app.store.read() as tx:
        return await unknown_among(tx, listed)


async def _tell(app: AppContext, job: Job, what: UnknownCertificates | Adopted | NotAdopted) -> None:
    await show_or_later(app, job, what, job.payload["to"], payload_message(job.payload))
