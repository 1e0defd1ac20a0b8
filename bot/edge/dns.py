"""The zone's names that go through Cloudflare, read from its DNS records.

The right for it is optional: without it names are typed instead of tapped, and no other name of a service is looked
for.
"""

from bot.edge.json_guards import objects, require_object
from bot.edge.rulesets import Call
from bot.errors import EdgeTrouble
from bot.model.protection.hosts import ProxiedName

DNS_RIGHT = "Zone: DNS: Read"
_PER_PAGE = 100
_MAX_PAGES = 20
_ADDRESSES = frozenset({"A", "AAAA", "CNAME"})


async def proxied_names(call: Call) -> tuple[tuple[ProxiedName, ...], bool] | None:
    """The names, in order, wildcards among them, and whether there are more; ``None`` when they are not told."""
    found: dict[str, set[str]] = {}
    seen = 0
    for page in range(1, _MAX_PAGES + 1):
        query = {"proxied": "true", "page": page, "per_page": _PER_PAGE}
        try:
            envelope = await call("GET", "dns_records", DNS_RIGHT, query=query)
        except EdgeTrouble:
            return None
        records = objects(envelope.get("result"))
        seen += len(records)
        for record in records:
            if record.get("type") in _ADDRESSES and record.get("proxied") is True:
                name = str(record.get("name", "")).lower()
                found.setdefault(name, set()).add(str(record.get("content", "")).lower())
        total = require_object(envelope.get("result_info")).get("total_count")
        if not records or not isinstance(total, int) or seen >= total:
            return _in_order(found), False
    return _in_order(found), True


def _in_order(found: dict[str, set[str]]) -> tuple[ProxiedName, ...]:
    return tuple(ProxiedName(name, frozenset(found[name])) for name in sorted(found))
