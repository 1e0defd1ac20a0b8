"""How far protected hosts are: what whoever asked reads in one message that changes while it goes on."""

from dataclasses import dataclass
from enum import StrEnum


class HostStep(StrEnum):
    """How far a host is."""

    ASKED = "asked"
    LATE = "late"
    """Cloudflare does not take it just now."""

    WRITTEN = "written"
    UNSEEN = "unseen"
    """Written, and it could not be seen from here whether the edge has it."""

    SEEN = "seen"
    UNLOCKED = "unlocked"
    """Unlocked on purpose, on the server."""

    LOCKDOWN = "lockdown"
    LEAVING = "leaving"
    OPEN = "open"


@dataclass(frozen=True)
class HostNow:
    """One host. ``seconds`` from the order until the rule was seen at the edge, where that is so."""

    host: str
    step: HostStep
    seconds: int = 0


@dataclass(frozen=True)
class HostsProgress:
    """Some hosts, asked for together."""

    hosts: tuple[HostNow, ...]


HostNotice = HostsProgress
