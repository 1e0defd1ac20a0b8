"""Notices about what was done on the command line."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import DoneOnServer, Notice
from bot.model.people.people import ServerChange
from bot.services.context import AppContext


async def _done_on_server(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app
    return DoneOnServer(ServerChange(payload["what"]), payload["name"], own=payload["telegram_id"] == to)


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    DoneOnServer.__name__: _done_on_server,
}
