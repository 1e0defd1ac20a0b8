"""Proofs: what was tried at the lock, what came of it, and what colour that is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.model.proofs.other_names import NOBODY_ASKED, NamesAsked
from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.protection.earlier_rules import NOTHING_EARLIER, EarlierRules, Rewrite

_NOT_FROM_HERE = frozenset({Cause.WOULD_SET_OFF, Cause.OTHER_SOURCES})


class Colour(StrEnum):
    """Red: somebody gets in who must not. Yellow: it cannot be told, or somebody is turned away who should not be."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class AttemptKind(StrEnum):
    """One way to knock."""

    WITHOUT = "without"
    LIVE = "live"
    REVOKED = "revoked"
    CAPITALS = "capitals"
    DOT = "dot"
    PORT = "port"
    PATH = "path"
    NEIGHBOUR = "neighbour"
    OTHER_NAME = "other-name"
    """Another name, asked without a certificate: it is among what was tried only where it leads to the same service."""


class LockMode(StrEnum):
    """What was ordered for the whole lock: it decides what a proof expects."""

    LOCKED = "locked"
    SHUT = "shut"
    """Nobody at all gets in."""

    UNLOCKED = "unlocked"
    """On purpose."""


_MUST_BE_BLOCKED = frozenset(
    {
        AttemptKind.WITHOUT,
        AttemptKind.REVOKED,
        AttemptKind.CAPITALS,
        AttemptKind.DOT,
        AttemptKind.PORT,
        AttemptKind.NEIGHBOUR,
        AttemptKind.OTHER_NAME,
    }
)
_ONLY_IF_OPEN = frozenset({AttemptKind.CAPITALS, AttemptKind.DOT, AttemptKind.PORT, AttemptKind.OTHER_NAME})
"""Ways that are no way in wherever they do not lead in: nobody has to be turned away at a port that nobody serves."""


@dataclass(frozen=True)
class Attempt:
    """One request. ``detail`` is the port, where it was another one, or the other name as it stands in DNS."""

    trial: AttemptKind
    look: ProbeResult
    detail: str = ""

    @property
    def key(self) -> str:
        """By which the same way is known again."""
        return f"{self.trial}:{self.detail}" if self.detail else self.trial.value


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was tried at one host or open path. ``subject`` is the host, or the path's public id; ``label`` is shown."""

    kind: Literal["host", "path"]
    subject: str
    label: str
    mode: LockMode
    tried: tuple[Attempt, ...]
    at: datetime

    @property
    def colour(self) -> Colour:
        """The worst of its parts."""
        if self.ways_in and self.mode is not LockMode.UNLOCKED:
            return Colour.RED
        return Colour.YELLOW if self.unclear or self.ways_in or self.mode is LockMode.UNLOCKED else Colour.GREEN

    @property
    def ways_in(self) -> tuple[Attempt, ...]:
        """By which somebody gets in who must not."""
        return tuple(one for one in self.tried if one.trial in _MUST_BE_BLOCKED and one.look.verdict is Verdict.PASSED)

    @property
    def other_names(self) -> tuple[str, ...]:
        """Other names that lead to the same service without a certificate."""
        return tuple(one.detail for one in self.ways_in if one.trial is AttemptKind.OTHER_NAME)

    @property
    def is_only_by_other_names(self) -> bool:
        """Whether the host itself is locked, and somebody gets in by another name all the same."""
        return bool(self.ways_in) and all(one.trial is AttemptKind.OTHER_NAME for one in self.ways_in)

    @property
    def unclear(self) -> tuple[Attempt, ...]:
        """What did not come out as it should, without letting anybody in."""
        return tuple(one for one in self.tried if self._is_unclear(one))

    @property
    def is_locked(self) -> bool:
        """Blocked without a certificate *and* let in with one: only both together are a lock."""
        found = {one.trial: one.look.verdict for one in self.tried}
        return found.get(AttemptKind.WITHOUT) is Verdict.BLOCKED and found.get(AttemptKind.LIVE) is Verdict.PASSED

    def _is_unclear(self, one: Attempt) -> bool:
        verdict = one.look.verdict
        if one.trial in _ONLY_IF_OPEN:
            return False
        if one.trial is AttemptKind.LIVE:
            return verdict is not (Verdict.BLOCKED if self.mode is LockMode.SHUT else Verdict.PASSED)
        if one.trial is AttemptKind.PATH:
            return verdict is not Verdict.PASSED and one.look.why not in _NOT_FROM_HERE
        return verdict not in {Verdict.BLOCKED, Verdict.PASSED}


@dataclass(frozen=True, kw_only=True)
class ProofReport:
    """What is proven so far; ``waiting`` is how many are still to come.

    ``makes_certificates``: the bot is still making what it looks with. ``no_list``: Cloudflare did not tell its hosts.
    ``earlier``: what runs before our rule; ``names``: other names of the zone that were asked.
    """

    proofs: tuple[Proof, ...]
    waiting: int = 0
    makes_certificates: bool = False
    no_list: bool = False
    ours: bool = True
    earlier: EarlierRules = NOTHING_EARLIER
    names: NamesAsked = NOBODY_ASKED

    @property
    def colour(self) -> Colour:
        """The worst of all: a lock that somebody is let past is none."""
        if self.earlier.allows:
            return Colour.RED
        return next((one for one in reversed(Colour) if self.of_colour(one)), Colour.GREEN)

    @property
    def holds_at_the_hosts(self) -> bool:
        """Whether nobody gets in at a host itself who must not."""
        return all(one.is_only_by_other_names for one in self.of_colour(Colour.RED))

    @property
    def rewrites(self) -> tuple[Rewrite, ...]:
        """The URL rewrites that may change what our rule sees at what was tried."""
        return self.earlier.touching({one.label.partition("/")[0] for one in self.proofs})

    @property
    def is_running(self) -> bool:
        """Whether more is to come."""
        return self.waiting > 0 or self.makes_certificates

    def of_colour(self, colour: Colour) -> tuple[Proof, ...]:
        """Those of one colour."""
        return tuple(one for one in self.proofs if one.colour is colour)


@dataclass(frozen=True)
class ProofRed:
    """Somebody gets in who must not: told to admins at once."""

    proofs: tuple[Proof, ...]


@dataclass(frozen=True, kw_only=True)
class LastProof:
    """How the lock was proven last: ``at`` is when all of it was, ``None`` for never."""

    at: datetime | None
    green: int
    yellow: int
    red: int


def neighbour(path: str) -> str:
    """The same path with another last character: nothing may be open there."""
    return path[:-1] + ("x" if path[-1] != "x" else "y")
