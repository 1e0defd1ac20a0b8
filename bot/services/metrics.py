"""What is measured of the work: which action, how it ended, how long it took. No names, no ids, no secrets."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from time import perf_counter
from typing import Literal, Protocol

from bot.errors import LatchkeyError, RetryAt
from bot.store.engine.database import Store

Outcome = Literal["done", "refused", "later", "broke", "stopped"]
"""``refused``: an error of our tree; ``later``: put off; ``broke``: the unexpected; ``stopped``: the bot ended."""


class Meter(Protocol):
    """Where measurements go."""

    def ended(self, action: str, outcome: Outcome, seconds: float) -> None:
        """An action has ended. ``action`` is one of few: a handler's name, or a kind of chore."""


class NoMeter:
    """Nobody looks."""

    def ended(self, action: str, outcome: Outcome, seconds: float) -> None:
        """See ``Meter.ended``."""


@contextmanager
def measured(meter: Meter, action: str) -> Iterator[None]:
    """Measure a block of work; whatever it raises goes through."""
    outcome: Outcome = "broke"
    started = perf_counter()
    try:
        yield
        outcome = "done"
    except RetryAt:
        outcome = "later"
        raise
    except LatchkeyError:
        outcome = "refused"
        raise
    except asyncio.CancelledError:
        outcome = "stopped"
        raise
    finally:
        meter.ended(action, outcome, perf_counter() - started)


@dataclass(frozen=True, kw_only=True)
class MetricsSnapshot:
    """How things stand. Ages in seconds, 0 when nothing waits; ``certificates`` counts by purpose and state.

    ``admins_reached``: admins in good standing to whom can be written.
    """

    oldest_due_chore: float
    oldest_unhandled_update: float
    chores: int
    certificates: Mapping[tuple[str, str], int]
    admins_reached: int


async def vitals(store: Store) -> MetricsSnapshot:
    """How things stand now."""
    async with store.read() as tx:
        due, update = await tx.vitals.oldest_due_chore(), await tx.vitals.oldest_unhandled_update()
        return MetricsSnapshot(
            oldest_due_chore=max(0.0, (tx.now - due).total_seconds()) if due else 0.0,
            oldest_unhandled_update=max(0.0, (tx.now - update).total_seconds()) if update else 0.0,
            chores=await tx.jobs.count(),
            certificates=await tx.vitals.certificates(),
            admins_reached=sum(admin.reachable for admin in await tx.people.admins()),
        )
