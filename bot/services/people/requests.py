"""Asking: to come in, or for another device. Admins are shown a card each; the asker sees what becomes of it."""

from datetime import datetime, timedelta

from bot.errors import AlreadyAsked, AlreadyDecided, AskedLately, LimitReached, NotFound, StaleAction, TooManyWaiting
from bot.model.audit import AuditTag
from bot.model.certificates.names import DeviceName, device_name
from bot.model.people.access import Action, check
from bot.model.people.links import Link
from bot.model.people.people import Account, Person, Role
from bot.model.people.request_notices import NobodyDecided, PermissionLapsed, Reminded
from bot.model.people.requests import ONE_CARD, Request, RequestKind, RequestState
from bot.model.results import Asked, LineTaken, RequestReminded, RequestWithdrawn
from bot.services.authorization import authorize, device_limit_of
from bot.services.context import MAX_OPEN_REQUESTS, AppContext
from bot.services.notifications import request_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import Prompt, PromptKind

_AFTER_A_NO = timedelta(hours=24)
_LINE_TTL = timedelta(hours=1)
_LINE_LENGTH = 200


async def ask_to_come_in(app: AppContext, actor: Person, cause: Cause | None = None) -> Asked:
    """Ask the admins to be let in.

    Raises:
        AlreadyAsked, AskedLately, TooManyWaiting, NotAllowed: nothing was asked.
    """
    check(actor, Action.ASK_TO_COME_IN)
    async with app.store.write(cause) as tx:
        return await come_in(app, tx, actor, None)


async def come_in(app: AppContext, tx: Transaction, actor: Person, link: Link | None) -> Asked:
    """Write down that somebody asks to come in, brought by ``link`` or by themself."""
    account = Account(telegram_id=actor.telegram_id, name=actor.name, language=actor.language)
    guest = await _guest(tx, account)
    await _refuse_more(tx, guest, RequestKind.COME_IN, invited=link is not None)
    request = await tx.requests.add(
        guest,
        RequestKind.COME_IN,
        expires_at=tx.now + app.policy.request_life,
        link_id=link.id if link else None,
        reminded_at=await _reminded_lately(tx, guest, RequestKind.COME_IN),
    )
    await tx.prompts.ask(guest.id, PromptKind.REQUEST_LINE, tx.now + _LINE_TTL, {"request": request.public_id})
    await request_messages.show_to_admins(tx, request)
    await request_messages.show_to_asker(tx, request)
    return Asked(request)


async def ask_for_device(app: AppContext, tx: Transaction, actor: Person, name: DeviceName, days: int | None) -> Asked:
    """Write down that somebody asks for a key for another device.

    Raises:
        NameTaken, LimitReached, AlreadyAsked, TooManyWaiting: nothing was asked.
    """
    await tx.devices.refuse_taken(actor.id, name)
    limit = device_limit_of(actor, app.policy)
    if await tx.certificates.count_held(actor.id) >= limit:
        raise LimitReached(limit)
    await _refuse_more(tx, actor, RequestKind.DEVICE)
    request = await tx.requests.add(
        actor,
        RequestKind.DEVICE,
        expires_at=tx.now + app.policy.request_life,
        reminded_at=await _reminded_lately(tx, actor, RequestKind.DEVICE),
        detail={"device": name.shown},
        device_name=name.shown,
        days=days,
    )
    await request_messages.show_to_admins(tx, request)
    await request_messages.show_to_asker(tx, request)
    return Asked(request)


async def take_line(app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None) -> LineTaken:
    """Put the asker's one line about who they are on the admins' cards.

    Raises:
        Gone: nothing of theirs waits any more.
    """
    check(actor, Action.ASK_TO_COME_IN)
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_LINE_LENGTH]
    async with app.store.write(cause) as tx:
        request = await own_open(tx, actor, prompt.payload["request"])
        request = await tx.requests.record(request, tag=AuditTag.REQUEST_LINE, actor=actor_of(actor), line=line)
        await tx.prompts.answered(actor.id)
        await request_messages.refresh(tx, request)
    return LineTaken(request)


