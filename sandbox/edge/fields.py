"""A request as the rules see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address

from aiohttp import web

from sandbox.edge.judge import certificate_fields
from sandbox.edge.normalization import normalised_escapes, normalised_path
from sandbox.edge.tls import Handshake
from sandbox.edge.zone import ZoneState
from sandbox.rules.evaluation import FieldValue

# What nobody knows of a loopback address; Cloudflare's own word for an unknown country is XX.
_UNKNOWN: dict[str, FieldValue] = {
    "cf.client.bot": False,
    "cf.threat_score": 0,
    "cf.verified_bot_category": "",
    "ip.src.asnum": 0,
    "ip.src.continent": "",
    "ip.src.country": "XX",
    "ip.src.is_in_european_union": False,
}

Place = tuple[int, str]
"""The number of an address's network (ASN), and its country."""


@dataclass
class Habits:
    """What Cloudflare does not document of its edge, or documents in two ways.

    ``host_lowercased``: ``http.host`` is made lower case. ``fingerprints_in_capitals``: certificates' fingerprints
    are. ``raw_normalised``: what the ``raw`` fields hold of a path is normalised too.
    """

    host_lowercased: bool = False
    fingerprints_in_capitals: bool = False
    raw_normalised: bool = False


def target(request: web.Request) -> tuple[str, str]:
    """Path and query as they were sent, without a fragment; an absolute target loses scheme and host."""
    raw = request.raw_path.partition("#")[0]
    if raw.lower().startswith(("http://", "https://")):
        raw = "/" + raw.split("://", 1)[1].partition("/")[2]
    path, _, query = raw.partition("?")
    return path, query


def request_fields(
    request: web.Request,
    *,
    host: str,
    handshake: Handshake,
    zone: ZoneState,
    ray: str,
    now: datetime,
    habits: Habits,
    places: Mapping[str, Place],
) -> dict[str, FieldValue]:
    """Every field of ``sandbox.rules.fields`` for this request.

    ``host`` is the ``Host`` header. A certificate counts only while the name of the handshake is associated.
    ``places``: where some addresses are.
    """
    raw_path, raw_query = target(request)
    host = host.lower() if habits.host_lowercased else host
    path, query = normalised_path(raw_path), normalised_escapes(raw_query)
    asked = handshake.certificate_asked and handshake.server_name in zone.hosts
    return {
        **_UNKNOWN,
        **_place(places.get(request.remote or "")),
        **certificate_fields(
            handshake.certificate if asked else None, zone, now, capitals=habits.fingerprints_in_capitals
        ),
        **_uri("http.request.", host, path, query),
        **_uri("raw.http.request.", host, path if habits.raw_normalised else raw_path, raw_query),
        "cf.edge.server_port": 443,
        "cf.ray_id": ray,
        "cf.tls_cipher": handshake.cipher,
        "cf.tls_version": handshake.version,
        "http.cookie": request.headers.get("Cookie", ""),
        "http.host": host,
        "http.referer": request.headers.get("Referer", ""),
        "http.request.method": request.method,
        "http.request.timestamp.msec": int(now.timestamp() * 1000),
        "http.request.timestamp.sec": int(now.timestamp()),
        "http.request.version": f"HTTP/{request.version.major}.{request.version.minor}",
        "http.user_agent": request.headers.get("User-Agent", ""),
        "http.x_forwarded_for": request.headers.get("X-Forwarded-For", ""),
        "ip.src": ip_address(request.remote or "0.0.0.0"),
        "ssl": True,
    }


def with_path(fields: dict[str, FieldValue], path: str) -> dict[str, FieldValue]:
    """The same request with its path rewritten; the ``raw.`` fields keep the one that was asked for."""
    host, query = str(fields["http.host"]), str(fields["http.request.uri.query"])
    return {**fields, **_uri("http.request.", host, path, query)}


def _place(place: Place | None) -> dict[str, FieldValue]:
    return {} if place is None else {"ip.src.asnum": place[0], "ip.src.country": place[1]}


def _uri(prefix: str, host: str, path: str, query: str) -> dict[str, FieldValue]:
    uri = f"{path}?{query}" if query else path
    name = path.rpartition("/")[2]
    return {
        f"{prefix}full_uri": f"https://{host}{uri}",
        f"{prefix}uri": uri,
        f"{prefix}uri.path": path,
        f"{prefix}uri.path.extension": name.rpartition(".")[2].lower() if "." in name else "",
        f"{prefix}uri.query": query,
    }
