"""What goes wrong while fetching: an update that kills the bot, and a second program that fetches with it."""

import asyncio
from datetime import timedelta
from functools import partial

import httpx
from structlog.testing import capture_logs

from bot.model.audit import AuditTag
from sandbox.telegram import TelegramStandin
from sandbox.world import World
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.refusing_disk import Disk

TOLD = "could not handle twice was set aside"
TWO = "Another program fetches my messages"


async def tags(home: Household) -> list[str]:
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.audit.first_broken() is None
        return [event.tag async for event in tx.audit.events()]


async def die_of(home: Household, world: World, *, in_order: bool = False) -> None:
    """The bot begins to handle what waits, and dies of it; or is told to stop just then."""
    fault = world.telegram.fault(call="sendMessage", when="instead", hold=True, times=0)
    if not world.bot_runs:
        await world.start_bot()
    else:
        home.phone("Anna").send("/help")
    await asyncio.wait_for(fault.reached.wait(), LAST_RESORT_SECONDS)
    await (world.stop_bot() if in_order else world.kill_bot())
    world.end_trouble()


async def test_an_update_the_bot_dies_of_is_set_aside_after_two_tries(home: Household, world: World) -> None:
    await home.say("Ben", "/whoami")
    await die_of(home, world)
    await die_of(home, world)
    home.phone("Anna").send("/whoami")
    await world.start_bot()
    await home.settle()
    for who in ("Anna", "Ben"):
        assert sum(TOLD in text for text in home.texts(who)) == 1
    assert not any("/newcert" in text for text in home.texts("Anna")), "it was not handled a third time"
    assert any(str(home.phone("Anna").user_id) in text for text in home.texts("Anna")), "what came after it was"
    assert (await tags(home)).count(AuditTag.UPDATE_SET_ASIDE) == 1
    await home.restart()
    assert sum(TOLD in text for text in home.texts("Anna")) == 1
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.inbox.open() == ()


async def test_what_was_tried_once_is_handled_after_all(home: Household, world: World) -> None:
    await die_of(home, world)
    await world.start_bot()
    await home.settle()
    assert any("/newcert" in text for text in home.texts("Anna"))
    assert AuditTag.UPDATE_SET_ASIDE not in await tags(home)


async def test_who_is_told_to_stop_in_the_middle_blames_no_update(home: Household, world: World) -> None:
    for _ in range(3):
        await die_of(home, world, in_order=True)
    await world.start_bot()
    await home.settle()
    assert any("/newcert" in text for text in home.texts("Anna"))
    assert AuditTag.UPDATE_SET_ASIDE not in await tags(home)


async def test_nobody_is_too_fast_because_the_disk_refuses_what_they_sent(home: Household, world: World) -> None:
    """Telegram gives the same updates again and again until they are stored: that is one arrival, not many."""
    await home.say("Anna", "/whoami")
    disk = Disk(home)
    disk.refuses = True
    before = len(home.phone("Anna").events)
    for _ in range(12):
        home.phone("Anna").send("/whoami")
    for _ in range(8):
        polls = polls_of(world)
        world.clock.plus(timedelta(seconds=6))
        await home.until(partial(polled_since, world, polls))
    disk.refuses = False
    world.clock.plus(timedelta(seconds=6))
    await home.until(lambda: world.telegram.pending == 0)
    await home.settle()
    answers = [seen.text for seen in home.phone("Anna").events[before:]]
    assert sum("Your Telegram id" in text for text in answers) == 12


def polls_of(world: World) -> int:
    return sum("getUpdates" in call.label for call in world.telegram.calls)


def polled_since(world: World, before: int) -> bool:
    return polls_of(world) > before


async def poll(telegram: TelegramStandin) -> int:
    """Fetch once, as another program with the same token."""
    async with httpx.AsyncClient() as other:
        address = f"{telegram.url}/bot{telegram.token}/getUpdates"
        return (await other.post(address, json={"timeout": 0, "offset": 0})).status_code


def conflicts(world: World) -> int:
    return sum(call.status == 409 for call in world.telegram.calls)


def another_conflict(world: World, before: int) -> bool:
    return conflicts(world) > before


async def fight(home: Household, world: World, times: int) -> None:
    """Both fetch in turn: each ends the other's waiting. Then the bot pauses, and comes again."""
    polled = world.telegram.account.updates.polled
    for _ in range(times):
        await asyncio.wait_for(polled.wait(), LAST_RESORT_SECONDS)
        before = conflicts(world)
        assert await poll(world.telegram) == 200
        await home.until(partial(another_conflict, world, before))
        while not polled.is_set():
            await home.clock(seconds=5)
            await asyncio.sleep(0.01)


async def test_a_second_poller_is_told_once(home: Household, world: World) -> None:
    await home.say("Ben", "/whoami")
    with capture_logs() as log:
        await fight(home, world, 1)
        await fight_on(home, world)
    assert sum("another program fetches" in str(line["event"]) for line in log) == 1
    await home.clock(hours=2)
    await fight(home, world, 3)
    assert sum(TWO in text for text in home.texts("Anna")) == 2


async def fight_on(home: Household, world: World) -> None:
    assert not any(TWO in text for who in ("Anna", "Ben") for text in home.texts(who))
    await fight(home, world, 2)
    # Now and then the bot has its turn, and the other comes again.
    await home.say("Anna", "/whoami")
    await fight(home, world, 3)
    for who in ("Anna", "Ben"):
        assert sum(TWO in text for text in home.texts(who)) == 1
