"""Ordering a certificate. The decision is one short transaction; the worker does the rest."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import (
    InvalidRequestFile,
    KeyKnown,
    LimitReached,
    LockedDown,
    NeedsApproval,
    NotFound,
    StaleAction,
    ZoneFull,
)
from bot.model.audit import AuditTag
from bot.model.certificates.certificates import MARK, Certificate, DeviceKind, KeyType, Origin, State
from bot.model.certificates.names import DeviceName, ascii_slug, device_name
from bot.model.certificates.own_keys import NO_NAME, RequestSays
from bot.model.jobs import JobKind
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.results import Ordered, RequestAsked
from bot.pki.requests import RequestFile, SubjectName, read_request
from bot.services.authorization import authorize, device_limit_of, may_skip_approval
from bot.services.context import REQUEST_FILE_TTL, AppContext
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import PromptKind


@dataclass(frozen=True)
class Wishes:
    """What was asked for beside the name. ``None``: as the settings say."""

    days: int | None = None
    key_type: KeyType | None = None


def subject_of(certificate: Certificate) -> SubjectName:
    """The exact subject for a certificate: CN the device, O its owner, OU how we find it again."""
    return SubjectName(
        certificate.common_name, ascii_slug(certificate.device.owner_name), certificate.organizational_unit
    )


async def reissue(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> Ordered:
    """Make a certificate again for a device whose last one failed or was taken back.

    Whoever may issue may always do it; others within the time that the certificate's end left them.

    Raises:
        Gone: not the actor's, or there is no such permission (any more).
        NameTaken, LimitReached, ZoneFull, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.HANDLE_FILE)
    async with app.store.write(cause) as tx:
        try:
            last = await tx.certificates.of(public_id)
        except NotFound:
            raise StaleAction from None
        if last.device.owner_id != actor.id or last.origin is not Origin.MADE_HERE:
            raise StaleAction
        permitted = last.again_until is not None and tx.now < last.again_until
        actor = await authorize(tx, actor, Action.HANDLE_FILE)
        if not permitted and not await may_skip_approval(tx, actor):
            raise StaleAction
        wishes = Wishes(last.asked_days, last.key_type)
        name = device_name(last.device.name)
        # A renewal that was not opened in time is made again beside the one that still works.
        renewed = await tx.renewals.replaced_by(last)
        ordered = await place_order(
            app,
            tx,
            actor,
            name,
            wishes,
            replaces=renewed[0].id if renewed else last.id,
            renews=bool(renewed),
            again_until=last.again_until,
            tell_admins=not permitted,
        )
        # The permission goes with the new row, until its first end: it is neither used twice nor renewed by use.
        await tx.certificates.spend_permission(last)
        if permitted:
            await tx.requests.transfer_request(last.id, ordered.certificate.id)
        return ordered


async def order_with_own_key(
    app: AppContext, actor: Person, name: str, wishes: Wishes, cause: Cause | None = None, request: bytes | None = None
) -> RequestAsked | Ordered:
    """Order a certificate for a key that is made, and stays, on the actor's computer; asks for its CSR, unless it has
    come with the order.

    Raises:
        BadRequestFile, PrivateKeySent, KeyKnown: of the CSR; nothing was ordered.
        NeedsTap: the actor's certificates need an admin's yes.
        BadName, NameTaken, LimitReached, ZoneFull, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.WANT)
    wanted = device_name(name)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.WANT)
        if not await may_skip_approval(tx, actor):
            raise NeedsApproval
        await cancel_prompt(tx, actor)
        await check_room(app, tx, actor)
        asked = await await_request_file(app, tx, actor, wanted, wishes)
        return asked if request is None else await _take(tx, actor, request)


async def await_request_file(
    app: AppContext, tx: Transaction, owner: Person, name: DeviceName, wishes: Wishes, renews: Certificate | None = None
) -> RequestAsked:
    """Write an order down that waits for the CSR of a key kept elsewhere.

    Raises:
        NameTaken: nothing was ordered.
    """
    certificate = await tx.certificates.order(
        owner,
        name,
        key_type=app.policy.key_type,
        days=wishes.days or app.policy.validity_days,
        origin=Origin.OWN_KEY,
        replaces=renews.id if renews else None,
        renews=renews is not None,
    )
    until = tx.now + REQUEST_FILE_TTL
    await tx.prompts.ask(owner.id, PromptKind.REQUEST_FILE, until, {"certificate": certificate.public_id})
    await tx.jobs.add(JobKind.EXPIRE, certificate.public_id, due_at=until)
    return RequestAsked(certificate, until)


async def request_is_awaited(app: AppContext, actor: Person) -> bool:
    """Whether the bot waits for a request file of this person."""
    async with app.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    return prompt is not None and prompt.kind is PromptKind.REQUEST_FILE


async def take_request_file(app: AppContext, actor: Person, data: bytes, cause: Cause | None = None) -> Ordered:
    """Take the CSR that was asked for, from a file or a text.

    Raises:
        BadRequestFile: it is not one we sign (``why`` says), or none was asked for (``unasked``).
        PrivateKeySent: there is a private key in it.
        KeyKnown: that key had a certificate before.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.WANT)
    async with app.store.write(cause) as tx:
        return await _take(tx, await authorize(tx, actor, Action.ISSUE), data)


