"""What somebody else does to our rule, again and again: when that is no slip of a hand any more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

REPEATED = 3
"""The same change for the third time is a program's work."""

WITHIN = timedelta(days=1)
"""How long a change counts, and how seldom it is said that it goes on."""


@dataclass(frozen=True)
class Change:
    """One kind of change: when it was found within the last day, and when it was last said that it goes on."""

    found: tuple[datetime, ...] = ()
    said_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Found:
    """What is to be kept in mind, and how what was found is told: as usual, as something that keeps happening
    (``times`` within the last day), or not at all.
    """

    kept: Mapping[str, Change]
    as_usual: frozenset[str]
    repeated: frozenset[str]
    times: int


def found_anew(known: Mapping[str, Change], which: Collection[str], now: datetime, *, waits: bool) -> Found:
    """Changes ``which`` were found; each was put right since it was found before. ``waits``: these wait for somebody's
    tap, so it is told every time.

    A moment to come is one of a clock that was set back since: it does not count.
    """
    kept = {name: current for name, change in known.items() if (current := _current(change, now)) != Change()}
    as_usual, repeated = set(), set()
    for name in which:
        before = kept.get(name, Change())
        found = (*before.found, now)
        said_at = before.said_at
        if len(found) < REPEATED:
            as_usual.add(name)
        elif said_at is None or waits:
            repeated.add(name)
            said_at = now
        kept[name] = Change(found, said_at)
    return Found(
        kept=kept,
        as_usual=frozenset(as_usual),
        repeated=frozenset(repeated),
        times=max((len(kept[name].found) for name in repeated), default=0),
    )


def _current(change: Change, now: datetime) -> Change:
    """The change without what is a day old."""
    said_at = change.said_at if change.said_at is not None and _counts(change.said_at, now) else None
    return Change(tuple(moment for moment in change.found if _counts(moment, now)), said_at)


def _counts(moment: datetime, now: datetime) -> bool:
    return moment <= now < moment + WITHIN
