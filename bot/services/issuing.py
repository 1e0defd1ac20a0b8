"""Ordering a certificate. The decision is one short transaction; the worker does the rest."""

from dataclasses import dataclass
from datetime import datetime

from bot.errors import BadRequestFile, Gone, KeyKnown, LimitReached, LockedDown, NeedsTap, Unknown, ZoneFull
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.certificates import MARK, Certificate, DeviceKind, KeyType, Origin, State
from bot.model.chores import ChoreKind
from bot.model.names import DeviceName, ascii_slug, device_name
from bot.model.own_keys import NO_NAME, RequestSays
from bot.model.people import Person
from bot.model.results import Ordered, RequestAsked
from bot.pki.requests import RequestFile, SubjectName, read_request
from bot.services.parts import REQUEST_FILE_STAYS, Parts
from bot.services.rights import checked, device_limit_of, may_without_tap
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction
from bot.store.prompts import PromptKind


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


async def again(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> Ordered:
    """Make a certificate again for a device whose last one failed or was taken back.

    Whoever may issue may always do it; others within the time that the certificate's end left them.

    Raises:
        Gone: not the actor's, or there is no such permission (any more).
        NameTaken, LimitReached, ZoneFull, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.HANDLE_FILE)
    async with parts.store.write(cause) as tx:
        try:
            last = await tx.certificates.of(public_id)
        except Unknown:
            raise Gone from None
        if last.device.owner_id != actor.id or last.origin is not Origin.MADE_HERE:
            raise Gone
        permitted = last.again_until is not None and tx.now < last.again_until
        actor = await checked(tx, actor, Action.HANDLE_FILE)
        if not permitted and not await may_without_tap(tx, actor):
            raise Gone
        wishes = Wishes(last.asked_days, last.key_type)
        name = device_name(last.device.name)
        # A renewal that was not opened in time is made again beside the one that still works.
        renewed = await tx.renewals.replaced_by(last)
        ordered = await place_order(
            parts,
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
            await tx.requests.hand_on(last.id, ordered.certificate.id)
        return ordered


async def order_with_own_key(
    parts: Parts, actor: Person, name: str, wishes: Wishes, cause: Cause | None = None, request: bytes | None = None
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
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.WANT)
        if not await may_without_tap(tx, actor):
            raise NeedsTap
        await drop_question(tx, actor)
        await check_room(parts, tx, actor)
        asked = await await_request_file(parts, tx, actor, wanted, wishes)
        return asked if request is None else await _take(tx, actor, request)


async def await_request_file(
    parts: Parts, tx: Transaction, owner: Person, name: DeviceName, wishes: Wishes, renews: Certificate | None = None
) -> RequestAsked:
    """Write an order down that waits for the CSR of a key kept elsewhere.

    Raises:
        NameTaken: nothing was ordered.
    """
    certificate = await tx.certificates.order(
        owner,
        name,
        key_type=parts.policy.key_type,
        days=wishes.days or parts.policy.validity_days,
        origin=Origin.OWN_KEY,
        replaces=renews.id if renews else None,
        renews=renews is not None,
    )
    until = tx.now + REQUEST_FILE_STAYS
    await tx.prompts.ask(owner.id, PromptKind.REQUEST_FILE, until, {"certificate": certificate.public_id})
    await tx.chores.add(ChoreKind.EXPIRE, certificate.public_id, due_at=until)
    return RequestAsked(certificate, until)


async def request_is_awaited(parts: Parts, actor: Person) -> bool:
    """Whether the bot waits for a request file of this person."""
    async with parts.store.read() as tx:
        prompt = await tx.prompts.of(actor.id)
    return prompt is not None and prompt.kind is PromptKind.REQUEST_FILE


async def take_request_file(parts: Parts, actor: Person, data: bytes, cause: Cause | None = None) -> Ordered:
    """Take the CSR that was asked for, from a file or a text.

    Raises:
        BadRequestFile: it is not one we sign (``why`` says), or none was asked for (``unasked``).
        PrivateKeySent: there is a private key in it.
        KeyKnown: that key had a certificate before.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.WANT)
    async with parts.store.write(cause) as tx:
        return await _take(tx, await checked(tx, actor, Action.ISSUE), data)


