"""Trouble by chance: at every stand-in, of every kind, for ever; and the meter that counts Cloudflare's calls."""

import random
from collections import deque
from datetime import datetime, timedelta
from typing import Any, Final

from sandbox.clock import SandboxClock
from sandbox.faults import Fault
from sandbox.standin import Standin
from sandbox.world import World

_ERROR: Final = {"code": 10013, "message": "Try again"}
_REFUSED: Final = {"success": False, "errors": [_ERROR], "messages": [], "result": None}
_COMMON: Final[tuple[dict[str, Any], ...]] = (
    {"delay_ms": 120},
    {"delay_ms": 120, "when": "after"},
    {"status": 429, "retry_after": 1},
    {"status": 429, "retry_after": 300},
    {"status": 500},
    {"status": 500, "when": "after"},
    {"drop": True},
    # For Telegram this is the message that was delivered, and nobody told so.
    {"drop": True, "when": "after"},
    {"status": 200, "body": "<html>"},
    {"cut": True, "when": "after"},
)
_KINDS: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "telegram": (
        *_COMMON,
        {"status": 504, "when": "after"},
        {"status": 200, "body": {"ok": False, "description": "Internal"}},
    ),
    "cloudflare": (
        *_COMMON,
        {"status": 200, "body": _REFUSED},
        {"status": 200, "body": _REFUSED, "when": "after"},
        {"status": 200, "body": {"success": True, "result": None}, "when": "after"},
    ),
    "edge": ({"delay_ms": 120}, {"status": 502}, {"status": 522, "when": "after"}, {"drop": True}),
}
_OPTIONS: Final = {
    "listed_late_seconds": 0.0,
    "pending_seconds": 0.0,
    "date_ahead_seconds": 0.0,
    "reactivate_revoked": True,
    "pages_repeated": False,
}

_SILENT: Final = frozenset({"getUpdates", "getMe", "setMyCommands"})

MOST_CALLS: Final = 1200
WINDOW: Final = timedelta(minutes=5)


class Meter(Fault):
    """No trouble: notes when each call came, and how many there were in the worst five minutes."""

    clock: SandboxClock

    @classmethod
    def at(cls, standin: Standin) -> "Meter":
        """A meter at a stand-in."""
        meter = cls(call="*", times=0)
        meter.clock = standin.clock
        meter.seen = deque[datetime]()
        meter.worst = 0
        standin.faults.insert(0, meter)
        return meter

    def strikes(self, label: str) -> bool:
        """Never; but it counts."""
        del label
        now = self.clock.now()
        # A clock set back does not make calls undone.
        while self.seen and not now - WINDOW < self.seen[0]:
            self.seen.popleft()
        self.seen.append(now)
        self.worst = max(self.worst, len(self.seen))
        return False

    seen: deque[datetime]
    worst: int


class Lost(Fault):
    """Like its kind, and counts new messages of the bot that were delivered without the bot hearing of it."""

    unlearnt = 0

    def strikes(self, label: str) -> bool:
        """As any fault."""
        struck = super().strikes(label)
        if struck and label in {"sendMessage", "sendDocument"} and self.when == "after" and (self.answers or self.cut):
            self.unlearnt += 1
        return struck


class Weather:
    """Trouble at all stand-ins of a world: ``percent`` of all calls meet some, each kind as often as any other."""

    def __init__(self, world: World, seed: str, percent: float) -> None:
        self._world = world
        self._chance = random.Random(f"weather {seed}")
        self._share = percent / 100
        self._faults: list[tuple[Standin, Lost]] = []
        self.unlearnt = 0

    def begin(self) -> None:
        """From now on."""
        for name, standin in self._world.standins.items():
            kinds = _KINDS[name]
            for kind in kinds:
                seed = self._chance.getrandbits(32)
                fault = Lost(call="*", times=0, probability=self._share / len(kinds), seed=seed, **kind)
                standin.faults.append(fault)
                self._faults.append((standin, fault))

    def change(self, *, propagation_seconds: float = 0.0, **options: Any) -> None:
        """Be slow or strange in other ways than before."""
        for name, value in options.items():
            setattr(self._world.cloudflare, name, value)
        self._world.edge.propagation_seconds = propagation_seconds

    def end(self) -> None:
        """Blue sky."""
        self.change(**_OPTIONS)
        for standin, fault in self._faults:
            self.unlearnt += fault.unlearnt
            if fault in standin.faults:
                standin.faults.remove(fault)
        self._faults.clear()

    @property
    def struck(self) -> int:
        """How often trouble came, since it began last."""
        return sum(fault.struck for _, fault in self._faults)


class Nth(Fault):
    """Holds the call that is the Nth from now on, over all stand-ins: there the bot is killed."""

    left: int
    hit: str = ""

    @classmethod
    def ordered(cls, number: int, when: str) -> "Nth":
        """The ``number``-th call, ``before`` or ``after`` it is done."""
        fault = cls(call="*", when=when, hold=True, times=0)  # type: ignore[arg-type]
        fault.left = number
        return fault

    def strikes(self, label: str) -> bool:
        """Whether this is the one."""
        if label in _SILENT:
            return False
        self.left -= 1
        if self.left != 0:
            return False
        self.struck, self.hit = 1, label
        return True
