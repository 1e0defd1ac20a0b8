"""Notices about what was changed about a person."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import NotFound
from bot.model.notices import Notice
from bot.model.people.changes import PersonChange, PersonChanged
from bot.services.context import AppContext


async def _changed(app: AppContext, to: int, payload: dict[str, Any]) -> Notice | None:
    async with app.store.read() as tx:
        try:
            person = await tx.people.of(payload["person"])
        except NotFound:
            return None
        return PersonChanged(
            change=PersonChange(payload["change"]),
            name=person.name,
            by_name=payload["by_name"],
            own=person.telegram_id == to,
            until=person.ends_at,
            limit=payload.get("limit"),
            helpers=tuple(admin.name for admin in await tx.people.admins() if admin.id != person.id),
        )


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    PersonChanged.__name__: _changed,
}
