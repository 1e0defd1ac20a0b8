"""Settings of the zone that decide what becomes of client certificates."""

from enum import StrEnum


class ZoneSetting(StrEnum):
    """One setting, by the name Cloudflare's API gives it (zone settings)."""

    HTTP3 = "http3"
    """Browsers send no client certificate over HTTP/3: people with a certificate are turned away."""

    ZERO_RTT = "0rtt"
    """A request inside the first packet of TLS 1.3 can be recorded and sent once more."""


class Switch(StrEnum):
    """How a setting stands."""

    ON = "on"
    OFF = "off"
    NOT_TOLD = "not-told"
