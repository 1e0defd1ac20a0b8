"""Notices about open paths."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Unknown
from bot.model.notices import Notice
from bot.model.path_notices import PathCard, PathEnding, PathMove, PathMoved, PathNotProlonged, PathStillNeeded
from bot.model.paths import OpenPath, PathState
from bot.services.parts import Parts
from bot.services.path_looks import card_of
from bot.store.database import Transaction

_Payload = dict[str, Any]
_Read = Callable[[Parts, Transaction, int, _Payload, OpenPath], Awaitable[Notice | None]]


def _about(read: _Read) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def reader(parts: Parts, to: int, payload: _Payload) -> Notice | None:
        async with parts.store.read() as tx:
            try:
                return await read(parts, tx, to, payload, await tx.paths.of(payload["path"]))
            except Unknown:
                return None

    return reader


async def _card(parts: Parts, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice:
    del payload
    return await card_of(parts, tx, path, await tx.people.of_telegram(to))


async def _moved(parts: Parts, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice:
    del parts, to
    by = "" if payload["by"] is None else (await tx.people.of_id(payload["by"])).name
    return PathMoved(path, PathMove(payload["what"]), by)


def _while_open(kind: Callable[[OpenPath], Notice]) -> Callable[[Parts, int, _Payload], Awaitable[Notice | None]]:
    async def read(parts: Parts, tx: Transaction, to: int, payload: _Payload, path: OpenPath) -> Notice | None:
        del parts, tx, to, payload
        return kind(path) if path.state is PathState.OPEN else None

    return _about(read)


READERS: dict[str, Callable[[Parts, int, _Payload], Awaitable[Notice | None]]] = {
    PathCard.__name__: _about(_card),
    PathMoved.__name__: _about(_moved),
    PathEnding.__name__: _while_open(PathEnding),
    PathStillNeeded.__name__: _while_open(PathStillNeeded),
    PathNotProlonged.__name__: _while_open(PathNotProlonged),
}
