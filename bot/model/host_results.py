"""What services answer about hosts: choices, and orders that need a second tap."""

from dataclasses import dataclass

from bot.model.handmade import HandMade


@dataclass(frozen=True)
class SureAboutHosts:
    """That order for hosts needs a second tap, which names ``public_id``."""

    public_id: str
    hosts: tuple[str, ...]


@dataclass(frozen=True)
class SureAboutTakeOver:
    """A rule made by hand as it was understood; taking it over needs a second tap, which names ``public_id``."""

    public_id: str
    found: HandMade


@dataclass(frozen=True)
class HostChoice:
    """Hosts that could be protected, and those that are. ``told``: the zone tells its names; else one is typed.

    ``hand_made`` are hosts that a rule made by hand locks, which could be taken over.
    """

    zone: str
    on_offer: tuple[str, ...]
    protected: tuple[str, ...]
    told: bool
    hand_made: tuple[str, ...] = ()
