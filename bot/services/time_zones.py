"""In which time zone somebody reads times, and is reminded at a civil hour."""

import zoneinfo
from functools import cache

from bot.errors import BadTimeZone
from bot.model.access import Action
from bot.model.people import Person
from bot.model.results import TimeZoneNow
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.store.database import Cause

_MOST_NAMED = 5
_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


async def now(parts: Parts, actor: Person) -> TimeZoneNow:
    """The actor's zone. Raises ``NotAllowed``: not for them."""
    async with parts.store.read() as tx:
        actor = await checked(tx, actor, Action.LOOK)
    return TimeZoneNow(actor.time_zone or parts.policy.time_zone.key, own=actor.time_zone is not None)


async def choose(parts: Parts, actor: Person, text: str, cause: Cause | None = None) -> TimeZoneNow:
    """Take the zone of the place that ``text`` names.

    Raises:
        BadTimeZone: no such place, or several; knows some that are like it.
        NotAllowed: nothing changed.
    """
    found = _found(text)
    if len(found) != 1:
        raise BadTimeZone(found[:_MOST_NAMED])
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.LOOK)
        await tx.people.prefer(actor, time_zone=found[0])
    return TimeZoneNow(found[0], own=True)


def _found(text: str) -> tuple[str, ...]:
    wanted = "_".join(text.casefold().split())
    if not wanted:
        return ()
    by_name = {name.casefold(): name for name in _places()}
    if wanted in by_name:
        return (by_name[wanted],)
    cities = [name for key, name in by_name.items() if key.rpartition("/")[2] == wanted]
    return tuple(sorted(cities or (name for key, name in by_name.items() if wanted in key)))


@cache
def _places() -> tuple[str, ...]:
    every = zoneinfo.available_timezones()
    return tuple(sorted(name for name in every if name == "UTC" or ("/" in name and not name.startswith(_NO_PLACES))))
