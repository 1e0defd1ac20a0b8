"""Who knocked: requests that Cloudflare turned away at protected hosts."""

from dataclasses import dataclass
from datetime import datetime

MOST_SHOWN = 10

OURSELVES = "Latchkey"
"""The bot knocks too, every day and after each change: it is not listed."""

_FAMILIES = (
    # What is more special comes first: most programs call themselves by several names (RFC 9110, 10.1.5).
    ("home assistant", "Home Assistant"),
    ("immich", "Immich"),
    ("nextcloud", "Nextcloud"),
    ("paperless", "Paperless"),
    ("latchkey", OURSELVES),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
    ("okhttp", "an Android app"),
    ("cfnetwork", "an iPhone or Mac app"),
    ("curl", "curl"),
    ("python", "a Python program"),
    ("go-http-client", "a Go program"),
    ("bot", "a web robot"),
)


@dataclass(frozen=True, kw_only=True)
class BlockedRequest:
    """One of them. ``path`` is masked; ``country`` is ISO 3166's two letters, empty where it is not told."""

    at: datetime
    host: str
    path: str
    country: str
    program: str


@dataclass(frozen=True)
class Knocks:
    """The last of them, newest first. ``hours`` is how far back was looked.

    ``not_told`` is the name of what kept Cloudflare from telling, ``right`` the right that was lacking.
    """

    requests: tuple[BlockedRequest, ...]
    hours: int = 0
    not_told: str = ""
    right: str = ""


def program(user_agent: str) -> str:
    """The family of a browser or app by what it calls itself; ``?`` where that says nothing."""
    plain = user_agent.lower()
    return next((name for sign, name in _FAMILIES if sign in plain), "?")
