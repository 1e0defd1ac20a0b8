"""Notices about certificates that end, and the weekly digest."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import NotFound
from bot.model.certificates.certificates import State
from bot.model.certificates.renewal import Digest, RenewalDue, days_to_offer
from bot.model.notices import Notice
from bot.services.context import AppContext
from bot.services.notifications import weekly_digest


async def _due(app: AppContext, to: int, payload: dict[str, Any]) -> Notice | None:
    """As it is when it is sent; nothing when it was renewed or revoked meanwhile."""
    del to
    async with app.store.read() as tx:
        try:
            certificate = await tx.certificates.of(payload["certificate"])
        except NotFound:
            return None
        renewed = await tx.renewals.beside(certificate)
        now = tx.now
    if renewed or certificate.expires_at is None or certificate.state not in {State.ACTIVE, State.EXPIRED}:
        return None
    ended = certificate.expires_at <= now
    return RenewalDue(certificate, ended, () if ended else days_to_offer(certificate.expires_at, now), now)


async def _digest(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del to, payload
    async with app.store.read() as tx:
        return await weekly_digest.read(tx, app.policy.zone)


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    RenewalDue.__name__: _due,
    Digest.__name__: _digest,
}
"""What is read by the name of its notice."""
