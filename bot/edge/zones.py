"""The zones a token sees, and whether Cloudflare knows the token at all."""

from dataclasses import dataclass
from typing import Any

from bot.edge.client import CloudflareClient
from bot.edge.json_guards import objects, require_object
from bot.errors import Unclear

ZONE_RIGHT = "Zone: Zone: Read"
_PER_PAGE = 50
_MAX_PAGES = 20


@dataclass(frozen=True)
class SeenZone:
    """One zone. ``plan`` is its name in Cloudflare's words, empty where it is not told."""

    name: str
    plan: str
    is_active: bool
    account_id: str


async def zones_seen(client: CloudflareClient) -> tuple[SeenZone, ...]:
    """All zones that the token sees, by name.

    Raises:
        MissingRight: it sees no list of zones at all.
        Unclear, Busy, RefusedByEdge: as for every call.
    """
    found: dict[str, SeenZone] = {}
    for page in range(1, _MAX_PAGES + 1):
        query = {"page": page, "per_page": _PER_PAGE}
        envelope = await client.call("GET", "/zones", right=ZONE_RIGHT, query=query)
        fresh = [zone for zone in map(_zone, objects(envelope.get("result"))) if zone.name not in found]
        found.update({zone.name: zone for zone in fresh})
        total = require_object(envelope.get("result_info")).get("total_count")
        if not fresh or (isinstance(total, int) and len(found) >= total):
            break
    return tuple(found[name] for name in sorted(found))


async def check_token_is_known(client: CloudflareClient) -> None:
    """Return when Cloudflare knows the token. Tokens that belong to an account are not told this way: for them it
    raises too.

    Raises:
        MissingRight: it does not, as far as one can see.
        Unclear, Busy, RefusedByEdge: as for every call.
    """
    await client.call("GET", "/user/tokens/verify", right="")


def _zone(item: dict[str, Any]) -> SeenZone:
    name = item.get("name")
    if not isinstance(name, str):
        raise Unclear
    plan = require_object(item.get("plan"))
    return SeenZone(
        name=name,
        plan=str(plan.get("name") or ""),
        is_active=item.get("status", "active") == "active" and item.get("paused") is not True,
        account_id=str(require_object(item.get("account")).get("id") or ""),
    )
