"""Notices about people and about the bot itself."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.household_notices import CannotReach, LooksLike, PoisonUpdate, TwoPollers, WebhookSet
from bot.model.notices import Notice
from bot.services.context import AppContext
from bot.services.people.lookalikes import resembled


async def _cannot_reach(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return CannotReach(payload["name"])


async def _looks_like(app: AppContext, to: int, payload: dict[str, Any]) -> Notice | None:
    """``None`` when they go by another name by now."""
    del to
    async with app.store.read() as tx:
        person = await tx.people.of(payload["person"])
        known = await resembled(tx, person)
    return None if known is None else LooksLike(person, payload["before"], known)


async def _poison(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return PoisonUpdate(payload["update_id"], payload["error_id"])


async def _two_pollers(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to, payload
    return TwoPollers()


async def _webhook(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del app, to
    return WebhookSet(payload["host"])


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    CannotReach.__name__: _cannot_reach,
    LooksLike.__name__: _looks_like,
    PoisonUpdate.__name__: _poison,
    TwoPollers.__name__: _two_pollers,
    WebhookSet.__name__: _webhook,
}