async def _take(tx: Transaction, actor: Person, data: bytes) -> Ordered:
    prompt = await tx.prompts.of(actor.id)
    if prompt is None or prompt.kind is not PromptKind.REQUEST_FILE:
        raise InvalidRequestFile("unasked")
    certificate = await tx.certificates.of(prompt.payload["certificate"])
    if certificate.state is not State.ISSUING:
        raise InvalidRequestFile("unasked")
    request = read_request(data, subject_of(certificate))
    await _check_marks(tx, certificate, request)
    if await tx.certificates.knows_key(request.public_key_sha256):
        raise KeyKnown
    await tx.prompts.answered(actor.id)
    # Committed here, so that the same key cannot come with two requests at once.
    certificate = await tx.certificates.record(
        certificate,
        tag=AuditTag.CERTIFICATE_KEY_MADE,
        actor=actor_of(actor),
        detail={"public_key": request.public_key_sha256},
        public_key_sha256=request.public_key_sha256,
    )
    await tx.jobs.drop(JobKind.EXPIRE, certificate.public_id)
    says = RequestSays(
        "" if request.is_asked else request.name or NO_NAME, request.more_names, request.challenge, request.by_windows
    )
    payload = {"csr": request.pem, "tell_admins": True, "says": says.as_payload()}
    await tx.jobs.add(JobKind.ISSUE, certificate.public_id, payload=payload)
    return Ordered(certificate)


async def _check_marks(tx: Transaction, certificate: Certificate, request: RequestFile) -> None:
    """Whatever name a request has, it has not the mark of somebody else's order: when a backup of before is restored,
    its certificate would be taken for theirs. An earlier order of the same owner is no harm.
    """
    for unit in request.units:
        if not unit.startswith(MARK) or unit == certificate.organizational_unit:
            continue
        try:
            other = await tx.certificates.of(unit.removeprefix(MARK))
        except NotFound:
            raise InvalidRequestFile("mark") from None
        if other.device.owner_id != certificate.device.owner_id:
            raise InvalidRequestFile("mark")


async def place_order(
    app: AppContext,
    tx: Transaction,
    owner: Person,
    name: DeviceName,
    wishes: Wishes,
    *,
    replaces: int | None = None,
    renews: bool = False,
    again_until: datetime | None = None,
    kind: DeviceKind | None = None,
    tell_admins: bool = False,
) -> Ordered:
    """Write an order down in a transaction that has seen a right to it. ``enqueue_for_admins``: no admin has said yes.
    ``renews``: what it replaces is in use, so the device counts already.

    Raises:
        NameTaken, LimitReached, ZoneFull: nothing was ordered.
    """
    await check_room(app, tx, owner, one_more=not renews)
    zone = await tx.zones.of_name(app.policy.zone)
    key_type = KeyType.RSA2048 if zone.needs_rsa else wishes.key_type or app.policy.key_type
    certificate = await tx.certificates.order(
        owner,
        name,
        key_type=key_type,
        days=wishes.days or app.policy.validity_days,
        replaces=replaces,
        renews=renews,
        again_until=again_until,
        kind=kind,
    )
    payload = {"tell_admins": True} if tell_admins else {}
    await tx.jobs.add(JobKind.ISSUE, certificate.public_id, payload=payload)
    return Ordered(certificate)


async def check_room(app: AppContext, tx: Transaction, owner: Person, *, one_more: bool = True) -> None:
    """Return when a certificate may be made for this person now; ``one_more``: for a device more.

    Raises:
        LockedDown, LimitReached, ZoneFull: none may.
    """
    if (await tx.rules.of_zone(app.policy.zone)).lockdown_at is not None:
        raise LockedDown
    limit = device_limit_of(owner, app.policy)
    if one_more and await tx.certificates.count_held(owner.id) >= limit:
        raise LimitReached(limit)
    # What was counted last may be out of date either way; a zone that is full now says so itself when signing.
    zone = await tx.zones.of_name(app.policy.zone)
    if zone.used_slots is not None and zone.is_full:
        raise ZoneFull(zone.used_slots, zone.quota)


async def cancel_prompt(tx: Transaction, actor: Person) -> None:
    """Take the open question off the table; an order that only waited for its request file is given up."""
    prompt = await tx.prompts.of(actor.id)
    await tx.prompts.answered(actor.id)
    if prompt is not None and prompt.kind is PromptKind.REQUEST_FILE:
        await _give_up(tx, prompt.payload["certificate"], actor)


async def _give_up(tx: Transaction, public_id: str, actor: Person) -> None:
    certificate = await tx.certificates.of(public_id)
    if certificate.state is State.ISSUING:
        await tx.jobs.drop(JobKind.EXPIRE, public_id)
        await tx.certificates.move(
            certificate,
            State.FAILED,
            tag=AuditTag.CERTIFICATE_FAILED,
            actor=actor_of(actor),
            detail={"why": "given-up"},
            failed_at=tx.now,
        )
