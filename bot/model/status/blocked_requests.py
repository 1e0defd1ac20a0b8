"""Who knocked: requests that Cloudflare turned away at protected hosts."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.openings.paths import shortened

MAX_SHOWN = 10


class ClientKind(StrEnum):
    """What a program is whose own name tells people nothing."""

    ANDROID_APP = "android-app"
    APPLE_APP = "apple-app"
    PYTHON = "python-program"
    GO = "go-program"
    ROBOT = "robot"
    CLAIMS_LATCHKEY = "claims-latchkey"
    """It says so, and is not this one."""


_FAMILIES: tuple[tuple[str, str | ClientKind], ...] = (
    # What is more special comes first: most programs call themselves by several names (RFC 9110, 10.1.5).
    ("home assistant", "Home Assistant"),
    ("immich", "Immich"),
    ("nextcloud", "Nextcloud"),
    ("paperless", "Paperless"),
    ("latchkey", ClientKind.CLAIMS_LATCHKEY),
    ("edg", "Edge"),
    ("opr/", "Opera"),
    ("samsungbrowser", "Samsung Internet"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("crios", "Chrome"),
    ("chrome", "Chrome"),
    ("safari", "Safari"),
    ("okhttp", ClientKind.ANDROID_APP),
    ("cfnetwork", ClientKind.APPLE_APP),
    ("curl", "curl"),
    ("python", ClientKind.PYTHON),
    ("go-http-client", ClientKind.GO),
    ("bot", ClientKind.ROBOT),
)


@dataclass(frozen=True)
class OpenThere:
    """The open path that was called, for others or by other methods: its number and why it is open."""

    number: int
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class BlockedRequest:
    """One of them. ``path`` is half a password, perhaps; ``shown`` is for eyes.

    ``country`` is two letters of ISO 3166 or Cloudflare's own, empty if not told. ``program`` is the name of a browser
    or app, or what sort of program it is.
    """

    at: datetime
    host: str
    path: str = field(repr=False)
    country: str
    program: str | ClientKind
    open_there: OpenThere | None = None

    @property
    def shown(self) -> str:
        """Host and path as lists may have them."""
        return f"{self.host}{shortened(self.path)}"


@dataclass(frozen=True)
class BlockedRequests:
    """The last of them, newest first. ``hours`` is how far back was looked.

    ``not_told`` is the name of what kept Cloudflare from telling, ``right`` the right that was lacking.
    """

    requests: tuple[BlockedRequest, ...]
    hours: int = 0
    not_told: str = ""
    right: str = ""


def program(user_agent: str) -> str | ClientKind:
    """The family of a browser or app by what it calls itself; ``?`` where that says nothing."""
    plain = user_agent.lower()
    return next((name for sign, name in _FAMILIES if sign in plain), "?")
