"""Notices about a request."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import NotFound
from bot.model.notices import Notice
from bot.model.people.request_notices import (
    NobodyDecided,
    PermissionLapsed,
    Reminded,
    RequestCard,
    RequestWaiting,
    SaidNo,
    SaidYes,
    YouAreIn,
)
from bot.model.people.requests import Request, RequestState
from bot.services.context import AppContext
from bot.services.notifications.message_payload import payload_message
from bot.services.notifications.reach import reach_of, reached
from bot.services.people.lookalikes import resembled
from bot.store.engine.database import Transaction

_Payload = dict[str, Any]
_Read = Callable[[Transaction, Request], Awaitable[Notice | None]]


def _about(read: _Read) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def reader(app: AppContext, to: int, payload: _Payload) -> Notice | None:
        del to
        async with app.store.read() as tx:
            try:
                request = await tx.requests.of(payload["request"])
            except NotFound:
                return None
            return None if await _is_overtaken(tx, request, payload) else await read(tx, request)

    return reader


async def _is_overtaken(tx: Transaction, request: Request, payload: _Payload) -> bool:
    """Whether the message shows another request by now, or the card of a later one is on its way."""
    if payload.get("only_there"):
        return payload_message(payload) not in await tx.request_cards.of(request)
    if payload["notice"] != RequestCard.__name__ or not request.ended_undecided:
        return False
    last = await tx.requests.last_of(request.person, request.kind)
    return last is not None and last.id != request.id


def _in_state(
    state: RequestState, kind: Callable[[Request], Notice]
) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def read(tx: Transaction, request: Request) -> Notice | None:
        del tx
        return kind(request) if request.state is state else None

    return _about(read)


async def _card(tx: Transaction, request: Request) -> Notice:
    person = request.person
    return RequestCard(
        request,
        held=await tx.certificates.count_held(person.id),
        resembles=await resembled(tx, person),
        first_seen=person.met_at is not None and person.met_at.date() == request.asked_at.date(),
    )


async def _waiting(tx: Transaction, request: Request) -> Notice:
    # An admin who never wrote to the bot is known by number only.
    admins = tuple(admin.name for admin in await reached(tx, request) if admin.name != str(admin.telegram_id))
    return RequestWaiting(request, admins, await reach_of(tx, request))


READERS: dict[str, Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]] = {
    RequestCard.__name__: _about(_card),
    RequestWaiting.__name__: _about(_waiting),
    YouAreIn.__name__: _in_state(RequestState.APPROVED, YouAreIn),
    SaidYes.__name__: _in_state(RequestState.APPROVED, SaidYes),
    SaidNo.__name__: _in_state(RequestState.DENIED, SaidNo),
    NobodyDecided.__name__: _in_state(RequestState.EXPIRED, NobodyDecided),
    PermissionLapsed.__name__: _in_state(RequestState.LAPSED, PermissionLapsed),
    Reminded.__name__: _in_state(RequestState.OPEN, Reminded),
}
