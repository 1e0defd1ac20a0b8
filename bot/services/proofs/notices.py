"""Notices about what is proven."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.notices import Notice
from bot.model.proofs.proofs import Colour, ProofRed
from bot.services.context import AppContext


async def _red(app: AppContext, to: int, payload: dict[str, Any]) -> Notice | None:
    del to
    subjects = payload["subjects"].split("\n")
    async with app.store.read() as tx:
        proofs = await tx.proofs.all()
    red = tuple(one for one in proofs if f"{one.kind}:{one.subject}" in subjects and one.colour is Colour.RED)
    return ProofRed(red) if red else None


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {ProofRed.__name__: _red}
"""What is read by the name of its notice."""
