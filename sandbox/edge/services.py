"""The household's services behind the edge. They see the path as it was sent, or as the edge has rewritten it."""

import secrets
from html import escape

from aiohttp import web

_NAMES = {"ha": "Home Assistant", "photos": "Immich", "www": "The website"}
# The edge adds to what comes from behind it what its cache made of it.
_HEADERS = {"server": "service", "cf-cache-status": "DYNAMIC"}
WEBHOOK = "/api/webhook/abc"
FORBIDDEN = "/forbidden"


def service_name(host: str) -> str:
    """``Home Assistant`` for ``ha.…``, ``Immich`` for ``photos.…``, a website for ``www.…``, else the host's name."""
    return _NAMES.get(host.partition(".")[0], host)


async def answer(request: web.Request, host: str, path: str, *, onwards: str | None = None) -> web.Response:
    """The start page, the webhook (which sends back what it was sent), or the service's own 403 or 404.

    ``onwards``: the start page is there, and ``/`` sends one on to it.
    """
    name = service_name(host)
    if path == "/" and onwards:
        return web.Response(status=302, headers={"location": onwards, **_HEADERS})
    if path == (onwards or "/") and request.method in {"GET", "HEAD"}:
        # As with real ones, no two answers are quite the same.
        token = f'<meta name="csrf-token" content="{secrets.token_hex(16)}">'
        page = f"<!DOCTYPE html><html><head><title>{escape(name)}</title>{token}</head><body><h1>{escape(name)}</h1>"
        return web.Response(text=page + "</body></html>", content_type="text/html", headers=_HEADERS)
    if path == WEBHOOK and request.method in {"GET", "POST"}:
        return web.Response(body=await request.read(), content_type="application/octet-stream", headers=_HEADERS)
    status = 403 if path == FORBIDDEN else 404
    return web.json_response({"service": name, "path": path}, status=status, headers=_HEADERS)
