"""Renewing: when an owner is reminded, until when no second yes is needed, and how far a wish reaches."""

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.model.certificates.certificates import Certificate, Origin, State
from bot.model.jobs import JobKind
from bot.model.people.people import Standing
from bot.model.results import RequestAsked
from bot.services.certificates import renewal
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

DAY = timedelta(days=1)
UTC_ZONE = ZoneInfo("UTC")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def ending(home: QuietHome, left: timedelta, state: State = State.ACTIVE, **facts: Any) -> Certificate:
    now = home.clock.now()
    times = {"issued_at": now + left - timedelta(days=730), "expires_at": now + left}
    return await home.certificate(facts.pop("who", "Tom"), "tablet", state, **{**times, **facts})


async def renew(home: QuietHome, which: Certificate, who: str = "Tom") -> str:
    return await answer(renewal.renew(home.parts, await home.who(who), which.public_id))


@pytest.mark.parametrize(
    ("left", "state", "said"),
    [
        (30 * DAY + THE_LEAST, State.ACTIVE, "StaleAction"),
        (30 * DAY, State.ACTIVE, "done"),
        (-30 * DAY, State.EXPIRED, "done"),
        (-30 * DAY - THE_LEAST, State.EXPIRED, "StaleAction"),
        (DAY, State.REVOKED, "StaleAction"),
        (DAY, State.REVOKING, "StaleAction"),
    ],
)
async def test_it_is_renewed_thirty_days_around_its_end(
    home: QuietHome, left: timedelta, state: State, said: str
) -> None:
    assert await renew(home, await ending(home, left, state)) == said


async def test_nobody_renews_anothers_or_twice(home: QuietHome) -> None:
    old = await ending(home, DAY)
    assert await renew(home, old, "Anna") == "StaleAction"
    assert await renew(home, old) == "done"
    assert await renew(home, old) == "StaleAction"
    assert await answer(renewal.renew(home.parts, await home.who("Tom"), "nothing")) == "StaleAction"


@pytest.mark.parametrize(("state", "said"), [(State.ACTIVE, "done"), (State.EXPIRED, "LimitReached")])
@pytest.mark.parametrize("origin", [Origin.MADE_HERE, Origin.OWN_KEY])
async def test_what_is_in_use_counts_already_and_what_has_ended_is_one_more(
    home: QuietHome, origin: Origin, state: State, said: str
) -> None:
    old = await ending(home, DAY if state is State.ACTIVE else -DAY, state, origin=origin)
    await home.changed("Tom", device_limit=0)
    assert await renew(home, old) == said
    if said == "done":
        (new,) = [c for c in await everything(home) if c.public_id != old.public_id]
        assert (new.replaces, new.origin, new.asked_days) == (old.id, origin, old.asked_days)


async def everything(home: QuietHome) -> tuple[Certificate, ...]:
    tom = await home.who("Tom")
    async with home.parts.store.read() as tx:
        return await tx.certificates.all_of(tom.id)


async def test_a_key_kept_elsewhere_is_asked_for_its_request(home: QuietHome) -> None:
    old = await ending(home, DAY, origin=Origin.OWN_KEY)
    asked = await renewal.renew(home.parts, await home.who("Tom"), old.public_id)
    assert isinstance(asked, RequestAsked)
    assert await home.chores(JobKind.ISSUE, asked.certificate.public_id) == []


async def test_admins_are_told_of_a_renewal(home: QuietHome) -> None:
    old = await ending(home, DAY)
    await renewal.renew(home.parts, await home.who("Tom"), old.public_id)
    (new,) = [c for c in await everything(home) if c.public_id != old.public_id]
    (chore,) = await home.chores(JobKind.ISSUE, new.public_id)
    assert chore.payload == {"tell_admins": True}


@pytest.mark.parametrize(
    ("day", "at", "said"),
    [
        (date(2027, 1, 10), (1, 10), "done"),
        # The morning of tomorrow, for a day that is here or gone.
        (date(2027, 1, 4), (1, 5), "done"),
        (date(2026, 1, 1), (1, 5), "done"),
        # Sixty days from Monday noon: the morning of that day is still within them.
        (date(2027, 3, 5), (3, 5), "done"),
        (date(2027, 3, 6), None, "StaleAction"),
    ],
)
async def test_how_far_a_wish_to_hear_later_reaches(
    home: QuietHome, day: date, at: tuple[int, int] | None, said: str
) -> None:
    old = await ending(home, 20 * DAY)
    tom = await home.who("Tom")
    assert await answer(renewal.remind_later(home.parts, tom, old.public_id, day)) == said
    if at is not None:
        later = await renewal.remind_later(home.parts, tom, old.public_id, day)
        assert (later.at.month, later.at.day, later.at.hour) == (*at, 10)


async def test_the_morning_is_the_owners(home: QuietHome) -> None:
    old = await ending(home, 20 * DAY)
    tom = await home.who("Tom")
    for zone in ("Asia/Tokyo", "America/New_York"):
        async with home.parts.store.write() as tx:
            await tx.people.set_preferences(tom, time_zone=zone)
        later = await renewal.remind_later(home.parts, await home.who("Tom"), old.public_id, date(2027, 1, 10))
        assert later.at.utcoffset() == ZoneInfo(zone).utcoffset(later.at.replace(tzinfo=None))


