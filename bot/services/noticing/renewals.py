"""Notices about certificates that end, and the weekly digest."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.errors import Unknown
from bot.model.certificates import State
from bot.model.notices import Notice
from bot.model.renewal import Digest, RenewalDue, days_to_offer
from bot.services import digest
from bot.services.parts import Parts


async def _due(parts: Parts, to: int, payload: dict[str, Any]) -> Notice | None:
    """As it is when it is sent; nothing when it was renewed or revoked meanwhile."""
    del to
    async with parts.store.read() as tx:
        try:
            certificate = await tx.certificates.of(payload["certificate"])
        except Unknown:
            return None
        renewed = await tx.renewals.beside(certificate)
        now = tx.now
    if renewed or certificate.expires_at is None or certificate.state not in {State.ACTIVE, State.EXPIRED}:
        return None
    ended = certificate.expires_at <= now
    return RenewalDue(certificate, ended, () if ended else days_to_offer(certificate.expires_at, now), now)


async def _digest(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del to, payload
    async with parts.store.read() as tx:
        return await digest.read(tx, parts.policy.zone)


READERS: dict[str, Callable[[Parts, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    RenewalDue.__name__: _due,
    Digest.__name__: _digest,
}
"""What is read by the name of its notice."""
