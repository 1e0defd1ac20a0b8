"""Notices about reports of lost devices."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Unknown
from bot.model.losses import LossCard
from bot.model.notices import Notice
from bot.services.loss_looks import loss_card
from bot.services.outcomes import turned_away
from bot.services.parts import Parts


async def _card(parts: Parts, to: int, payload: dict[str, Any]) -> Notice | None:
    lock = await parts.lock_if_told()
    try:
        async with parts.store.read() as tx:
            loss = await tx.losses.of(payload["loss"])
            certificates = [await tx.certificates.of(public_id) for public_id in loss.certificates]
        turned = [await turned_away(parts, certificate) for certificate in certificates]
        async with parts.store.read() as tx:
            reader = await tx.people.of_telegram(to)
            return await loss_card(tx, await tx.losses.of(payload["loss"]), reader, lock, tuple(turned))
    except Unknown:
        return None


READERS: dict[str, Callable[[Parts, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    LossCard.__name__: _card,
}
