"""Many episodes, one after another, until there were enough or one went wrong."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.model.audit import AuditTag
from sandbox.chaos.episode import Episode
from sandbox.chaos.message_scan import Sum, Told

_LAST = 40


@dataclass(frozen=True)
class Wanted:
    """How much chaos. Whatever is reached first ends it; ``episode`` alone plays just that one."""

    seed: str
    minutes: float = 0.0
    actions: int = 0
    kills: int = 0
    episode: int | None = None
    length: int = 120
    percent: float = 5.0
    killing: float = 1.0
    keep_going: bool = False


def run(wanted: Wanted) -> Sum:
    """Play; prints the seed first and what is wrong as soon as it is found."""
    print(f"chaos: seed {wanted.seed}", flush=True)
    total, began = Sum(), time.monotonic()
    number = wanted.episode or 0
    while True:
        told = _played(wanted, number)
        total.add(told)
        print(
            f"  {number}: {told.acts} actions, {told.kills} kills, {told.troubles} troubles, {len(told.wrong)} wrong "
            f"after {time.monotonic() - began:.0f} s",
            flush=True,
        )
        if told.wrong:
            _complain(wanted, number, told)
        if (told.wrong and not wanted.keep_going) or _is_enough(wanted, total, time.monotonic() - began):
            print(f"chaos: seed {wanted.seed}: {total}", flush=True)
            print("never happened: " + ", ".join(sorted(set(AuditTag) - total.tags)), flush=True)
            return total
        number += 1


def _played(wanted: Wanted, number: int) -> Told:
    with tempfile.TemporaryDirectory(prefix="latchkey-chaos-") as directory:
        episode = Episode(
            Path(directory) / "world",
            f"{wanted.seed}/{number}",
            wanted.length,
            percent=wanted.percent,
            kills=wanted.killing,
        )
        return asyncio.run(episode.play())


def _is_enough(wanted: Wanted, total: Sum, seconds: float) -> bool:
    if wanted.episode is not None:
        return True
    limits = (wanted.minutes and seconds >= wanted.minutes * 60, wanted.actions and total.acts >= wanted.actions)
    return any(limits) or bool(wanted.kills and total.kills >= wanted.kills)


def _complain(wanted: Wanted, number: int, told: Told) -> None:
    print(f"\nWRONG in seed {wanted.seed}, episode {number}, after {len(told.trail)} actions; the last of them:")
    for line in told.trail[-_LAST:]:
        print(f"  {line}")
    for wrong in told.wrong:
        print(f"- {wrong}")
    print(f"again: make chaos SEED={wanted.seed} EPISODE={number}\n", flush=True)
