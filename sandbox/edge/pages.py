"""What the edge itself answers."""

from html import escape
from typing import Any

from aiohttp import web

_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>{title}</title><meta charset="UTF-8"></head>
<body><h1>{heading}</h1><h2>{detail}</h2><p>Cloudflare Ray ID: <strong>{ray}</strong></p></body></html>
"""


def _page(title: str, heading: str, detail: str, ray: str, *, status: int = 403, **headers: str) -> web.Response:
    text = _PAGE.format(title=title, heading=heading, detail=detail, ray=ray)
    return web.Response(status=status, text=text, content_type="text/html", charset="UTF-8", headers=_own(**headers))


def _own(**headers: str) -> dict[str, str]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {"server": "cloudflare", "cache-control": "private, max-age=0, no-store", **named}


def blocked(host: str, ray: str) -> web.Response:
    """A rule with the action ``block``: 403."""
    return _page(
        "Attention Required! | Cloudflare",
        "Sorry, you have been blocked",
        f"You are unable to access {escape(host)}",
        ray,
    )


def challenged(host: str, ray: str) -> web.Response:
    """A challenge of any kind: 403, and the header by which a program knows it from a block."""
    return _page(
        "Just a moment...",
        escape(host),
        "Verifying you are human. This may take a few seconds.",
        ray,
        cf_mitigated="challenge",
    )


def elsewhere(host: str, ray: str) -> web.Response:
    """A ``Host`` that is not of this zone, on a connection that is: 403, Cloudflare's error 1000."""
    return _page("Error 1000", "Error 1000", f"DNS points to prohibited IP: {escape(host)}", ray)


def bad_request() -> web.Response:
    """No ``Host``: 400."""
    return web.Response(status=400, text="400 Bad Request", content_type="text/html", headers=_own())


def failed(status: int, body: Any) -> web.Response:
    """Trouble on order; a ``body`` that is no text is sent as JSON."""
    if body is None or isinstance(body, str):
        text = body if body is not None else f"error code: {status}"
        return web.Response(status=status, text=text, content_type="text/html", headers=_own())
    return web.json_response(body, status=status, headers=_own())


def not_evaluated(reason: str) -> web.Response:
    """A rule that the sandbox cannot evaluate: 500 and why, louder than guessing."""
    return web.Response(status=500, text=reason, headers={"server": "sandbox"})
