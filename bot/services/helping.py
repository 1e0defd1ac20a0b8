"""It does not work: what the owner sees, what to do about it, and an admin's hand."""

from datetime import timedelta

from bot.errors import Gone, OwnRequest, Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.certificates import Certificate, Purpose, RevokeReason, State
from bot.model.notices import HelpWanted, StepsAgain
from bot.model.people import Person
from bot.model.request_notices import (
    SaidYes,
)
from bot.model.requests import RequestKind, RequestState
from bot.model.results import HelpAsked, HelpSent
from bot.model.symptoms import Symptom
from bot.services.parts import PERMISSION, Parts
from bot.services.revoking import take_device_away
from bot.services.rights import checked
from bot.services.telling_later import tell
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction

_HELP_AGAIN = timedelta(hours=1)


async def symptom(parts: Parts, actor: Person, public_id: str) -> Certificate:
    """The certificate whose owner says what they see.

    Raises:
        Gone: not the actor's, or not in use (any more).
        NotAllowed, Frozen: nothing to say.
    """
    check(actor, Action.HANDLE_FILE)
    async with parts.store.read() as tx:
        return await _own(tx, actor, public_id)


async def ask(parts: Parts, actor: Person, public_id: str, seen: Symptom, cause: Cause | None = None) -> HelpAsked:
    """Show the admins that somebody needs a hand with a device; once an hour, however often it is asked.

    Raises:
        Gone: not the actor's, or not in use (any more).
        NotAllowed, Frozen: nobody was asked.
    """
    check(actor, Action.HANDLE_FILE)
    async with parts.store.write(cause) as tx:
        certificate = await _own(tx, actor, public_id)
        last = await tx.audit.last(Tag.DEVICE_HELP_ASKED, certificate.public_id)
        if last is not None and last <= tx.now < last + _HELP_AGAIN:
            return HelpAsked(certificate)
        await tx.audit.write(
            Tag.DEVICE_HELP_ASKED, actor=actor_of(actor), subject=certificate.public_id, detail={"sees": seen.value}
        )
        for admin in await tx.people.admins():
            if admin.id != actor.id:
                await tell(tx, HelpWanted, admin.telegram_id, certificate=certificate.public_id, symptom=seen.value)
    return HelpAsked(certificate)


async def send_steps(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> HelpSent:
    """Send somebody the steps for their device once more.

    Raises:
        Gone: there is no such device, or it has no key in use.
        NotAllowed, Frozen: nothing was sent.
    """
    async with parts.store.write(cause) as tx:
        certificate = await _helped(tx, actor, public_id)
        await tell(tx, StepsAgain, certificate.device.owner_telegram_id, certificate=certificate.public_id)
    return HelpSent(certificate)


async def send_new(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> HelpSent:
    """Take somebody's key away and allow them a new one for the same device, which they get at their own tap.

    Raises:
        Gone: there is no such device, or it has no key in use.
        OwnRequest: it is the actor's own.
        NotAllowed, Frozen: nothing changed.
    """
    async with parts.store.write(cause) as tx:
        certificate = await _helped(tx, actor, public_id)
        owner = await tx.people.of_id(certificate.device.owner_id)
        await take_device_away(tx, actor, certificate, RevokeReason.REPLACED, {"quiet": True})
        request = await tx.requests.add(
            owner,
            RequestKind.DEVICE,
            tag=Tag.REQUEST_APPROVED,
            actor=actor_of(actor),
            detail={"device": certificate.device.name},
            expires_at=tx.now,
            state=RequestState.APPROVED,
            decided_by=actor.id,
            decided_at=tx.now,
            permission_until=tx.now + PERMISSION,
            device_name=certificate.device.name,
            device_kind=certificate.device.kind,
            replaces_id=certificate.id,
        )
        await tell(tx, SaidYes, owner.telegram_id, request=request.public_id)
    parts.vault.drop(certificate.public_id)
    return HelpSent(certificate)


async def _helped(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    await checked(tx, actor, Action.ADMINISTER)
    certificate = await _in_use(tx, public_id)
    if certificate.device.owner_id == actor.id:
        raise OwnRequest
    return certificate


async def _own(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    certificate = await _in_use(tx, public_id)
    if certificate.device.owner_id != actor.id:
        raise Gone
    return certificate


async def _in_use(tx: Transaction, public_id: str) -> Certificate:
    try:
        certificate = await tx.certificates.of(public_id)
    except Unknown:
        raise Gone from None
    if certificate.state is not State.ACTIVE or certificate.purpose is not Purpose.DEVICE:
        raise Gone
    return certificate
