"""Deciding on a request: the first tap wins, and every copy of the card then says who decided."""

from typing import Any

from bot.errors import AlreadyDecided, NotFound, OwnRequest, StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person, Role, Standing
from bot.model.people.request_notices import SaidNo, SaidYes, YouAreIn
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.model.results import ReasonTaken, RequestDecided
from bot.services.authorization import authorize
from bot.services.context import PERMISSION, AppContext
from bot.services.notifications import request_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

_REASON_LENGTH = 300


async def approve(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestDecided:
    """Say yes: whoever asked to come in is a member from now on; the permission for one key waits 7 days.

    Raises:
        Decided: somebody decided already, or its time was up.
        OwnRequest: nobody decides on their own request.
        Gone, NotAllowed, Frozen: nothing was decided.
    """
    async with app.store.write(cause) as tx:
        request = await _undecided(tx, actor, public_id)
        request = await _decide(
            tx, actor, request, RequestState.APPROVED, AuditTag.REQUEST_APPROVED, permission_until=tx.now + PERMISSION
        )
        if request.kind is RequestKind.COME_IN:
            await let_in(tx, request.person, actor)
            request = await tx.requests.of(public_id)
        await request_messages.refresh(tx, request)
        said = YouAreIn if request.kind is RequestKind.COME_IN else SaidYes
        await enqueue_notice(tx, said, request.person.telegram_id, request=request.public_id)
    return RequestDecided(request)


async def deny(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestDecided:
    """Say no, with the reason where one was given before. Raises as ``approve``."""
    async with app.store.write(cause) as tx:
        request = await _undecided(tx, actor, public_id)
        request = await _decide(tx, actor, request, RequestState.DENIED, AuditTag.REQUEST_DENIED)
        await request_messages.refresh(tx, request)
        await enqueue_notice(tx, SaidNo, request.person.telegram_id, request=request.public_id)
    return RequestDecided(request)


async def block(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestDecided:
    """Say no to a stranger and hear nothing of them any more. They are told nothing.

    That works also where they took their request back, or where nobody decided in time.

    Raises:
        Decided: somebody decided already.
        OwnRequest: nobody decides on their own request.
        Gone: it is nobody's who waits to be let in.
        NotAllowed, Frozen: nothing was decided.
    """
    async with app.store.write(cause) as tx:
        request = await _to_decide(tx, actor, public_id)
        if request.kind is not RequestKind.COME_IN:
            raise StaleAction
        if request.state is not RequestState.OPEN and not request.ended_undecided:
            raise AlreadyDecided(request.state.value, request.decided_by_name)
        if not request.person.is_guest:
            last = await tx.requests.last_of(request.person, RequestKind.COME_IN) or request
            if last.state is RequestState.OPEN:
                # They belong here by another way, and what they asked for is no question any more.
                raise StaleAction
            raise AlreadyDecided(last.state.value, last.decided_by_name)
        await shut_out(tx, actor, request.person, request)
        request = await tx.requests.of(public_id)
    return RequestDecided(request)


async def shut_out(tx: Transaction, actor: Person, guest: Person, *pressed: Request) -> Person:
    """Block a guest, which decides on all that they asked for and nobody decided on; the cards say so."""
    asked = {request.id: request for request in (*await tx.request_cards.undecided(guest), *pressed)}
    asked |= {request.id: request for request in await tx.requests.open_of(guest)}
    for request in asked.values():
        await _decide(tx, actor, request, RequestState.BLOCKED, AuditTag.REQUEST_BLOCKED)
    blocked = await tx.people.change(
        guest, tag=AuditTag.PERSON_BLOCKED, actor=actor_of(actor), standing=Standing.BLOCKED
    )
    await tx.prompts.answered(guest.id)
    for before in asked.values():
        refresh = request_messages.refresh if before.state is RequestState.OPEN else request_messages.refresh_cards
        await refresh(tx, await tx.requests.of(before.public_id))
    return blocked


async def trust_asker(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestDecided:
    """Trust whoever was let in with own devices, from the decided card.

    Raises:
        Gone: there is no such card, or nobody was let in by it.
        OwnRequest, NotAllowed, Frozen: nothing changed.
    """
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        request = await _of(tx, public_id)
        if request.person.id == actor.id:
            raise OwnRequest
        person = request.person
        allowed = request.state in {RequestState.APPROVED, RequestState.USED, RequestState.LAPSED}
        if not allowed or person.role is not Role.MEMBER or person.trusted or person.standing is not Standing.OK:
            raise StaleAction
        await tx.people.change(person, tag=AuditTag.PERSON_TRUSTED, actor=actor_of(actor), trusted=True)
        request = await tx.requests.of(public_id)
        await request_messages.refresh(tx, request)
    return RequestDecided(request)


async def take_reason(
    app: AppContext, actor: Person, card: MessageRef, text: str, cause: Cause | None = None
) -> ReasonTaken:
    """Take an admin's reply to a card as the reason of a no, said already or still to come.

    Raises:
        Gone: the message shows no request.
        Decided: the request ended otherwise than by this admin's no.
        OwnRequest, NotAllowed, Frozen: nothing was taken.
    """
    check(actor, Action.ADMINISTER)
    reason = " ".join(text.split())[:_REASON_LENGTH]
    async with app.store.write(cause) as tx:
        request = await tx.request_cards.shown_at(card)
        if request is None:
            raise StaleAction
        if request.person.id == actor.id:
            raise OwnRequest
        denied = request.state is RequestState.DENIED and request.decided_by == actor.id
        if not denied and request.state is not RequestState.OPEN:
            raise AlreadyDecided(request.state.value, request.decided_by_name)
        request = await tx.requests.record(request, tag=AuditTag.REQUEST_REASON, actor=actor_of(actor), reason=reason)
        await request_messages.refresh(tx, request)
        if denied:
            await enqueue_notice(tx, SaidNo, request.person.telegram_id, request=request.public_id)
    return ReasonTaken(request, sent=denied)


async def let_in(tx: Transaction, person: Person, actor: Person) -> Person:
    """Make somebody a member."""
    member = await tx.people.change(
        person,
        tag=AuditTag.PERSON_LET_IN,
        actor=actor_of(actor),
        role=Role.MEMBER,
        standing=Standing.OK,
        trusted=False,
    )
    await tx.prompts.answered(person.id)
    await tx.jobs.add(JobKind.MENU, str(person.telegram_id))
    for earlier in await tx.request_cards.undecided(member):
        # There is nobody to block any more.
        await request_messages.refresh_cards(tx, earlier)
    return member


async def _decide(
    tx: Transaction, actor: Person, request: Request, to: RequestState, tag: AuditTag, **facts: Any
) -> Request:
    decided = await tx.requests.move(
        request, to, tag=tag, actor=actor_of(actor), decided_by=actor.id, decided_at=tx.now, **facts
    )
    await tx.prompts.answered(request.person.id)
    return decided


async def _to_decide(tx: Transaction, actor: Person, public_id: str) -> Request:
    await authorize(tx, actor, Action.ADMINISTER)
    request = await _of(tx, public_id)
    if request.person.id == actor.id:
        raise OwnRequest
    return request


async def _undecided(tx: Transaction, actor: Person, public_id: str) -> Request:
    request = await _to_decide(tx, actor, public_id)
    if request.state is not RequestState.OPEN:
        raise AlreadyDecided(request.state.value, request.decided_by_name)
    if request.kind is RequestKind.COME_IN and request.person.role is not Role.GUEST:
        # They came in by another way meanwhile: made an admin on the server, for one. No card undoes that.
        raise StaleAction
    if request.expires_at <= tx.now:
        raise AlreadyDecided(RequestState.EXPIRED.value, None)
    return request


async def _of(tx: Transaction, public_id: str) -> Request:
    try:
        return await tx.requests.of(public_id)
    except NotFound:
        raise StaleAction from None