async def _take(tx: Transaction, actor: Person, data: bytes) -> Ordered:
    prompt = await tx.prompts.of(actor.id)
    if prompt is None or prompt.kind is not PromptKind.REQUEST_FILE:
        raise BadRequestFile("unasked")
    certificate = await tx.certificates.of(prompt.payload["certificate"])
    if certificate.state is not State.ISSUING:
        raise BadRequestFile("unasked")
    request = read_request(data, subject_of(certificate))
    await _check_marks(tx, certificate, request)
    if await tx.certificates.knows_key(request.public_key_sha256):
        raise KeyKnown
    await tx.prompts.answered(actor.id)
    # Committed here, so that the same key cannot come with two requests at once.
    certificate = await tx.certificates.note(
        certificate,
        tag=Tag.CERTIFICATE_KEY_MADE,
        actor=actor_of(actor),
        detail={"public_key": request.public_key_sha256},
        public_key_sha256=request.public_key_sha256,
    )
    await tx.chores.drop(ChoreKind.EXPIRE, certificate.public_id)
    says = RequestSays(
        "" if request.is_asked else request.name or NO_NAME, request.more_names, request.challenge, request.by_windows
    )
    payload = {"csr": request.pem, "tell_admins": True, "says": says.as_payload()}
    await tx.chores.add(ChoreKind.ISSUE, certificate.public_id, payload=payload)
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
        except Unknown:
            raise BadRequestFile("mark") from None
        if other.device.owner_id != certificate.device.owner_id:
            raise BadRequestFile("mark")


async def place_order(
    parts: Parts,
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
    """Write an order down in a transaction that has seen a right to it. ``tell_admins``: no admin has said yes.
    ``renews``: what it replaces is in use, so the device counts already.

    Raises:
        NameTaken, LimitReached, ZoneFull: nothing was ordered.
    """
    await check_room(parts, tx, owner, one_more=not renews)
    zone = await tx.zones.of_name(parts.policy.zone)
    key_type = KeyType.RSA2048 if zone.needs_rsa else wishes.key_type or parts.policy.key_type
    certificate = await tx.certificates.order(
        owner,
        name,
        key_type=key_type,
        days=wishes.days or parts.policy.validity_days,
        replaces=replaces,
        renews=renews,
        again_until=again_until,
        kind=kind,
    )
    payload = {"tell_admins": True} if tell_admins else {}
    await tx.chores.add(ChoreKind.ISSUE, certificate.public_id, payload=payload)
    return Ordered(certificate)


async def check_room(parts: Parts, tx: Transaction, owner: Person, *, one_more: bool = True) -> None:
    """Return when a certificate may be made for this person now; ``one_more``: for a device more.

    Raises:
        LockedDown, LimitReached, ZoneFull: none may.
    """
    if (await tx.rules.of_zone(parts.policy.zone)).lockdown_at is not None:
        raise LockedDown
    limit = device_limit_of(owner, parts.policy)
    if one_more and await tx.certificates.count_held(owner.id) >= limit:
        raise LimitReached(limit)
    # What was counted last may be out of date either way; a zone that is full now says so itself when signing.
    zone = await tx.zones.of_name(parts.policy.zone)
    if zone.used_slots is not None and zone.is_full:
        raise ZoneFull(zone.used_slots, zone.quota)


async def drop_question(tx: Transaction, actor: Person) -> None:
    """Take the open question off the table; an order that only waited for its request file is given up."""
    prompt = await tx.prompts.of(actor.id)
    await tx.prompts.answered(actor.id)
    if prompt is not None and prompt.kind is PromptKind.REQUEST_FILE:
        await _give_up(tx, prompt.payload["certificate"], actor)


async def _give_up(tx: Transaction, public_id: str, actor: Person) -> None:
    certificate = await tx.certificates.of(public_id)
    if certificate.state is State.ISSUING:
        await tx.chores.drop(ChoreKind.EXPIRE, public_id)
        await tx.certificates.move(
            certificate,
            State.FAILED,
            tag=Tag.CERTIFICATE_FAILED,
            actor=actor_of(actor),
            detail={"why": "given-up"},
            failed_at=tx.now,
        )
