"""Protected hosts: names below the zone for which a certificate is demanded."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import InvalidHost
from bot.model.message_ref import MessageRef

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
    """One host. ``shown_at`` are the messages that tell how far it is, one a chat; ``asked_by`` the row of who asked.

    ``seen_at``: the edge was seen to lock it. ``unlocked_at``: unlocked on purpose, on the server.
    ``stays_associated``: a rule of somebody else demands a certificate there once it has left ours.
    """

    id: int
    host: str
    state: HostState
    asked_by: int | None
    asked_at: datetime
    protected_at: datetime | None
    shown_at: tuple[MessageRef, ...]
    seen_at: datetime | None = None
    unlocked_at: datetime | None = None
    stays_associated: bool = False

    @property
    def is_awaited(self) -> bool:
        """Whether the edge shall lock it and was not seen to do so yet."""
        return self.seen_at is None and self.unlocked_at is None


@dataclass(frozen=True)
class ProxiedName:
    """A name that goes through Cloudflare, a wildcard perhaps, and what its records point to."""

    name: str
    targets: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class ZoneNames:
    """What the zone says of its names. ``full``: Cloudflare is its name server, so its certificate covers one level.

    ``proxied`` are the names that go through Cloudflare; ``None`` when the token may not read them. ``records`` are the
    same with what they point to. ``cut``: there are more of them than were read.
    """

    full: bool = True
    proxied: tuple[str, ...] | None = None
    records: tuple[ProxiedName, ...] = ()
    cut: bool = False

    def passes_through(self, host: str) -> bool:
        """Whether ``host`` goes through Cloudflare, as far as is known: a wildcard record covers what it names."""
        if self.proxied is None:
            return True
        return host in self.proxied or f"*.{host.partition('.')[2]}" in self.proxied


NOTHING_TOLD = ZoneNames()


def hosts_on_offer(names: ZoneNames, zone: str) -> tuple[str, ...]:
    """The proxied names that can be protected."""
    found = []
    for name in names.proxied or ():
        try:
            found.append(host_below(name, zone, names))
        except InvalidHost:
            continue
    return tuple(found)


def host_below(text: str, zone: str, names: ZoneNames = NOTHING_TOLD) -> str:
    """The host that ``text`` names, in lower case and without a trailing dot.

    Universal SSL covers the apex and one level below it; on a zone whose names are served elsewhere each proxied name
    has a certificate of its own (edge certificates, universal SSL, limitations).

    Raises:
        BadHost: it cannot be protected; says why.
    """
    host = text.strip().lower().removesuffix(".")
    if "*" in host:
        raise InvalidHost(host, "wildcard", zone)
    if host == zone:
        raise InvalidHost(host, "apex", zone)
    labels = host.split(".")
    if len(host) > 253 or len(labels) < 2 or not all(_LABEL.fullmatch(label) for label in labels):
        raise InvalidHost(host, "form", zone)
    if not host.endswith(f".{zone}"):
        raise InvalidHost(host, "elsewhere", zone)
    if names.full and "." in host.removesuffix(f".{zone}"):
        raise InvalidHost(host, "deep", zone)
    if not names.passes_through(host):
        raise InvalidHost(host, "unproxied", zone)
    return host
