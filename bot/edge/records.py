"""The zone's names that go through Cloudflare, read from its DNS records.

The right for it is optional: without it names are typed instead of tapped.
"""

from bot.edge.answers import an_object, objects
from bot.edge.rulesets import Call
from bot.errors import EdgeTrouble

DNS_RIGHT = "Zone: DNS: Read"
_PER_PAGE = 100
_MOST_PAGES = 20
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


async def proxied_names(call: Call) -> tuple[str, ...] | None:
    """The names, in order, wildcards among them; ``None`` when they are not told."""
    found: dict[str, None] = {}
    seen = 0
    for page in range(1, _MOST_PAGES + 1):
        query = {"proxied": "true", "page": page, "per_page": _PER_PAGE}
        try:
            envelope = await call("GET", "dns_records", DNS_RIGHT, query=query)
        except EdgeTrouble:
            return None
        records = objects(envelope.get("result"))
        seen += len(records)
        for record in records:
            if record.get("type") in _ADDRESSES and record.get("proxied") is True:
                found[str(record.get("name", "")).lower()] = None
        total = an_object(envelope.get("result_info")).get("total_count")
        if not records or not isinstance(total, int) or seen >= total:
            break
    return tuple(sorted(found))
