"""Certificates that nobody ordered here: shown, given an owner, revoked."""

from datetime import timedelta

from bot.edge.gateway import EdgeCertificate
from bot.errors import EdgeTrouble, Gone, RetryAt, Unknown
from bot.model.certificates import Certificate, RevokeReason, State
from bot.model.chores import Chore
from bot.model.people import Role, Standing
from bot.model.status import Adopted, NotAdopted, UnknownCertificates
from bot.services.chores.telling import show_or_later
from bot.services.parts import Parts
from bot.services.revoking import message_payload, payload_message, take_away
from bot.services.unknown_certificates import facts_of, owner_of, take_in, unknown_among

_MOST_OFFERED = 12
_AGAIN = timedelta(seconds=30)
_MOST_TRIES = 20


async def look_at_unknown(parts: Parts, chore: Chore) -> None:
    """Show one of them, and whose it could be."""
    number = max(0, chore.payload["number"])
    try:
        listed = await parts.edge.live_certificates()
    except EdgeTrouble:
        await _tell(parts, chore, UnknownCertificates(number=0, total=0, certificate=None, not_told=True))
        return
    async with parts.store.read() as tx:
        unknown = await unknown_among(tx, listed)
        everybody = await tx.people.everybody()
    at = number % len(unknown) if unknown else 0
    people = [one for one in everybody if one.standing is Standing.OK]
    people.sort(key=lambda one: (one.telegram_id != chore.payload["to"], one.role is not Role.ADMIN, one.id))
    found = unknown[at] if unknown else None
    shown = UnknownCertificates(number=at, total=len(unknown), certificate=found, people=tuple(people[:_MOST_OFFERED]))
    await _tell(parts, chore, shown)


async def adopt(parts: Parts, chore: Chore) -> None:
    """Give it an owner."""
    try:
        found = await parts.edge.status(chore.subject)
        facts = facts_of(found)
        if facts is None or not found.status.holds_slot:
            await _tell(parts, chore, NotAdopted(not_told=facts is None))
            return
        left = len(await _unknown_now(parts)) - 1
    except EdgeTrouble:
        await _tell(parts, chore, NotAdopted(not_told=True))
        return
    async with parts.store.read() as tx:
        actor, owner = await tx.people.of(chore.payload["by"]), await tx.people.of(chore.payload["owner"])
    certificate: Certificate | None
    try:
        async with parts.store.write() as tx:
            await owner_of(tx, owner.public_id)
            certificate = await take_in(tx, actor, owner, chore.subject, facts)
    except Gone:
        certificate = await _known(parts, chore)
    if certificate is None or certificate.device.owner_id != owner.id:
        await _tell(parts, chore, NotAdopted(not_told=False))
        return
    await _tell(parts, chore, Adopted(certificate=certificate, more=max(0, left)))


async def revoke_unknown(parts: Parts, chore: Chore) -> None:
    """Write it down and revoke it in one transaction: then Cloudflare and the rule turn it away as any other."""
    try:
        found = await parts.edge.status(chore.subject)
    except EdgeTrouble:
        await _later(parts, chore)
        return
    facts = facts_of(found)
    if facts is None:
        await _later(parts, chore)
        return
    try:
        async with parts.store.write() as tx:
            actor = await tx.people.of(chore.payload["by"])
            certificate = await take_in(tx, actor, actor, chore.subject, facts)
            told = {"to": actor.telegram_id, **message_payload(payload_message(chore.payload))}
            await take_away(tx, actor, certificate, RevokeReason.BY_ANOTHER, told)
    except Gone:
        known = await _known(parts, chore)
        if known is None or known.state not in {State.REVOKING, State.REVOKED}:
            await _tell(parts, chore, NotAdopted(not_told=False))


async def _known(parts: Parts, chore: Chore) -> Certificate | None:
    """What stands in the rows by now: after a crash, what this very chore wrote."""
    async with parts.store.read() as tx:
        try:
            return await tx.adoptions.of_cloudflare(chore.subject)
        except Unknown:
            return None


async def _later(parts: Parts, chore: Chore) -> None:
    """What takes away is tried again; whoever waits is told that it is not done yet."""
    if chore.attempts == 0:
        await _tell(parts, chore, NotAdopted(not_told=True))
    if chore.attempts < _MOST_TRIES:
        raise RetryAt(parts.clock.now() + _AGAIN)


async def _unknown_now(parts: Parts) -> tuple[object, ...]:
    listed: tuple[EdgeCertificate, ...] = await parts.edge.live_certificates()
    async with parts.store.read() as tx:
        return await unknown_among(tx, listed)


async def _tell(parts: Parts, chore: Chore, what: UnknownCertificates | Adopted | NotAdopted) -> None:
    await show_or_later(parts, chore, what, chore.payload["to"], payload_message(chore.payload))
