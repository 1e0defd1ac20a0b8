"""In which language somebody is spoken to: Telegram's, until they choose one."""

import zoneinfo
from functools import cache

from bot.errors import InvalidTimeZone
from bot.model.jobs import JobKind
from bot.model.people.access import Action
from bot.model.people.people import Person
from bot.model.results import LanguageNow, TimeZoneNow
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.store.engine.database import Cause


async def choose_language(app: AppContext, actor: Person, code: str, cause: Cause | None = None) -> LanguageNow:
    """Speak to the actor in that language from now on; the menu follows.

    Raises:
        NotAllowed: nothing changed.
    """
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.LOOK)
        await tx.people.set_preferences(actor, chosen_language=code)
        await tx.jobs.add(JobKind.MENU, str(actor.telegram_id))
    return LanguageNow(code)


_MAX_NAMED = 5
_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


async def time_zone_now(app: AppContext, actor: Person) -> TimeZoneNow:
    """The actor's zone. Raises ``NotAllowed``: not for them."""
    async with app.store.read() as tx:
        actor = await authorize(tx, actor, Action.LOOK)
    return TimeZoneNow(actor.time_zone or app.policy.time_zone.key, own=actor.time_zone is not None)


async def choose_time_zone(app: AppContext, actor: Person, text: str, cause: Cause | None = None) -> TimeZoneNow:
    """Take the zone of the place that ``text`` names.

    Raises:
        BadTimeZone: no such place, or several; knows some that are like it.
        NotAllowed: nothing changed.
    """
    found = _found(text)
    if len(found) != 1:
        raise InvalidTimeZone(found[:_MAX_NAMED])
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.LOOK)
        await tx.people.set_preferences(actor, time_zone=found[0])
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
