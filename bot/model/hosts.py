"""Protected hosts: names below the zone for which a certificate is demanded."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BadHost
from bot.model.chat import MessageRef

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")


class HostState(StrEnum):
    """How far a host is. The order keeps people from being locked out: associated first, then in the rule."""

    ASSOCIATING = "associating"
    PROTECTED = "protected"
    LEAVING = "leaving"


HOST_MOVES: dict[HostState, frozenset[HostState]] = {
    HostState.ASSOCIATING: frozenset({HostState.PROTECTED, HostState.LEAVING}),
    HostState.PROTECTED: frozenset({HostState.LEAVING}),
    HostState.LEAVING: frozenset({HostState.ASSOCIATING}),
}


@dataclass(frozen=True, kw_only=True)
class ProtectedHost:
    """One host. ``shown_at`` is the message that tells how far it is; ``asked_by`` the row of who asked."""

    id: int
    host: str
    state: HostState
    asked_by: int | None
    asked_at: datetime
    protected_at: datetime | None
    shown_at: MessageRef | None


def host_below(text: str, zone: str) -> str:
    """The host that ``text`` names, in lower case and without a trailing dot.

    Universal SSL covers the apex and one level below it (edge certificates, universal SSL, limitations).

    Raises:
        BadHost: it cannot be protected; says why.
    """
    host = text.strip().lower().removesuffix(".")
    if "*" in host:
        raise BadHost(host, "wildcard", zone)
    if host == zone:
        raise BadHost(host, "apex", zone)
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise BadHost(host, "form", zone)
    if not host.endswith(f".{zone}"):
        raise BadHost(host, "elsewhere", zone)
    if "." in host.removesuffix(f".{zone}"):
        raise BadHost(host, "deep", zone)
    return host
