"""Notices about what was done on the command line."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import DoneOnServer, Notice
from bot.model.people import ServerChange
from bot.services.parts import Parts


async def _done_on_server(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del parts
    return DoneOnServer(ServerChange(payload["what"]), payload["name"], own=payload["telegram_id"] == to)


READERS: dict[str, Callable[[Parts, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    DoneOnServer.__name__: _done_on_server,
}
