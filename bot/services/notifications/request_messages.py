"""Every message that shows a request is remembered, so that all of them can say how it ended."""

from bot.model.lost_devices import LossCard
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.model.people.people import Person
from bot.model.people.request_notices import RequestCard, RequestWaiting
from bot.model.people.requests import ONE_CARD, Request
from bot.services.context import AppContext
from bot.services.notifications import loss_messages, reach
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction


async def place_of(app: AppContext, what: Notice, to: int) -> MessageRef | None:
    """The card that an admin has of the same asker already, of today and not decided: it becomes this one."""
    if not isinstance(what, RequestCard) or what.request.person.telegram_id == to:
        return None
    async with app.store.write() as tx:
        now = await tx.requests.of(what.request.public_id)
        there = await tx.request_cards.take_over(now, to, tx.now - ONE_CARD)
        for older in there[1:]:
            await _refresh_one(tx, now, older)
    return there[0] if there else None


async def remember_message(
    app: AppContext, what: Notice, at: MessageRef, *, instead_of: MessageRef | None = None
) -> None:
    """Remember where a request is shown; what changed while it was on its way is shown next.

    ``instead_of``: the message that was to become this one, and is gone when it is another.
    """
    if isinstance(what, LossCard):
        await loss_messages.remember_message(app, what, at)
    if not isinstance(what, RequestCard | RequestWaiting):
        return
    async with app.store.read() as tx:
        now = await tx.requests.of(what.request.public_id)
        known = at in await tx.request_cards.of(now)
        same = await _same(tx, what, now)
    if known and same and not isinstance(what, RequestCard):
        return
    async with app.store.write() as tx:
        now = await tx.requests.of(what.request.public_id)
        before = await reach.reached(tx, now)
        if instead_of is not None and instead_of != at:
            await tx.request_cards.forget(now, instead_of)
        await tx.request_cards.keep(now, at)
        if not await _same(tx, what, now):
            await _refresh_one(tx, now, at)
        if isinstance(what, RequestCard):
            await tx.people.mark_reachable(at.chat_id)
            await _reached(tx, now, before)


async def not_shown(app: AppContext, what: Notice, at: MessageRef | None) -> None:
    """A card could not be shown, and will not be: its asker is told when that was the last of them.

    ``at``: the message that was to become it, and shows something older.
    """
    if isinstance(what, RequestCard):
        async with app.store.write() as tx:
            now = await tx.requests.of(what.request.public_id)
            if at is not None:
                await tx.request_cards.forget(now, at)
            await reach.tell_asker(tx, now)


async def _reached(tx: Transaction, request: Request, before: tuple[Person, ...]) -> None:
    """Somebody has the card: what the asker reads follows, on its way or there already."""
    await reach.tell_asker(tx, request)
    if {one.id for one in before} == {one.id for one in await reach.reached(tx, request)}:
        return
    for copy in await tx.request_cards.of(request):
        if copy.chat_id == request.person.telegram_id:
            await _refresh_one(tx, request, copy)


async def _same(tx: Transaction, shown: RequestCard | RequestWaiting, now: Request) -> bool:
    """Whether a message would say now what it says."""
    if isinstance(shown, RequestWaiting) and shown.reach is not await reach.reach_of(tx, now):
        return False
    return _looks(now) == _looks(shown.request)


async def refresh(tx: Transaction, request: Request) -> None:
    """Bring every message that shows a request up to date."""
    for copy in await tx.request_cards.of(request):
        await _refresh_one(tx, request, copy)


async def refresh_cards(tx: Transaction, request: Request) -> None:
    """Bring the admins' cards up to date; for its asker it has ended as it had before."""
    for copy in await tx.request_cards.of(request):
        if copy.chat_id != request.person.telegram_id:
            await _refresh_one(tx, request, copy)


async def show_to_admins(tx: Transaction, request: Request, *, anew: bool = False) -> None:
    """Show a request to every admin, but not to the asker themself; ``anew``: never by a card that is there already."""
    for admin in await tx.people.admins():
        if admin.id != request.person.id:
            await enqueue_notice(tx, RequestCard, admin.telegram_id, request=request.public_id, fresh=anew)


async def show_to_asker(tx: Transaction, request: Request, at: MessageRef | None = None) -> None:
    """Show a request to its asker: once it is known whom it has reached, or in a moment at the latest."""
    to, due_at = request.person.telegram_id, tx.now
    if any(admin.id != request.person.id for admin in await tx.people.admins()):
        due_at += reach.PATIENCE
    await enqueue_notice(tx, RequestWaiting, to, at, due_at=due_at, request=request.public_id)


async def _refresh_one(tx: Transaction, request: Request, at: MessageRef) -> None:
    kind = RequestWaiting if at.chat_id == request.person.telegram_id else RequestCard
    await enqueue_notice(tx, kind, at.chat_id, at, request=request.public_id, only_there=True)


def _looks(request: Request) -> tuple[object, ...]:
    person = request.person
    return (
        request.state,
        request.line,
        request.reason,
        request.reminded_at,
        person.name,
        person.trusted,
        person.standing,
        person.role,
    )