async def remind(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestReminded:
    """Remind the admins of the actor's own request, once.

    Raises:
        Gone: it is not the actor's, is decided, or was reminded of already.
    """
    async with app.store.write(cause) as tx:
        request = await own_open(tx, actor, public_id)
        if request.reminded_at is not None:
            raise StaleAction
        request = await tx.requests.record(
            request, tag=AuditTag.REQUEST_REMINDED, actor=actor_of(actor), reminded_at=tx.now
        )
        for admin in await tx.people.admins():
            if admin.id != actor.id:
                await enqueue_notice(tx, Reminded, admin.telegram_id, request=request.public_id)
        await request_messages.show_to_admins(tx, request, anew=True)
        await request_messages.refresh(tx, request)
    return RequestReminded(request)


async def withdraw(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> RequestWithdrawn:
    """Take the actor's own request back.

    Raises:
        Gone: it is not the actor's, or is decided.
    """
    async with app.store.write(cause) as tx:
        request = await own_open(tx, actor, public_id)
        request = await tx.requests.move(
            request, RequestState.WITHDRAWN, tag=AuditTag.REQUEST_WITHDRAWN, actor=actor_of(actor)
        )
        await tx.prompts.answered(actor.id)
        await request_messages.refresh(tx, request)
    return RequestWithdrawn(request)


async def ask_again(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> Asked:
    """Ask anew for what ran out.

    Raises:
        Gone: it is not the actor's, or did not run out.
        NameTaken, LimitReached, AlreadyAsked, TooManyWaiting, NotAllowed, Frozen: nothing was asked.
    """
    async with app.store.write(cause) as tx:
        request = await own(tx, actor, public_id)
        if request.state not in {RequestState.EXPIRED, RequestState.LAPSED}:
            raise StaleAction
        if request.person.role is Role.GUEST:
            return await come_in(app, tx, actor, None)
        actor = await authorize(tx, actor, Action.WANT)
        if request.device_name is None:
            raise StaleAction
        return await ask_for_device(app, tx, actor, device_name(request.device_name), request.days)


async def run_out(tx: Transaction) -> None:
    """End requests that nobody decided, and permissions that nobody used, in time. Their people hear of it."""
    for request in await tx.requests.past_expiry():
        ended = await tx.requests.move(request, RequestState.EXPIRED, tag=AuditTag.REQUEST_EXPIRED)
        await request_messages.refresh(tx, ended)
        await enqueue_notice(tx, NobodyDecided, ended.person.telegram_id, request=ended.public_id)
    for request in await tx.requests.past_permission():
        ended = await tx.requests.move(request, RequestState.LAPSED, tag=AuditTag.REQUEST_LAPSED)
        await request_messages.refresh(tx, ended)
        await enqueue_notice(tx, PermissionLapsed, ended.person.telegram_id, request=ended.public_id)


async def own(tx: Transaction, actor: Person, public_id: str) -> Request:
    """The actor's own request.

    Raises:
        Gone: there is none, or it is somebody else's.
    """
    try:
        request = await tx.requests.of(public_id)
    except NotFound:
        raise StaleAction from None
    if request.person.telegram_id != actor.telegram_id:
        raise StaleAction
    return request


async def own_open(tx: Transaction, actor: Person, public_id: str) -> Request:
    """The actor's own request that still waits.

    Raises:
        Gone: there is none, or it is somebody else's.
        Decided: it does not wait any more.
    """
    request = await own(tx, actor, public_id)
    if request.state is not RequestState.OPEN or request.expires_at <= tx.now:
        raise AlreadyDecided(request.state.value, request.decided_by_name)
    return request


async def _guest(tx: Transaction, account: Account) -> Person:
    try:
        known = await tx.people.of_telegram(account.telegram_id)
    except NotFound:
        known = None
    if known is not None and known.role is Role.GUEST:
        return known
    tag = AuditTag.PERSON_ASKED_TO_COME_IN
    actor = f"telegram:{account.telegram_id}" if known is None else actor_of(known)
    return await tx.people.register(account, Role.GUEST, tag=tag, actor=actor)


async def _refuse_more(tx: Transaction, actor: Person, kind: RequestKind, *, invited: bool = False) -> None:
    """Refuse what is too much of one person, or of all strangers together: nobody whom an admin invited, and no member,
    is held up by those.
    """
    for waiting in await tx.requests.open_of(actor):
        if waiting.expires_at > tx.now:
            raise AlreadyAsked(waiting.expires_at)
    denied: datetime | None = await tx.requests.last_denied(actor)
    if actor.role is Role.GUEST and denied is not None and tx.now < denied + _AFTER_A_NO:
        raise AskedLately(denied + _AFTER_A_NO)
    others = await tx.requests.count_askers(kind, tx.now - ONE_CARD, besides=actor)
    if others >= MAX_OPEN_REQUESTS and not invited:
        raise TooManyWaiting


async def _reminded_lately(tx: Transaction, actor: Person, kind: RequestKind) -> datetime | None:
    """When the admins were reminded of what this person asked for before and took back, if that is not long ago."""
    before = await tx.requests.last_of(actor, kind)
    if before is None or not before.ended_undecided or before.reminded_at is None:
        return None
    return before.reminded_at if tx.now < before.reminded_at + ONE_CARD else None
