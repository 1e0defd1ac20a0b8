"""Notices about reports of lost devices."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import NotFound
from bot.model.lost_devices import LossCard
from bot.model.notices import Notice
from bot.services.certificates.revocation_outcome import turned_away
from bot.services.context import AppContext
from bot.services.lost_devices.report_view import loss_card


async def _card(app: AppContext, to: int, payload: dict[str, Any]) -> Notice | None:
    lock = await app.lock_if_told()
    try:
        async with app.store.read() as tx:
            loss = await tx.losses.of(payload["loss"])
            certificates = [await tx.certificates.of(public_id) for public_id in loss.certificates]
        turned = [await turned_away(app, certificate) for certificate in certificates]
        async with app.store.read() as tx:
            reader = await tx.people.of_telegram(to)
            return await loss_card(tx, await tx.losses.of(payload["loss"]), reader, lock, tuple(turned))
    except NotFound:
        return None


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    LossCard.__name__: _card,
}
