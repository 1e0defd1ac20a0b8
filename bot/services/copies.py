"""Every message that shows a request is remembered, so that all of them can say how it ended."""

from bot.model.chat import MessageRef
from bot.model.losses import LossCard
from bot.model.notices import Notice
from bot.model.people import Person
from bot.model.request_notices import (
    RequestCard,
    RequestWaiting,
)
from bot.model.requests import Request
from bot.services import loss_cards, reaching
from bot.services.parts import Parts
from bot.services.telling_later import tell
from bot.store.database import Transaction


async def keep(parts: Parts, what: Notice, at: MessageRef) -> None:
    """Remember where a request is shown; what changed while it was on its way is shown next."""
    if isinstance(what, LossCard):
        await loss_cards.keep(parts, what, at)
    if not isinstance(what, RequestCard | RequestWaiting):
        return
    async with parts.store.read() as tx:
        now = await tx.requests.of(what.request.public_id)
        known = at in await tx.requests.copies(now)
        same = await _same(tx, what, now)
    if known and same:
        return
    async with parts.store.write() as tx:
        now = await tx.requests.of(what.request.public_id)
        before = await reaching.reached(tx, now)
        await tx.requests.keep_copy(now, at)
        if not await _same(tx, what, now):
            await _refresh_one(tx, now, at)
        if isinstance(what, RequestCard):
            await tx.people.mark_reachable(at.chat_id)
            await _reached(tx, now, before)


async def not_shown(parts: Parts, what: Notice) -> None:
    """A card could not be shown, and will not be: its asker is told when that was the last of them."""
    if isinstance(what, RequestCard):
        async with parts.store.write() as tx:
            await reaching.tell_asker(tx, await tx.requests.of(what.request.public_id))


async def _reached(tx: Transaction, request: Request, before: tuple[Person, ...]) -> None:
    """Somebody has the card: what the asker reads follows, on its way or there already."""
    if {one.id for one in before} == {one.id for one in await reaching.reached(tx, request)}:
        return
    await reaching.tell_asker(tx, request)
    for copy in await tx.requests.copies(request):
        if copy.chat_id == request.person.telegram_id:
            await _refresh_one(tx, request, copy)


async def _same(tx: Transaction, shown: RequestCard | RequestWaiting, now: Request) -> bool:
    """Whether a message would say now what it says."""
    if isinstance(shown, RequestWaiting) and shown.reach is not await reaching.reach_of(tx, now):
        return False
    return _looks(now) == _looks(shown.request)


async def refresh(tx: Transaction, request: Request) -> None:
    """Bring every message that shows a request up to date."""
    for copy in await tx.requests.copies(request):
        await _refresh_one(tx, request, copy)


async def show_to_admins(tx: Transaction, request: Request) -> None:
    """Show a request to every admin, but not to the asker themself."""
    for admin in await tx.people.admins():
        if admin.id != request.person.id:
            await tell(tx, RequestCard, admin.telegram_id, request=request.public_id)


async def show_to_asker(tx: Transaction, request: Request, at: MessageRef | None = None) -> None:
    """Show a request to its asker: once it is known whom it has reached, or in a moment at the latest."""
    to, due_at = request.person.telegram_id, tx.now
    if any(admin.id != request.person.id for admin in await tx.people.admins()):
        due_at += reaching.PATIENCE
    await tell(tx, RequestWaiting, to, at, due_at=due_at, request=request.public_id)


async def _refresh_one(tx: Transaction, request: Request, at: MessageRef) -> None:
    kind = RequestWaiting if at.chat_id == request.person.telegram_id else RequestCard
    await tell(tx, kind, at.chat_id, at, request=request.public_id, only_there=True)


def _looks(request: Request) -> tuple[object, ...]:
    person = request.person
    return (
        request.state,
        request.line,
        request.reason,
        request.reminded_at,
        person.trusted,
        person.standing,
        person.role,
    )
