"""Notices about open paths."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import NotFound
from bot.model.notices import Notice
from bot.model.openings.notices import PathCard, PathEnding, PathMove, PathMoved, PathNotProlonged, PathStillNeeded
from bot.model.openings.paths import OpenPath, PathState
from bot.services.context import AppContext
from bot.services.openings.card import card_of
from bot.store.engine.database import Transaction

_Payload = dict[str, Any]
_Read = Callable[[AppContext, Transaction, int, _Payload, OpenPath], Awaitable[Notice | None]]


def _about(read: _Read) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def reader(app: AppContext, to: int, payload: _Payload) -> Notice | None:
        async with app.store.read() as tx:
            try:
                return await read(app, tx, to, payload, await tx.paths.of(payload["path"]))
            except NotFound:
                return None

    return reader


async def _card(app: AppContext, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice:
    del payload
    return await card_of(app, tx, path, await tx.people.of_telegram(to))


async def _moved(app: AppContext, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice:
    del app, to
    by = "" if payload["by"] is None else (await tx.people.of_id(payload["by"])).name
    return PathMoved(path, PathMove(payload["what"]), by)


def _while_open(kind: Callable[[OpenPath], Notice]) -> Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]:
    async def read(app: AppContext, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice | None:
        del app, tx, to, payload
        return kind(path) if path.state is PathState.OPEN else None

    return _about(read)


READERS: dict[str, Callable[[AppContext, int, _Payload], Awaitable[Notice | None]]] = {
    PathCard.__name__: _about(_card),
    PathMoved.__name__: _about(_moved),
    PathEnding.__name__: _while_open(PathEnding),
    PathStillNeeded.__name__: _while_open(PathStillNeeded),
    PathNotProlonged.__name__: _while_open(PathNotProlonged),
}
