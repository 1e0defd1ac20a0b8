"""The zone's DNS records, and the zone as the API shows it."""

from datetime import datetime
from typing import Any

from sandbox.cloudflare.zone import Zone, identifier

_PLAN_NAMES = {
    "free": "Free Website",
    "pro": "Pro Website",
    "business": "Business Website",
    "enterprise": "Enterprise Website",
}
_SINCE = "2024-01-01T05:20:00.123450Z"


def dns_records(zone_name: str, now: datetime) -> list[dict[str, Any]]:
    """A small home: three names that are tunnels, and the apex, all proxied."""
    stamp = now.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    tunnel = f"{identifier('tunnel')}.cfargotunnel.com"
    names = [f"{label}.{zone_name}" for label in ("ha", "photos", "www")]
    targets = [(name, "CNAME", tunnel) for name in names] + [(zone_name, "A", "192.0.2.10")]
    return [
        {
            "id": identifier(f"record {name}"),
            "type": kind,
            "name": name,
            "content": content,
            "proxied": True,
            "proxiable": True,
            "ttl": 1,
            "tags": [],
            "meta": {},
            "created_on": stamp,
            "modified_on": stamp,
        }
        for name, kind, content in targets
    ]


def zone_result(zone: Zone) -> dict[str, Any]:
    """The zone as ``GET /zones`` shows it."""
    return {
        "id": zone.id,
        "name": zone.name,
        "status": "active",
        "paused": False,
        "type": "full",
        "development_mode": 0,
        "name_servers": ["bob.ns.cloudflare.com", "lola.ns.cloudflare.com"],
        "original_name_servers": None,
        "original_registrar": None,
        "original_dnshost": None,
        "created_on": _SINCE,
        "modified_on": _SINCE,
        "activated_on": _SINCE,
        "meta": {"custom_certificate_quota": 0, "page_rule_quota": 3, "phishing_detected": False, "step": 2},
        "owner": {"id": identifier("owner"), "name": "Sandbox", "type": "user"},
        "account": {"id": zone.account_id, "name": "Sandbox"},
        "plan": {
            "id": identifier(f"plan {zone.plan}"),
            "name": _PLAN_NAMES[zone.plan],
            "legacy_id": zone.plan,
            "price": 0,
            "currency": "USD",
            "frequency": "",
            "is_subscribed": False,
            "can_subscribe": False,
            "externally_managed": False,
            "legacy_discount": False,
        },
    }
