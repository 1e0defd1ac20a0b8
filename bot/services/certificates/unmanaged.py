"""Certificates at Cloudflare that nobody ordered here: shown to an admin, given an owner, or revoked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.errors import InvalidName, NameTaken, NotFound, StaleAction
from bot.model.audit import SERVER
from bot.model.certificates.at_cloudflare import EdgeCertificate
from bot.model.certificates.certificates import Certificate, KeyType
from bot.model.certificates.names import DeviceName, ascii_slug, device_name
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person, Role, Standing
from bot.model.results import StatusOrdered
from bot.model.status.status import UnknownCertificate
from bot.pki.certificates import CertificateFacts, read_certificate
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.notifications.message_payload import message_payload
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_MAX_TRIES = 100
_NAMELESS = "found"


async def show(
    app: AppContext, actor: Person, number: int, shown_at: MessageRef, cause: Cause | None = None
) -> StatusOrdered:
    """Show one of them (from 0) in the message ``shown_at``.

    Raises:
        NotAllowed, Frozen: nothing is shown.
    """
    return await _order(app, actor, JobKind.LOOK_AT_UNKNOWN, str(actor.telegram_id), shown_at, cause, number=number)


async def adopt(
    app: AppContext, actor: Person, cloudflare_id: str, owner: str, shown_at: MessageRef, cause: Cause | None = None
) -> StatusOrdered:
    """Have one of them belong to the person of that public id.

    Raises:
        Gone: there is no such person, or they do not belong here now.
        NotAllowed, Frozen: nothing was ordered.
    """
    return await _order(app, actor, JobKind.ADOPT, cloudflare_id, shown_at, cause, owner=owner)


async def revoke(
    app: AppContext, actor: Person, cloudflare_id: str, shown_at: MessageRef, cause: Cause | None = None
) -> StatusOrdered:
    """Have one of them revoked. It is written down as the actor's first, so that the rule turns it away too.

    Raises:
        Gone: the press names none.
        NotAllowed, Frozen: nothing was ordered.
    """
    return await _order(app, actor, JobKind.REVOKE_UNKNOWN, cloudflare_id, shown_at, cause, owner=actor.public_id)


async def unknown_among(tx: Transaction, listed: Sequence[EdgeCertificate]) -> tuple[UnknownCertificate, ...]:
    """Those of Cloudflare's certificates that are valid and that nobody ordered here, in the order of their ids. Not
    those that were found when a backup was restored and are being revoked: nobody has to see to them.
    """
    live = {one.cloudflare_id: one for one in listed if one.status.holds_slot}
    strange = sorted(live.keys() - await tx.adoptions.known_ids(live.keys()) - set(await tx.blocks.kept_unconfirmed()))
    read = {cloudflare_id: facts_of(live[cloudflare_id]) for cloudflare_id in strange}
    known = await tx.adoptions.known_keys([one.public_key_sha256 for one in read.values() if one is not None])
    return tuple(
        _unknown(cloudflare_id, facts)
        for cloudflare_id, facts in read.items()
        if facts is None or facts.public_key_sha256 not in known
    )


def facts_of(found: EdgeCertificate) -> CertificateFacts | None:
    """What the certificate says of itself; ``None`` where Cloudflare does not show it."""
    try:
        return read_certificate(found.pem or "")
    except ValueError:
        return None


async def take_in(
    tx: Transaction, actor: Person | None, owner: Person, cloudflare_id: str, facts: CertificateFacts
) -> Certificate:
    """Write one down as the owner's. Without an actor it is whoever has the server.

    Raises:
        Gone: it is known by now.
    """
    if await tx.adoptions.known_ids([cloudflare_id]) or await tx.adoptions.known_keys([facts.public_key_sha256]):
        raise StaleAction
    by = actor_of(actor) if actor else SERVER
    for name in _names(facts):
        try:
            return await tx.adoptions.adopt(owner, name, actor=by, **_columns(cloudflare_id, facts))
        except NameTaken:
            continue
    raise StaleAction


async def owner_of(tx: Transaction, public_id: str) -> Person:
    """Whom a press names.

    Raises:
        Gone: nobody who belongs here now.
    """
    try:
        owner = await tx.people.of(public_id)
    except NotFound:
        raise StaleAction from None
    if owner.standing is not Standing.OK or owner.role not in {Role.ADMIN, Role.MEMBER}:
        raise StaleAction
    return owner


async def _order(
    app: AppContext,
    actor: Person,
    kind: JobKind,
    subject: str,
    shown_at: MessageRef,
    cause: Cause | None,
    **more: str | int,
) -> StatusOrdered:
    check(actor, Action.ADMINISTER)
    if not subject:
        raise StaleAction
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        if kind is JobKind.ADOPT:
            await owner_of(tx, str(more["owner"]))
        payload = {"to": actor.telegram_id, "by": actor.public_id, **message_payload(shown_at), **more}
        # Tapped twice, or by two: once is enough.
        if kind is JobKind.LOOK_AT_UNKNOWN or not await tx.jobs.of_subject(kind, subject):
            await tx.jobs.add(kind, subject, payload=payload)
    return StatusOrdered()


def _unknown(cloudflare_id: str, facts: CertificateFacts | None) -> UnknownCertificate:
    return UnknownCertificate(
        cloudflare_id=cloudflare_id,
        common_name=(facts.common_name or "") if facts else "",
        serial=facts.serial if facts else "",
        issued_at=facts.not_before if facts else None,
        expires_at=facts.not_after if facts else None,
    )


def _names(facts: CertificateFacts) -> list[DeviceName]:
    """Names for the device, the certificate's own first."""
    stem = ascii_slug(facts.common_name or "")[:24] or _NAMELESS
    found = []
    for text in (facts.common_name or "", stem, *(f"{stem} {number}" for number in range(2, _MAX_TRIES))):
        try:
            found.append(device_name(text))
        except InvalidName:
            continue
    return found


def _columns(cloudflare_id: str, facts: CertificateFacts) -> dict[str, Any]:
    common: str = ascii_slug(facts.common_name or "") or _NAMELESS
    issued: datetime = facts.not_before
    return {
        "key_type": KeyType.RSA2048 if facts.is_rsa else KeyType.P256,
        "days": (facts.not_after - issued).days,
        "common_name": common,
        "public_key_sha256": facts.public_key_sha256,
        "cloudflare_id": cloudflare_id,
        "serial": facts.serial,
        "fingerprint_sha256": facts.fingerprint_sha256,
        "issued_at": issued,
        "expires_at": facts.not_after,
    }