async def test_sixty_days_to_the_moment(home: QuietHome) -> None:
    old = await ending(home, 20 * DAY)
    tom = await home.who("Tom")
    for minus, said in ((timedelta(0), "done"), (THE_LEAST, "StaleAction")):
        home.clock.moment = home.clock.moment.replace(hour=10, minute=0, second=0, microsecond=0) - minus
        day = date(2027, 1, 4) + timedelta(days=60)
        assert await answer(renewal.remind_later(home.parts, tom, old.public_id, day)) == said


async def reminded(home: QuietHome, zone: ZoneInfo = UTC_ZONE) -> int:
    """How often the owner is told by one look."""
    chores = await home.chores(JobKind.NOTICE, str(home.account("Tom").telegram_id))
    async with home.parts.store.write() as tx:
        await renewal.remind(tx, zone)
    return len(await home.chores(JobKind.NOTICE, str(home.account("Tom").telegram_id))) - len(chores)


@pytest.mark.parametrize("days", [30, 7, 1, 0])
async def test_an_owner_is_reminded_once_a_stage_from_its_moment(home: QuietHome, days: int) -> None:
    await ending(home, timedelta(days=days) + THE_LEAST)
    before = 0 if days == 30 else 1
    assert [await reminded(home), await reminded(home)] == [before, 0]
    home.clock.plus(THE_LEAST)
    assert [await reminded(home), await reminded(home)] == [1, 0]


async def test_somebody_is_reminded_until_thirty_days_after_the_end(home: QuietHome) -> None:
    await ending(home, -30 * DAY + THE_LEAST, State.EXPIRED)
    assert await reminded(home) == 1
    home.clock.moment += THE_LEAST
    await ending(home, -30 * DAY, State.EXPIRED, who="Kim")
    assert await reminded(home) == 0


@pytest.mark.parametrize(("hour", "told"), [((8, 59), 0), ((9, 0), 1), ((19, 59), 1), ((20, 0), 0)])
@pytest.mark.parametrize("own", [False, True])
async def test_it_rings_at_a_civil_hour_of_the_owner(
    home: QuietHome, own: bool, hour: tuple[int, int], told: int
) -> None:
    """Tokyo is nine hours ahead, all year."""
    await ending(home, 6 * DAY)
    home.clock.moment = home.clock.moment.replace(hour=hour[0], minute=hour[1]) - timedelta(hours=9)
    if own:
        tom = await home.who("Tom")
        async with home.parts.store.write() as tx:
            await tx.people.set_preferences(tom, time_zone="Asia/Tokyo")
    assert await reminded(home, ZoneInfo("America/New_York" if own else "Asia/Tokyo")) == told


@pytest.mark.parametrize(("after", "told"), [(-THE_LEAST, 0), (timedelta(0), 1)])
async def test_whoever_wants_to_hear_later_hears_then(home: QuietHome, after: timedelta, told: int) -> None:
    old = await ending(home, 25 * DAY)
    assert await reminded(home) == 1
    async with home.parts.store.write() as tx:
        await tx.renewals.wait(old, home.clock.now() + 2 * DAY)
    home.clock.plus(2 * DAY + after)
    assert [await reminded(home), await reminded(home)] == [told, 0]


@pytest.mark.parametrize(("left", "told"), [(7 * DAY, 0), (DAY + THE_LEAST, 0), (DAY, 1), (timedelta(0), 1)])
async def test_a_wish_to_hear_later_gives_way_to_the_last_stages(home: QuietHome, left: timedelta, told: int) -> None:
    old = await ending(home, 29 * DAY)
    assert await reminded(home) == 1
    async with home.parts.store.write() as tx:
        await tx.renewals.wait(old, home.clock.now() + 59 * DAY)
    home.clock.plus(29 * DAY - left)
    assert await reminded(home) == told


async def test_a_wish_made_at_a_last_stage_is_kept_until_the_next(home: QuietHome) -> None:
    old = await ending(home, DAY)
    assert await reminded(home) == 1
    async with home.parts.store.write() as tx:
        await tx.renewals.wait(old, home.clock.now() + 3 * DAY)
    home.clock.plus(timedelta(hours=1))
    assert await reminded(home) == 0
    home.clock.plus(timedelta(hours=23))
    assert await reminded(home) == 1


@pytest.mark.parametrize(("left", "told"), [(5, 0), (1, 1)])
async def test_what_was_made_for_a_few_days_does_not_begin_with_a_reminder(
    home: QuietHome, left: int, told: int
) -> None:
    issued = home.clock.now() + timedelta(days=left - 5)
    await ending(home, timedelta(days=left), issued_at=issued)
    assert await reminded(home) == told


async def test_nobody_frozen_is_reminded(home: QuietHome) -> None:
    await ending(home, DAY)
    await home.changed("Tom", standing=Standing.FROZEN)
    assert await reminded(home) == 0


async def test_what_has_no_dates_reaches_no_stage(home: QuietHome) -> None:
    for missing in ("issued_at", "expires_at"):
        gone: dict[str, Any] = {missing: None}
        made = await home.certificate("Tom", f"no-{missing[:6]}".replace("_", ""), **gone)
        assert renewal._stage(made, home.clock.now() + 730 * DAY) is None
