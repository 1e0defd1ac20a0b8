"""Who may have a certificate without a tap, and how many devices: on both sides of each number and time."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import Frozen, NotAllowed
from bot.model.certificates.certificates import State
from bot.model.people.access import Action
from bot.model.people.people import Standing
from bot.services.authorization import authorize, device_limit_of, may_skip_approval
from tests.quiet_home import QuietHome, quiet_home
from tests.still_family import THE_LEAST


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    async with quiet_home(tmp_path) as home:
        yield home


async def without_tap(home: QuietHome, who: str) -> bool:
    person = await home.who(who)
    async with home.parts.store.read() as tx:
        return await may_skip_approval(tx, person)


@pytest.mark.parametrize(("made", "free"), [(0, True), (1, True), (2, False), (3, False)])
async def test_a_trusted_person_has_two_without_a_tap(home: QuietHome, made: int, free: bool) -> None:
    for number in range(made):
        await home.certificate("Mia", f"d{number}")
        await home.certificate("Anna", f"d{number}")
    assert await without_tap(home, "Mia") is free
    assert await without_tap(home, "Anna")
    assert not await without_tap(home, "Tom")


@pytest.mark.parametrize(("after", "free"), [(-THE_LEAST, False), (timedelta(0), True)])
async def test_they_count_for_a_day(home: QuietHome, after: timedelta, free: bool) -> None:
    await home.certificate("Mia", "first")
    home.clock.plus(timedelta(hours=1))
    await home.certificate("Mia", "second")
    home.clock.plus(timedelta(hours=23) + after)
    assert await without_tap(home, "Mia") is free


async def test_what_came_to_nothing_does_not_count_and_what_was_revoked_does(home: QuietHome) -> None:
    await home.certificate("Mia", "failed", State.FAILED)
    await home.certificate("Mia", "gone", State.REVOKED)
    assert await without_tap(home, "Mia")
    await home.certificate("Mia", "second")
    assert not await without_tap(home, "Mia")


async def test_nobody_frozen_has_any_without_a_tap(home: QuietHome) -> None:
    for who in ("Anna", "Mia"):
        await home.changed(who, standing=Standing.FROZEN)
        assert not await without_tap(home, who)


@pytest.mark.parametrize(("own", "limit"), [(None, 5), (0, 0), (4, 4), (6, 6)])
async def test_an_own_limit_goes_before_everybodys(home: QuietHome, own: int | None, limit: int) -> None:
    tom = await home.changed("Tom", device_limit=own)
    assert device_limit_of(tom, home.parts.policy) == limit


async def test_what_the_gate_saw_is_looked_at_again(home: QuietHome) -> None:
    before = await home.who("Ben")
    await home.changed("Ben", standing=Standing.FROZEN)
    async with home.parts.store.read() as tx:
        assert (await authorize(tx, before, Action.LOOK)).standing is Standing.FROZEN
        with pytest.raises(Frozen):
            await authorize(tx, before, Action.ADMINISTER)
        with pytest.raises(NotAllowed):
            await authorize(tx, await tx.people.of_telegram(home.account("Tom").telegram_id), Action.ADMINISTER)
