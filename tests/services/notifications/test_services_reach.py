"""What an admin who can act again is shown: what still waits, and for how long a report is news."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model.certificates.names import device_name
from bot.model.lost_devices import LossCard, LossState
from bot.model.message_ref import MessageRef
from bot.model.people.people import FreezeReason, Standing
from bot.model.people.request_notices import Reach, RequestCard
from bot.model.people.requests import Request
from bot.services.backups import unfreeze
from bot.services.notifications import reach as notifications_reach
from bot.services.people import requests
from tests.quiet_home import QuietHome, answer, quiet_home
from tests.still_family import THE_LEAST


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[QuietHome]:
    """Ben is frozen for now."""
    async with quiet_home(tmp_path) as home:
        await home.changed("Ben", standing=Standing.FROZEN, freeze_reason=FreezeReason.RESTORED)
        yield home


async def asked(home: QuietHome, who: str = "Tom") -> Request:
    actor = await home.who(who)
    async with home.parts.store.write() as tx:
        return (await requests.ask_for_device(home.parts, tx, actor, device_name("tablet"), None)).request


async def back(home: QuietHome, who: str = "Ben") -> None:
    person = await home.changed(who, standing=Standing.OK, freeze_reason=None)
    async with home.parts.store.write() as tx:
        await notifications_reach.bring_waiting(tx, person)


@pytest.mark.parametrize(("after", "shown"), [(-THE_LEAST, 1), (timedelta(0), 0)])
async def test_what_still_waits_is_shown_once(home: QuietHome, after: timedelta, shown: int) -> None:
    await asked(home)
    home.clock.plus(home.parts.policy.request_life + after)
    for _ in range(2):
        await back(home)
    assert len(await home.told(RequestCard, "Ben")) == shown


async def test_what_is_on_their_phone_is_not_shown_again_nor_their_own(home: QuietHome) -> None:
    request = await asked(home)
    async with home.parts.store.write() as tx:
        await tx.request_cards.keep(request, MessageRef(home.account("Ben").telegram_id, 5))
        await tx.request_cards.keep(request, MessageRef(home.account("Mia").telegram_id, 5))
    await back(home)
    assert await home.told(RequestCard, "Ben") == []
    async with home.parts.store.write() as tx:
        assert [admin.name for admin in await notifications_reach.reached(tx, request)] == ["Ben"]
        assert await notifications_reach.reach_of(tx, request) is Reach.REACHED


@pytest.mark.parametrize(("reachable", "reach"), [(True, Reach.UNDER_WAY), (False, Reach.NOBODY)])
async def test_a_request_is_under_way_as_long_as_somebody_can_be_written_to(
    home: QuietHome, reachable: bool, reach: Reach
) -> None:
    request = await asked(home)
    await home.changed("Anna", reachable=reachable)
    async with home.parts.store.read() as tx:
        assert await notifications_reach.reach_of(tx, request) is reach


async def test_members_are_shown_nothing(home: QuietHome) -> None:
    await asked(home)
    await back(home, "Mia")
    assert await home.told(RequestCard, "Mia") == []


@pytest.mark.parametrize(("after", "news"), [(timedelta(0), True), (THE_LEAST, False)])
@pytest.mark.parametrize("state", list(LossState))
async def test_an_undecided_report_is_news_for_thirty_days(
    home: QuietHome, state: LossState, after: timedelta, news: bool
) -> None:
    tom = await home.who("Tom")
    async with home.parts.store.write() as tx:
        await tx.losses.add(tom, tom, (), whole=True, state=state)
    home.clock.plus(timedelta(days=30) + after)
    await back(home)
    undecided = state in {LossState.OPEN, LossState.KEYS_ONLY}
    assert len(await home.told(LossCard, "Ben")) == (undecided and news)


@pytest.mark.parametrize("reason", list(FreezeReason))
async def test_only_what_a_restore_froze_is_lifted_with_the_list(home: QuietHome, reason: FreezeReason) -> None:
    await home.changed("Ben", standing=Standing.OK, freeze_reason=None)
    await home.changed("Tom", standing=Standing.FROZEN, freeze_reason=reason)
    restored = reason is FreezeReason.RESTORED
    for who, said in (("Mia", "NotAllowed"), ("Anna", "done" if restored else "StaleAction"), ("Anna", "StaleAction")):
        assert await answer(unfreeze.unfreeze_all(home.parts, await home.who(who))) == said
    assert (await home.who("Tom")).standing is (Standing.OK if restored else Standing.FROZEN)
