"""Notices about a request."""

import difflib
from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Unknown
from bot.model.names import name_key
from bot.model.notices import Notice
from bot.model.people import Person
from bot.model.request_notices import (
    NobodyDecided,
    PermissionLapsed,
    Reminded,
    RequestCard,
    RequestWaiting,
    SaidNo,
    SaidYes,
    YouAreIn,
)
from bot.model.requests import Request, RequestState
from bot.services.parts import Parts
from bot.services.reaching import reach_of, reached
from bot.store.database import Transaction

_Payload = dict[str, Any]
_Read = Callable[[Transaction, Request], Awaitable[Notice | None]]
_ALIKE = 0.8


def _about(read: _Read) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def reader(parts: Parts, to: int, payload: _Payload) -> Notice | None:
        del to
        async with parts.store.read() as tx:
            try:
                return await read(tx, await tx.requests.of(payload["request"]))
            except Unknown:
                return None

    return reader


def _in_state(
    state: RequestState, kind: Callable[[Request], Notice]
) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def read(tx: Transaction, request: Request) -> Notice | None:
        del tx
        return kind(request) if request.state is state else None

    return _about(read)


async def _card(tx: Transaction, request: Request) -> Notice:
    person = request.person
    return RequestCard(
        request,
        held=await tx.certificates.count_held(person.id),
        resembles=_resembling(person, await tx.people.everybody()),
        first_seen=person.met_at is not None and person.met_at.date() == request.asked_at.date(),
    )


async def _waiting(tx: Transaction, request: Request) -> Notice:
    # An admin who never wrote to the bot is known by number only.
    admins = tuple(admin.name for admin in await reached(tx, request) if admin.name != str(admin.telegram_id))
    return RequestWaiting(request, admins, await reach_of(tx, request))


def _resembling(person: Person, known: tuple[Person, ...]) -> str | None:
    """Somebody else whose name could be mistaken for this one: a stranger may call themself anything."""
    wanted = name_key(person.name)
    for other in known:
        likeness = difflib.SequenceMatcher(None, wanted, name_key(other.name)).ratio()
        if other.id != person.id and likeness >= _ALIKE:
            return other.name
    return None


READERS: dict[str, Callable[[Parts, int, _Payload], Awaitable[Notice | None]]] = {
    RequestCard.__name__: _about(_card),
    RequestWaiting.__name__: _about(_waiting),
    YouAreIn.__name__: _in_state(RequestState.APPROVED, YouAreIn),
    SaidYes.__name__: _in_state(RequestState.APPROVED, SaidYes),
    SaidNo.__name__: _in_state(RequestState.DENIED, SaidNo),
    NobodyDecided.__name__: _in_state(RequestState.EXPIRED, NobodyDecided),
    PermissionLapsed.__name__: _in_state(RequestState.LAPSED, PermissionLapsed),
    Reminded.__name__: _in_state(RequestState.OPEN, Reminded),
}
