"""Trouble on order: what a stand-in does wrong, to which call, how often."""

import asyncio
import random
from dataclasses import asdict, dataclass, field
from fnmatch import fnmatchcase
from typing import Any, Literal

When = Literal["before", "after", "instead"]


@dataclass(kw_only=True)
class Fault:
    """One kind of trouble.

    ``call`` is a shell pattern over the call's label (``sendMessage``; ``POST */client_certificates``).
    ``before`` and ``instead`` strike before anything was done, ``after`` when it was done but before the
    answer left. With none of ``status``, ``body``, ``drop`` and ``cut`` the call is only delayed or held.
    With ``cut`` the call is done, and its answer ends in the middle: it has to be ``after``.
    ``times`` is how often it strikes (0: for ever); ``probability`` is drawn from ``seed``.
    """

    call: str
    when: When = "before"
    status: int | None = None
    body: Any = None
    retry_after: int | None = None
    delay_ms: int = 0
    drop: bool = False
    hold: bool = False
    cut: bool = False
    times: int = 1
    probability: float = 1.0
    seed: int = 0
    struck: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    reached: asyncio.Event = field(default_factory=asyncio.Event, repr=False)

    def __post_init__(self) -> None:
        """Draw from a generator of its own, so that a seed repeats."""
        if self.cut and self.when != "after":
            raise ValueError("there is no answer to cut before the call is done")
        self._random = random.Random(self.seed)

    def strikes(self, label: str) -> bool:
        """Whether this fault takes the call with that label; counts it when it does."""
        if self.times and self.struck >= self.times:
            return False
        if not fnmatchcase(label, self.call) or self._random.random() >= self.probability:
            return False
        self.struck += 1
        return True

    @property
    def answers(self) -> bool:
        """Whether it answers in the stand-in's place (or drops the line), not only delays."""
        return self.drop or self.status is not None or self.body is not None

    async def linger(self) -> None:
        """Delay, then hold until released."""
        self.reached.set()
        if self.delay_ms:
            await asyncio.sleep(self.delay_ms / 1000)
        if self.hold:
            await self.released.wait()

    def as_json(self) -> dict[str, Any]:
        """The fault's plain fields, for the control port."""
        plain = {name: value for name, value in vars(self).items() if name not in _MACHINERY}
        return {name: value for name, value in plain.items() if value}


_MACHINERY = frozenset({"released", "reached", "_random"})


@dataclass(frozen=True)
class Call:
    """One call that reached a stand-in: its label, what was sent, the status answered."""

    label: str
    sent: dict[str, Any]
    status: int | None

    def as_json(self) -> dict[str, Any]:
        """The call's fields, for the control port."""
        return asdict(self)
