"""Open paths: how much longer, by whom, and when a lease is moved on or asked about; each at its moment."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.model.audit import SYSTEM, AuditTag
from bot.model.jobs import JobKind
from bot.model.openings.input import WantedPath
from bot.model.openings.notices import PathStillNeeded
from bot.model.openings.paths import OpenPath, PathEnd, PathState
from bot.services.openings import leases, open_path
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
HOST = "ha.example.com"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        async with home.parts.store.write() as tx:
            await tx.hosts.found_in_rule(HOST)
        yield home


def wanted(*, lasting: bool = False, lasts: timedelta = HOUR, path: str = "/api/webhook/abc") -> WantedPath:
    return WantedPath(
        host=HOST,
        path=path,
        query=None,
        method=None,
        networks=(),
        reason=None,
        lasting=lasting,
        lasts=lasts,
        ignored_query=False,
    )


async def is_open(home: QuietHome, lasts: timedelta = HOUR, *, lasting: bool = False) -> OpenPath:
    anna = await home.who("Anna")
    async with home.parts.store.write() as tx:
        want = wanted(lasting=lasting, lasts=lasts)
        path = await tx.paths.add(want, anna, state=PathState.OPEN, lasts=lasts, actor=SYSTEM)
        return await tx.paths.record(path, tag=AuditTag.PATH_OPENED, asked_until=None)


async def again(home: QuietHome, path: OpenPath) -> OpenPath:
    async with home.parts.store.read() as tx:
        return await tx.paths.of(path.public_id)


async def prolong(home: QuietHome, path: OpenPath, until: int | None = None, who: str = "Ben") -> str:
    shown = int(path.closes_at.timestamp()) if until is None else until
    return await answer(open_path.prolong(home.parts, await home.who(who), path.public_id, shown))


@pytest.mark.parametrize(
    ("left", "said", "longer"),
    [
        (30 * DAY - 2 * HOUR, "done", HOUR),
        (30 * DAY - HOUR, "done", HOUR),
        (30 * DAY - MINUTE, "done", MINUTE),
        (30 * DAY - MINUTE + THE_LEAST, "MaxDurationReached", None),
        (30 * DAY, "MaxDurationReached", None),
    ],
)
async def test_an_hour_more_until_thirty_days_from_now(
    home: QuietHome, left: timedelta, said: str, longer: timedelta | None
) -> None:
    path = await is_open(home, left)
    assert await prolong(home, path) == said
    now = await again(home, path)
    assert now.asked_until == (None if longer is None else path.closes_at + longer)
    assert bool(await home.chores(JobKind.OPEN_PATH, path.public_id)) is (said == "done")


async def test_the_same_button_twice_is_one_hour(home: QuietHome) -> None:
    path = await is_open(home)
    assert [await prolong(home, path), await prolong(home, path)] == ["done", "done"]
    assert len(await home.chores(JobKind.OPEN_PATH, path.public_id)) == 1
    other = int(path.closes_at.timestamp()) + 1
    second = await is_open(home, 2 * HOUR)
    assert await prolong(home, second, other) == "done"
    assert (await again(home, second)).asked_until is None


async def test_a_lasting_path_is_not_prolonged_and_only_admins_prolong(home: QuietHome) -> None:
    path = await is_open(home)
    assert await prolong(home, path, who="Mia") == "NotAllowed"
    lasting = await is_open(home, lasting=True)
    assert await prolong(home, lasting) == "StaleAction"
    for one, said in ((path, "StaleAction"), (lasting, "done")):
        assert await answer(open_path.keep_open(home.parts, await home.who("Ben"), one.public_id)) == said


@pytest.mark.parametrize("state", [PathState.OPEN, PathState.CHECKING, PathState.ASKED])
async def test_what_is_closed_before_it_is_open_was_never_open(home: QuietHome, state: PathState) -> None:
    anna = await home.who("Anna")
    async with home.parts.store.write() as tx:
        path = await tx.paths.add(wanted(), anna, state=state, lasts=HOUR, actor=SYSTEM)
    await open_path.close(home.parts, anna, path.public_id)
    now = await again(home, path)
    opened = state is PathState.OPEN
    assert (now.state, now.end) == (PathState.CLOSING if opened else PathState.REFUSED, PathEnd.BY_HAND)
    assert now.closed_by == (anna.id if opened else None)
    await open_path.close(home.parts, await home.who("Ben"), path.public_id)
    assert (await again(home, path)).closed_by == now.closed_by


async def test_whoever_asked_for_a_lasting_path_says_so_twice(home: QuietHome) -> None:
    anna, ben = await home.who("Anna"), await home.who("Ben")
    path = await open_path.open_path(home.parts, anna, wanted(lasting=True))
    assert path.state is PathState.ASKED
    (chore,) = await home.chores(JobKind.END_PATH, path.public_id)
    assert chore.due_at == home.clock.now() + timedelta(minutes=10)
    for who, said in ((ben, "StaleAction"), (anna, "done"), (anna, "StaleAction")):
        assert await answer(open_path.confirm(home.parts, who, path.public_id)) == said
    short = await open_path.open_path(home.parts, anna, wanted(path="/other"))
    (chore,) = await home.chores(JobKind.END_PATH, short.public_id)
    assert (short.state, chore.due_at) == (PathState.CHECKING, home.clock.now() + HOUR)


async def test_the_same_path_is_opened_once_and_only_where_something_is_protected(home: QuietHome) -> None:
    anna = await home.who("Anna")
    assert await answer(open_path.open_path(home.parts, anna, wanted())) == "done"
    assert await answer(open_path.open_path(home.parts, anna, wanted())) == "AlreadyOpen"
    assert await answer(open_path.open_path(home.parts, anna, wanted(path="/other"))) == "done"
    elsewhere = WantedPath(**{**vars(wanted()), "host": "photos.example.com"})
    assert await answer(open_path.open_path(home.parts, anna, elsewhere)) == "NotProtected"


@pytest.mark.parametrize("what", ["lockdown_at", "unlocked_at"])
async def test_nothing_is_opened_in_a_lockdown_or_with_the_lock_off(home: QuietHome, what: str) -> None:
    orders: dict[str, Any] = {what: home.clock.now()}
    async with home.parts.store.write() as tx:
        await tx.rules.order("example.com", tag=AuditTag.LOCKDOWN_ORDERED, actor=SYSTEM, **orders)
    assert await answer(open_path.open_path(home.parts, await home.who("Anna"), wanted())) == "NoPathsNow"


@pytest.mark.parametrize(("age", "moved"), [(DAY, False), (DAY + THE_LEAST, True), (30 * DAY, False)])
async def test_a_lease_is_moved_on_when_it_is_a_day_old_and_has_not_ended(
    home: QuietHome, age: timedelta, moved: bool
) -> None:
    path = await is_open(home, 30 * DAY, lasting=True)
    home.clock.plus(age)
    async with home.parts.store.write() as tx:
        await leases.move_on(tx)
        await leases.move_on(tx)
    expected = home.clock.now() + 30 * DAY if moved else None
    assert (await again(home, path)).asked_until == expected
    assert len(await home.chores(JobKind.OPEN_PATH, path.public_id)) == moved


@pytest.mark.parametrize(("after", "asked"), [(timedelta(0), 0), (THE_LEAST, 1)])
async def test_whether_a_lasting_path_is_needed_is_asked_once_a_month(
    home: QuietHome, after: timedelta, asked: int
) -> None:
    await is_open(home, 90 * DAY, lasting=True)
    for times in (1, 2):
        home.clock.plus(30 * DAY + after)
        for _ in range(2):
            async with home.parts.store.write() as tx:
                await leases.ask_whether_needed(tx)
        if not asked:
            assert await home.told(PathStillNeeded, "Anna") == []
            return
        assert len(await home.told(PathStillNeeded, "Anna")) == times


@pytest.mark.parametrize("state", list(PathState))
async def test_only_what_is_open_is_prolonged_kept_or_tried_and_only_what_was_asked_is_confirmed(
    home: QuietHome, state: PathState
) -> None:
    anna = await home.who("Anna")
    said = {}
    for lasting in (False, True):
        async with home.parts.store.write() as tx:
            want = WantedPath(**{**vars(wanted(lasting=lasting)), "method": "POST"})
            path = await tx.paths.add(want, anna, state=state, lasts=HOUR, actor=SYSTEM)
            assert path.can_be_set_off
        said[lasting] = [
            await prolong(home, path, who="Anna"),
            await answer(open_path.keep_open(home.parts, anna, path.public_id)),
            await answer(open_path.try_now(home.parts, anna, path.public_id)),
            await answer(open_path.confirm(home.parts, anna, path.public_id)),
        ]
        tries = await home.chores(JobKind.TRY_PATH, path.public_id)
        assert [chore.payload for chore in tries] == ([{"asked": True}] if state is PathState.OPEN else [])
    opened, asked = state is PathState.OPEN, "done" if state is PathState.ASKED else "StaleAction"
    assert said[False] == (
        ["done", "StaleAction", "done", "StaleAction"]
        if opened
        else ["StaleAction", "StaleAction", "StaleAction", asked]
    )
    assert said[True] == (
        ["StaleAction", "done", "done", "StaleAction"]
        if opened
        else ["StaleAction", "StaleAction", "StaleAction", asked]
    )


async def test_nothing_is_tried_that_sets_nothing_off_and_nothing_done_to_what_is_not(home: QuietHome) -> None:
    anna = await home.who("Anna")
    async with home.parts.store.write() as tx:
        harmless = WantedPath(**{**vars(wanted()), "method": "GET"})
        path = await tx.paths.add(harmless, anna, state=PathState.OPEN, lasts=HOUR, actor=SYSTEM)
    assert await answer(open_path.try_now(home.parts, anna, path.public_id)) == "StaleAction"
    for do in (open_path.try_now, open_path.keep_open, open_path.close, open_path.confirm):
        assert await answer(do(home.parts, anna, "nothing")) == "StaleAction"


async def test_a_lasting_path_is_tried_at_cloudflare_only_once_it_was_confirmed(home: QuietHome) -> None:
    anna = await home.who("Anna")
    path = await open_path.open_path(home.parts, anna, wanted(lasting=True))
    assert await home.chores(JobKind.OPEN_PATH, path.public_id) == []
    await open_path.confirm(home.parts, anna, path.public_id)
    assert len(await home.chores(JobKind.OPEN_PATH, path.public_id)) == 1
    short = await open_path.open_path(home.parts, anna, wanted(path="/other"))
    assert len(await home.chores(JobKind.OPEN_PATH, short.public_id)) == 1


async def test_what_is_on_its_way_out_is_opened_anew(home: QuietHome) -> None:
    anna = await home.who("Anna")
    path = await is_open(home)
    await open_path.close(home.parts, anna, path.public_id)
    assert await answer(open_path.open_path(home.parts, anna, wanted())) == "done"
