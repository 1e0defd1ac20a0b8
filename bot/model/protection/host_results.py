"""What services answer about hosts: choices, and orders that need a second tap."""

from dataclasses import dataclass

from bot.model.protection.takeover import NOTHING_SHUT, HandMade, HandMadeRule, Shut


@dataclass(frozen=True)
class BesideHandMade:
    """How our lock goes with what was made by hand: it would shut ``shut``.

    ``can_be_taken_over``: some of what was made by hand there could be carried over instead. ``seen``: the zone's
    rules could be read; else nobody knows what they leave open.
    """

    shut: Shut = NOTHING_SHUT
    can_be_taken_over: bool = False
    seen: bool = True


@dataclass(frozen=True)
class ConfirmHosts:
    """That order for hosts needs a second tap, which names ``public_id``.

    ``nobody_gets_in``: no device is known to get in once they are locked.
    """

    public_id: str
    hosts: tuple[str, ...]
    nobody_gets_in: bool = False
    beside: BesideHandMade = BesideHandMade()


@dataclass(frozen=True)
class SureAboutTakeOver:
    """A rule made by hand as it was understood; taking it over needs a second tap, which names ``public_id``."""

    public_id: str
    found: HandMade


@dataclass(frozen=True)
class HostChoice:
    """Hosts that could be protected, and those that are. ``told``: the zone tells its names; else one is typed.

    ``hand_made`` are hosts that a rule made by hand locks, which could be taken over; ``unread`` are rules about
    certificates that could not.
    """

    zone: str
    on_offer: tuple[str, ...]
    protected: tuple[str, ...]
    told: bool
    hand_made: tuple[str, ...] = ()
    unread: tuple[HandMadeRule, ...] = ()
