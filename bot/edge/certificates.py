"""The zone's list of client certificates. Cloudflare forgets none: revoked ones stay in it for good."""

from typing import Any

from bot.edge.associations import SSL_RIGHT
from bot.edge.json_guards import objects, require_object
from bot.edge.rulesets import Call
from bot.errors import Unclear
from bot.model.certificates.at_cloudflare import EdgeCertificate, EdgeStatus

_PER_PAGE = 50
_MAX_PAGES = 4_000
"""Twice an Enterprise zone's quota. A server that invents ids for ever is not read further."""

_EVERY = "all"

Found = dict[str, EdgeCertificate]


class CertificateList:
    """Reads the list. ``status`` and ``per_page`` (at most 50) as the call's description has them."""

    def __init__(self, call: Call) -> None:
        self._call = call

    async def everything(self) -> tuple[EdgeCertificate, ...]:
        """All of them."""
        found: Found = {}
        await self._read(found, _EVERY)
        return tuple(found.values())

    async def live(self) -> tuple[EdgeCertificate, ...]:
        """Those that hold a slot. Where one page does not hold the whole list, the revoked ones are not asked for."""
        found: Found = {}
        if not await self._page(found, _EVERY, 1):
            # In this order: what is on its way to active is in the one list or in the other.
            for status in (EdgeStatus.PENDING_REACTIVATION, EdgeStatus.ACTIVE):
                told: Found = {}
                await self._read(told, status)
                found |= told
                if any(one.status not in {status, EdgeStatus.UNKNOWN} for one in told.values()):
                    # The filter was not heeded: these are all there are.
                    break
        return tuple(one for one in found.values() if one.status.holds_slot)

    async def _read(self, found: Found, status: str) -> None:
        """Add what all pages tell. Ids are counted once: a server that ignores ``page`` is not asked for ever.

        Raises:
            Unclear: there is no end of it.
        """
        for page in range(1, _MAX_PAGES + 1):
            if await self._page(found, status, page):
                return
        # A part of the list is not the list: what stands in the rest would count as gone.
        raise Unclear

    async def _page(self, found: Found, status: str, page: int) -> bool:
        """Add what one page tells; answers whether no more is to be expected of others."""
        query = {"status": status, "page": page, "per_page": _PER_PAGE}
        envelope = await self._call("GET", "client_certificates", SSL_RIGHT, query=query)
        items = [certificate_of(item) for item in objects(envelope.get("result"))]
        fresh = {item.cloudflare_id: item for item in items if item.cloudflare_id not in found}
        found.update(fresh)
        total = require_object(envelope.get("result_info")).get("total_count")
        return not fresh or (isinstance(total, int) and len(found) >= total)


def certificate_of(result: Any) -> EdgeCertificate:
    """What an answer tells of one certificate.

    Raises:
        Unclear: it tells of none.
    """
    if not isinstance(result, dict) or not isinstance(result.get("id"), str):
        raise Unclear
    pem = result.get("certificate")
    return EdgeCertificate(result["id"], status_of(result), pem if isinstance(pem, str) else None)


def status_of(result: Any) -> EdgeStatus:
    """The status that an answer tells, if it does."""
    word = result.get("status") if isinstance(result, dict) else None
    return EdgeStatus(word) if word in set(EdgeStatus) else EdgeStatus.UNKNOWN
