"""It does not work: what the owner sees, what to do about it, and an admin's hand."""

from datetime import timedelta

from bot.errors import NotFound, OwnRequest, StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import Certificate, Purpose, RevokeReason, State
from bot.model.certificates.symptoms import Symptom
from bot.model.notices import HelpWanted, StepsAgain
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.people.request_notices import SaidYes
from bot.model.people.requests import RequestKind, RequestState
from bot.model.results import HelpAsked, HelpSent
from bot.services.authorization import authorize
from bot.services.certificates.revoke import revoke_device
from bot.services.context import PERMISSION, AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_HELP_AGAIN = timedelta(hours=1)


async def symptom(app: AppContext, actor: Person, public_id: str) -> Certificate:
    """The certificate whose owner says what they see.

    Raises:
        Gone: not the actor's, or not in use (any more).
        NotAllowed, Frozen: nothing to say.
    """
    check(actor, Action.HANDLE_FILE)
    async with app.store.read() as tx:
        return await _own(tx, actor, public_id)


async def ask(app: AppContext, actor: Person, public_id: str, seen: Symptom, cause: Cause | None = None) -> HelpAsked:
    """Show the admins that somebody needs a hand with a device; once an hour, however often it is asked.

    Raises:
        Gone: not the actor's, or not in use (any more).
        NotAllowed, Frozen: nobody was asked.
    """
    check(actor, Action.HANDLE_FILE)
    async with app.store.write(cause) as tx:
        certificate = await _own(tx, actor, public_id)
        last = await tx.audit.last(AuditTag.DEVICE_HELP_ASKED, certificate.public_id)
        if last is not None and last <= tx.now < last + _HELP_AGAIN:
            return HelpAsked(certificate)
        await tx.audit.write(
            AuditTag.DEVICE_HELP_ASKED,
            actor=actor_of(actor),
            subject=certificate.public_id,
            detail={"sees": seen.value},
        )
        for admin in await tx.people.admins():
            if admin.id != actor.id:
                await enqueue_notice(
                    tx, HelpWanted, admin.telegram_id, certificate=certificate.public_id, symptom=seen.value
                )
    return HelpAsked(certificate)


async def send_steps(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> HelpSent:
    """Send somebody the steps for their device once more.

    Raises:
        Gone: there is no such device, or it has no key in use.
        NotAllowed, Frozen: nothing was sent.
    """
    async with app.store.write(cause) as tx:
        certificate = await _helped(tx, actor, public_id)
        await enqueue_notice(tx, StepsAgain, certificate.device.owner_telegram_id, certificate=certificate.public_id)
    return HelpSent(certificate)


async def send_new(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> HelpSent:
    """Take somebody's key away and allow them a new one for the same device, which they get at their own tap.

    Raises:
        Gone: there is no such device, or it has no key in use.
        OwnRequest: it is the actor's own.
        NotAllowed, Frozen: nothing changed.
    """
    async with app.store.write(cause) as tx:
        certificate = await _helped(tx, actor, public_id)
        owner = await tx.people.of_id(certificate.device.owner_id)
        await revoke_device(tx, actor, certificate, RevokeReason.REPLACED, {"quiet": True})
        request = await tx.requests.add(
            owner,
            RequestKind.DEVICE,
            tag=AuditTag.REQUEST_APPROVED,
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
        await enqueue_notice(tx, SaidYes, owner.telegram_id, request=request.public_id)
    app.vault.drop(certificate.public_id)
    return HelpSent(certificate)


async def _helped(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    await authorize(tx, actor, Action.ADMINISTER)
    certificate = await _in_use(tx, public_id)
    if certificate.device.owner_id == actor.id:
        raise OwnRequest
    return certificate


async def _own(tx: Transaction, actor: Person, public_id: str) -> Certificate:
    certificate = await _in_use(tx, public_id)
    if certificate.device.owner_id != actor.id:
        raise StaleAction
    return certificate


async def _in_use(tx: Transaction, public_id: str) -> Certificate:
    try:
        certificate = await tx.certificates.of(public_id)
    except NotFound:
        raise StaleAction from None
    if certificate.state is not State.ACTIVE or certificate.purpose is not Purpose.DEVICE:
        raise StaleAction
    return certificate
