"""How far protected hosts are: what whoever asked reads in one message that changes while it goes on."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.proofs.proofs import Proof


class HostStep(StrEnum):
    """How far a host is."""

    ASKED = "asked"
    LATE = "late"
    """Cloudflare does not take it just now."""

    WRITTEN = "written"
    UNSEEN = "unseen"
    """Written, and it could not be seen from here whether the edge has it."""

    SEEN = "seen"
    """The edge has the rule; what it does there was not tried yet."""

    TRYING = "trying"
    """The same, and the bot is still making what it tries the lock with."""

    PROVEN = "proven"
    """Tried: the proof says what came of it."""

    UNLOCKED = "unlocked"
    """Unlocked on purpose, on the server."""

    LOCKDOWN = "lockdown"
    LEAVING = "leaving"
    OPEN = "open"


@dataclass(frozen=True)
class HostStatus:
    """One host. ``seconds`` from the order until the rule was seen at the edge; ``None`` where it was not (yet).

    ``again``: what could not be told for sure is tried again by itself.
    """

    host: str
    step: HostStep
    seconds: int | None = None
    proof: Proof | None = None
    again: bool = False


@dataclass(frozen=True)
class HostsProgress:
    """Some hosts, asked for together."""

    hosts: tuple[HostStatus, ...]


class RuleStep(StrEnum):
    """How far the rule is, for an order about all of it."""

    NOTHING = "nothing"
    """No host is protected: there is no rule."""

    WRITING = "writing"
    LATE = "late"
    WRITTEN = "written"
    SEEN = "seen"


@dataclass(frozen=True)
class LockdownNow:
    """The lockdown as it is, or its end. ``by`` ordered it (empty: on the server); it closed ``paths`` open paths.

    ``proofs``: what came of trying the hosts, once the edge was seen to have the rule.
    """

    on: bool
    everything: bool
    by: str
    paths: int
    step: RuleStep
    hosts: tuple[str, ...]
    proofs: tuple[Proof, ...] = ()


class TakeOverState(StrEnum):
    """How far a take-over of rules made by hand is."""

    WAITING = "waiting"
    """Ours is to be seen working first."""

    DONE = "done"
    STOPPED = "stopped"
    """Theirs was changed meanwhile, so it stays on beside ours."""

    UNDOING = "undoing"
    UNDONE = "undone"


TAKE_OVER_MOVES: dict[TakeOverState, frozenset[TakeOverState]] = {
    TakeOverState.WAITING: frozenset({TakeOverState.DONE, TakeOverState.STOPPED, TakeOverState.UNDOING}),
    TakeOverState.DONE: frozenset({TakeOverState.UNDOING}),
    TakeOverState.STOPPED: frozenset({TakeOverState.UNDOING}),
    TakeOverState.UNDOING: frozenset({TakeOverState.UNDONE, TakeOverState.STOPPED}),
    TakeOverState.UNDONE: frozenset(),
}


@dataclass(frozen=True)
class TakeOverNow:
    """A take-over as it is. ``switches``: some rule is switched off by it; else all stay on beside ours."""

    public_id: str
    state: TakeOverState
    hosts: tuple[str, ...]
    switches: bool = True


HostNotice = HostsProgress | LockdownNow | TakeOverNow
