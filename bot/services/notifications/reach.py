"""Whether a request has reached anybody who decides, and what waits for admins who could not be reached."""

from datetime import timedelta

import structlog

from bot.model.jobs import Job, JobKind
from bot.model.lost_devices import LossState
from bot.model.people.people import Person, Role
from bot.model.people.request_notices import Reach, RequestCard, RequestWaiting
from bot.model.people.requests import Request, RequestKind, RequestState
from bot.services.notifications import loss_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction

_log = structlog.get_logger()
PATIENCE = timedelta(seconds=10)
"""How long the asker waits for the word whom it reached; then they read that it is under way."""

_STILL_NEWS = timedelta(days=30)


async def reached(tx: Transaction, request: Request) -> tuple[Person, ...]:
    """The admins in good standing whose phone has the card: Telegram took it."""
    chats = {copy.chat_id for copy in await tx.request_cards.of(request)}
    return tuple(admin for admin in await _deciders(tx, request) if admin.telegram_id in chats)


async def reach_of(tx: Transaction, request: Request) -> Reach:
    """Whether it has got to anybody, or still may."""
    if await reached(tx, request):
        return Reach.REACHED
    under_way = any(admin.reachable for admin in await _deciders(tx, request))
    return Reach.UNDER_WAY if under_way else Reach.NOBODY


async def tell_asker(tx: Transaction, request: Request) -> None:
    """Have the asker told what has come of the admins' cards, once each of them has been tried.

    Their message is on its way already (``copies.show_to_asker``), and waits for this.
    """
    if request.state is not RequestState.OPEN or await _untried(tx, request):
        return
    if await reach_of(tx, request) is Reach.NOBODY:
        _log.warning("a request has reached no admin: none can be written to", request=request.public_id)
    for chore in await _waiting(tx, request):
        await tx.jobs.hurry(chore)


async def bring_waiting(tx: Transaction, admin: Person) -> None:
    """Show an admin who can act, or be written to, again what waits for a decision and is not on their phone."""
    if not admin.is_admin:
        return
    for request in await tx.requests.outstanding():
        waits = request.state is RequestState.OPEN and request.expires_at > tx.now and request.person.id != admin.id
        decidable = request.kind is not RequestKind.COME_IN or request.person.role is Role.GUEST
        there = {copy.chat_id for copy in await tx.request_cards.of(request)}
        if waits and decidable and admin.telegram_id not in there and not await _cards(tx, request, admin):
            await enqueue_notice(tx, RequestCard, admin.telegram_id, request=request.public_id)
    for loss in await tx.losses.since(tx.now - _STILL_NEWS):
        there = {copy.chat_id for copy in await tx.losses.copies(loss)}
        if loss.state in {LossState.OPEN, LossState.KEYS_ONLY} and admin.telegram_id not in there:
            await loss_messages.show(tx, loss, admin.telegram_id)


async def _deciders(tx: Transaction, request: Request) -> tuple[Person, ...]:
    return tuple(admin for admin in await tx.people.admins() if admin.id != request.person.id)


async def _untried(tx: Transaction, request: Request) -> bool:
    """Whether a first try to show the card to somebody is still to come, or under way."""
    done = {admin.id for admin in await reached(tx, request)}
    open_ends = [admin for admin in await _deciders(tx, request) if admin.reachable and admin.id not in done]
    cards = [chore for admin in open_ends for chore in await _cards(tx, request, admin)]
    return any(chore.attempts == 0 for chore in cards)


async def _cards(tx: Transaction, request: Request, admin: Person) -> list[Job]:
    return await _of(tx, request, admin, RequestCard)


async def _waiting(tx: Transaction, request: Request) -> list[Job]:
    return await _of(tx, request, request.person, RequestWaiting)


async def _of(
    tx: Transaction, request: Request, reader: Person, notice: type[RequestCard | RequestWaiting]
) -> list[Job]:
    chores = await tx.jobs.of_subject(JobKind.NOTICE, str(reader.telegram_id))
    named = {"notice": notice.__name__, "request": request.public_id}
    return [chore for chore in chores if named.items() <= chore.payload.items()]
