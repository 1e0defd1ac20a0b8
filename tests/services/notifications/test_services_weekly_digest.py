"""What comes by itself: the digest on Mondays, the daily proof, and looking again after a change."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model.certificates.renewal import Digest
from bot.model.jobs import JobKind
from bot.model.people.people import Standing
from bot.services.notifications import weekly_digest
from bot.services.protection import proof_schedule
from tests.quiet_home import QuietHome, quiet_home
from tests.still_family import THE_LEAST

ZONE, UTC_ZONE = "example.com", ZoneInfo("UTC")
DAY = timedelta(days=1)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def sent(home: QuietHome, zone: ZoneInfo = UTC_ZONE) -> int:
    before = len(await home.told(Digest, "Anna"))
    async with home.parts.store.write() as tx:
        await weekly_digest.send_weekly(tx, ZONE, zone)
    return len(await home.told(Digest, "Anna")) - before


async def test_the_digest_comes_on_mondays_by_day_and_once(home: QuietHome) -> None:
    monday = home.clock.moment.replace(hour=0)
    for since, expected in (
        (timedelta(hours=9) - THE_LEAST, 0),
        (timedelta(hours=9), 1),
        (timedelta(hours=10), 0),
        (DAY + timedelta(hours=9), 0),
        (6 * DAY + timedelta(hours=12), 0),
        (7 * DAY + timedelta(hours=9), 1),
    ):
        home.clock.moment = monday + since
        assert await sent(home) == expected, since
    assert await home.told(Digest, "Mia") == []


@pytest.mark.parametrize(("after", "expected"), [(-THE_LEAST, 0), (timedelta(0), 1)])
async def test_six_days_lie_between_two(home: QuietHome, after: timedelta, expected: int) -> None:
    home.clock.moment -= 6 * DAY + after
    async with home.parts.store.write() as tx:
        await tx.renewals.digest_sent(ZONE)
    home.clock.moment += 6 * DAY + after
    assert await sent(home) == expected


async def test_monday_is_the_households(home: QuietHome) -> None:
    home.clock.moment = home.clock.moment.replace(hour=1)
    assert await sent(home, ZoneInfo("America/New_York")) == 0
    assert await sent(home, ZoneInfo("Asia/Tokyo")) == 1


async def test_who_cannot_be_written_to_is_named(home: QuietHome) -> None:
    await home.changed("Tom", reachable=False)
    await home.changed("Kim", reachable=False, standing=Standing.FROZEN)
    async with home.parts.store.read() as tx:
        shown = await weekly_digest.read(tx, ZONE)
    assert shown.unreachable == ("Tom",)
    assert len(shown.head) == 12


@pytest.mark.parametrize(("count", "more"), [(8, 0), (9, 1)])
@pytest.mark.parametrize(("left", "ends"), [(30 * DAY - THE_LEAST, True), (30 * DAY, False)])
async def test_eight_that_end_within_thirty_days_are_named(
    home: QuietHome, left: timedelta, ends: bool, count: int, more: int
) -> None:
    for number in range(count):
        await home.certificate("Tom", f"d{number}", expires_at=home.clock.now() + left)
    async with home.parts.store.read() as tx:
        shown = await weekly_digest.read(tx, ZONE)
    assert (len(shown.expiring), shown.more_expiring) == ((8, more) if ends else (0, 0))


async def proofs(home: QuietHome) -> list[tuple[timedelta, dict[str, object]]]:
    chores = await home.chores(JobKind.PROVE, proof_schedule.PROVE)
    return [(chore.due_at - home.clock.now(), chore.payload) for chore in chores]


@pytest.mark.parametrize(("tries", "wait"), [(0, 30), (1, 120), (2, 300), (3, 900), (4, None)])
async def test_what_was_not_sure_is_looked_at_again_four_times_ever_later(
    home: QuietHome, tries: int, wait: int | None
) -> None:
    for _ in range(2):
        async with home.parts.store.write() as tx:
            await proof_schedule.retry_later(tx, tries)
            assert await proof_schedule.is_to_look_again(tx) is (wait is not None)
    expected = [] if wait is None else [(timedelta(seconds=wait), {"changed": True, "again": tries + 1})]
    assert await proofs(home) == expected
    if wait is not None:
        # One that is due is under way: it is what asks for the next.
        home.clock.plus(timedelta(seconds=wait))
        async with home.parts.store.write() as tx:
            assert not await proof_schedule.is_to_look_again(tx)
            await proof_schedule.retry_later(tx, 0)
        assert len(await proofs(home)) == 2


@pytest.mark.parametrize(
    ("after", "due"), [(DAY - THE_LEAST, False), (DAY, True), (timedelta(0), False), (-THE_LEAST, True)]
)
async def test_all_is_proven_once_a_day(home: QuietHome, after: timedelta, due: bool) -> None:
    async with home.parts.store.write() as tx:
        await proof_schedule.daily(tx, ZONE)
    assert await proofs(home) == []
    async with home.parts.store.write() as tx:
        await tx.hosts.found_in_rule("ha.example.com")
        await tx.proofs.proven_all(ZONE, daily=True)
    home.clock.plus(after)
    for _ in range(2):
        async with home.parts.store.write() as tx:
            await proof_schedule.daily(tx, ZONE)
    assert len(await proofs(home)) == due


async def test_a_proof_is_ordered_once_for_a_message(home: QuietHome) -> None:
    anna = await home.who("Anna")
    for _ in range(2):
        await proof_schedule.order(home.parts, anna, None)
    assert len(await proofs(home)) == 1
    await proof_schedule.order(home.parts, await home.who("Ben"), None)
    assert len(await proofs(home)) == 2
