"""What the zone's firewall turned away lately, by Cloudflare's GraphQL analytics (``firewallEventsAdaptive``).

What a plan tells differs, so its ``settings`` node is asked first (GraphQL Analytics API, "Settings node"). The data
may be sampled. No field of it names a client certificate.
"""

from collections.abc import Awaitable, Callable, Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.edge.json_guards import objects, require_object
from bot.edge.probe_mark import ProbeMark
from bot.errors import RefusedByEdge, Unclear
from bot.model.status.blocked_requests import MAX_SHOWN, BlockedRequest, BlockedRequests, program

ANALYTICS_RIGHT = "Zone: Analytics: Read"

Ask = Callable[[str, dict[str, Any], str], Awaitable[dict[str, Any]]]
"""One question: the query, its variables, the right it needs; answers ``data``."""

_SETTINGS = """query($z: string) { viewer { zones(filter: {zoneTag: $z}) { settings { firewallEventsAdaptive {
 enabled availableFields maxPageSize maxDuration notOlderThan } } } } }"""
_EVENTS = """query($z: string, $f: FirewallEventsAdaptiveFilter_InputObject) { viewer { zones(filter: {zoneTag: $z}) {
 firewallEventsAdaptive(filter: $f, limit: %d, orderBy: [datetime_DESC]) { %s } } } }"""
_NEEDED = ("datetime", "action", "clientRequestHTTPHost")
_FIELDS = (*_NEEDED, "clientRequestPath", "clientCountryName", "userAgent")
_ASKED = 200
_WITHIN = timedelta(hours=24)


async def blocked_requests(
    ask: Ask, zone_id: str, hosts: Collection[str], now: datetime, mark: ProbeMark | None = None
) -> BlockedRequests:
    """The last requests that were blocked at these hosts, without the bot's own, which bear ``mark``.

    Raises:
        RefusedByEdge: the zone's plan does not tell.
        Unclear, Busy, MissingRight: as for every call.
    """
    told = require_object(require_object(_zone(await ask(_SETTINGS, {"z": zone_id}, ANALYTICS_RIGHT)).get("settings")))
    plan = require_object(told.get("firewallEventsAdaptive"))
    available = plan.get("availableFields")
    fields = [one for one in _FIELDS if not isinstance(available, list) or one in available]
    if plan.get("enabled") is False or not set(_NEEDED) <= set(fields):
        raise RefusedByEdge(200)
    back = min(_WITHIN, _seconds(plan, "maxDuration"), _seconds(plan, "notOlderThan"))
    limit = min(_ASKED, plan["maxPageSize"]) if isinstance(plan.get("maxPageSize"), int) else _ASKED
    hours = round(back.total_seconds() / 3600)
    if not hosts:
        return BlockedRequests((), hours=hours)
    query, times = _EVENTS % (max(1, limit), " ".join(fields)), {"datetime_geq": now - back, "datetime_leq": now}
    within = {name: _moment(at) for name, at in times.items()}
    # Asked for by host and action: a zone with much else on it would fill the page with what is not ours.
    ours = {"action": "block", "clientRequestHTTPHost_in": sorted(hosts)}
    try:
        data = await ask(query, {"z": zone_id, "f": within | ours}, ANALYTICS_RIGHT)
    except RefusedByEdge:
        # No page says that every plan may ask by these two; what came last in the whole zone is better than nothing.
        data = await ask(query, {"z": zone_id, "f": within}, ANALYTICS_RIGHT)
    events = objects(_zone(data).get("firewallEventsAdaptive"))
    blocked = [event for event in events if event.get("action") == "block" and _host(event) in hosts]
    found = [_read(event) for event in blocked if mark is None or not _is_ours(event, mark)]
    found.sort(key=lambda one: one.at, reverse=True)
    return BlockedRequests(tuple(found[:MAX_SHOWN]), hours=hours)


def _zone(data: dict[str, Any]) -> dict[str, Any]:
    zones = objects(require_object(data.get("viewer")).get("zones"))
    return zones[0] if zones else {}


def _seconds(plan: dict[str, Any], name: str) -> timedelta:
    value = plan.get(name)
    return timedelta(seconds=value) if isinstance(value, int) and value > 0 else _WITHIN


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _host(event: dict[str, Any]) -> str:
    return str(event.get("clientRequestHTTPHost", "")).lower().partition(":")[0].rstrip(".")


def _is_ours(event: dict[str, Any], mark: ProbeMark) -> bool:
    return mark.is_ours(str(event.get("userAgent", "")), _host(event), _at(event))


def _at(event: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(str(event.get("datetime", "")))
    except ValueError:
        raise Unclear from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _read(event: dict[str, Any]) -> BlockedRequest:
    return BlockedRequest(
        at=_at(event),
        host=_host(event),
        path=str(event.get("clientRequestPath", "")),
        country=str(event.get("clientCountryName", ""))[:2],
        program=program(str(event.get("userAgent", ""))),
    )
