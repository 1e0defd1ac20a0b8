"""A token whose messages go to a webhook: said by its own words, in the chat, by ``check`` and by ``setup``."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from sandbox.world import Person, World
from tests.e2e.set_up import SetUp
from tests.e2e.test_e2e_fetching import TWO, fight
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS

HOOK = "https://old.example/hook/secret-path"
MINE = "a webhook is set for my token, at old.example"
ENTER = ""


@pytest.fixture
async def set_up(tmp_path: Path) -> AsyncIterator[SetUp]:
    async with World(tmp_path / "world", people=(Person("Anna"),)) as world:
        yield SetUp(world, tmp_path / "latchkey")


def webhook(world: World, url: str | None = None) -> str:
    """Where the bot's messages go; ``url``: from now on."""
    if url is not None:
        world.telegram.account.updates.webhook = url
    return world.telegram.account.updates.webhook


async def refusals(home: Household, world: World, times: int) -> None:
    """Let the bot ask for its messages in vain, so many times."""
    for _ in range(times):
        before = refused(world)
        while refused(world) == before:
            world.clock.plus(timedelta(seconds=31))
            await asyncio.sleep(0.01)


def refused(world: World) -> int:
    return sum(call.label == "getUpdates" and call.status == 409 for call in world.telegram.calls)


def told(home: Household, words: str) -> list[int]:
    return [sum(words in text for text in home.texts(who)) for who in ("Anna", "Ben")]


async def test_a_webhook_set_while_it_runs_is_told_once_and_by_its_own_words(home: Household, world: World) -> None:
    await home.say("Ben", "/whoami")
    with capture_logs() as log:
        webhook(world, HOOK)
        await refusals(home, world, 5)
        await home.until(lambda: told(home, MINE) == [1, 1])
        await refusals(home, world, 2)
    assert told(home, MINE) == [1, 1]
    assert told(home, TWO) == [0, 0]
    assert told(home, "secret-path") == [0, 0]
    (line,) = [line for line in log if line["log_level"] == "error"]
    assert "latchkey check --end-webhook" in line["event"]
    assert line["webhook_at"] == "old.example"
    home.phone("Anna").send("/whoami")
    webhook(world, "")
    world.clock.plus(timedelta(seconds=31))
    await home.settle()
    assert "Your Telegram id" in home.newest("Anna").text, "what waited is not lost"


async def test_a_webhook_that_was_there_before_the_start_is_told_too(home: Household, world: World) -> None:
    await world.stop_bot()
    webhook(world, HOOK)
    with capture_logs() as log:
        await world.start_bot()
        await home.until(lambda: told(home, MINE) == [1, 1])
    assert sum("webhook" in str(line["event"]) for line in log) == 1


async def test_the_same_trouble_is_told_again_after_an_hour_without_it(home: Household, world: World) -> None:
    async def again(after: timedelta) -> None:
        webhook(world, "")
        world.clock.plus(timedelta(seconds=31))
        await home.settle()
        world.clock.plus(after)
        await home.settle()
        webhook(world, HOOK)
        await refusals(home, world, 2)

    await again(timedelta(0))
    await home.until(lambda: told(home, MINE) == [1, 1])
    await again(timedelta(minutes=58))
    await again(timedelta(minutes=61))
    await home.until(lambda: told(home, MINE) == [2, 2])


async def test_both_kinds_are_told_apart(home: Household, world: World) -> None:
    await fight(home, world, 3)
    assert (told(home, TWO), told(home, MINE)) == ([1, 1], [0, 0])
    webhook(world, HOOK)
    await refusals(home, world, 2)
    await home.until(lambda: told(home, MINE) == [1, 1])
    assert told(home, TWO) == [1, 1]


async def test_where_it_goes_is_not_known(home: Household, world: World) -> None:
    world.telegram.fault(call="getWebhookInfo", status=502, times=0)
    webhook(world, HOOK)
    await refusals(home, world, 1)
    await home.until(lambda: told(home, "a webhook is set for my token.") == [1, 1])


async def test_a_webhook_that_is_gone_when_one_looks_is_no_news(home: Household, world: World) -> None:
    body = {"ok": False, "error_code": 409, "description": "Conflict: terminated by setWebhook request"}
    world.telegram.fault(call="getUpdates", status=409, body=body, times=2)
    with capture_logs() as log:
        home.phone("Anna").send("/whoami")
        await refusals(home, world, 1)
        world.clock.plus(timedelta(seconds=31))
        await home.settle()
    assert told(home, "webhook") == [0, 0]
    assert not [line for line in log if line["log_level"] == "error"]


async def test_what_goes_on_is_told_although_telegram_tells_of_no_webhook(home: Household, world: World) -> None:
    words = (
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
    )
    body = {"ok": False, "error_code": 409, "description": words}
    world.telegram.fault(call="getUpdates", status=409, body=body, times=0)
    home.phone("Anna").send("/whoami")
    await refusals(home, world, 2)
    assert told(home, "webhook") == [0, 0]
    await refusals(home, world, 3)
    await home.until(lambda: told(home, "a webhook is set for my token.") == [1, 1])
    world.end_trouble()
    world.clock.plus(timedelta(seconds=31))
    await home.settle()


async def test_check_says_so_and_ends_it_when_asked_to(set_up: SetUp) -> None:
    await set_up.run(set_up.bot_token, set_up.cloudflare_token, ENTER, "n")
    webhook(set_up.world, HOOK)

    async def check(*more: str) -> tuple[int, list[str]]:
        process = await set_up.start("check", *more)
        told, _ = await process.communicate()
        assert "secret-path" not in told.decode()
        lines = [line for line in told.decode().splitlines() if " telegram: " in line]
        return process.returncode or 0, lines

    code, (line,) = await check()
    assert code == 1
    assert line.startswith("WRONG  telegram: a webhook at old.example gets the messages of @latchkey_sandbox_bot")
    assert "latchkey check --end-webhook" in line
    assert webhook(set_up.world) == HOOK, "nothing is ended unasked"
    _, (line,) = await check("--end-webhook")
    assert line == "ok     telegram: the token is @latchkey_sandbox_bot; the webhook at old.example is ended"
    assert webhook(set_up.world) == ""
    for more in ((), ("--end-webhook",)):
        _, (line,) = await check(*more)
        assert line == "ok     telegram: the token is @latchkey_sandbox_bot"


async def test_set_up_offers_to_end_it(set_up: SetUp) -> None:
    webhook(set_up.world, HOOK)
    code, said = await set_up.run(set_up.bot_token, "n", ENTER, "y", set_up.cloudflare_token, ENTER, "n")
    assert code == 0
    assert said.count("go to a webhook, at old.example") == 2
    assert "Then please give Latchkey a bot of its own" in said
    assert "ok: @latchkey_sandbox_bot" in said
    assert "secret-path" not in said
    assert webhook(set_up.world) == ""
    # What waits is not thrown away.
    assert [call.sent for call in set_up.world.telegram.calls if call.label == "deleteWebhook"] == [{}]


async def test_set_up_ends_nothing_by_a_mere_enter(set_up: SetUp) -> None:
    webhook(set_up.world, HOOK)
    code, said = await set_up.run(set_up.bot_token, ENTER)
    assert code == 1
    assert "ok: @" not in said
    assert webhook(set_up.world) == HOOK
    assert not set_up.file.exists() or "LATCHKEY_TELEGRAM_TOKEN" not in set_up.settings()


@pytest.mark.parametrize(
    "body",
    ["<html>Sign in</html>", "null", [], {"ok": True}, {"ok": True, "result": {"id": 5}}, {"ok": True, "result": []}],
    ids=str,
)
async def test_odd_answers_at_the_start_are_our_line_and_no_traceback(set_up: SetUp, body: object) -> None:
    await set_up.run(set_up.bot_token, set_up.cloudflare_token, ENTER, "n")
    fault = set_up.world.telegram.fault(call="*", body=body, times=0)
    check = await set_up.start("check")
    told, _ = await check.communicate()
    assert b"WRONG  telegram: Telegram does not answer as it should" in told
    claim = await set_up.start("claim")
    told, _ = await claim.communicate()
    assert told.decode().startswith("latchkey: Telegram does not answer as it should")
    assert claim.returncode == 2
    bot = await set_up.start("run")
    assert bot.stdout is not None
    while b"Telegram does not answer as it should" not in (
        line := await asyncio.wait_for(bot.stdout.readline(), LAST_RESORT_SECONDS)
    ):
        assert line
        assert b"Traceback" not in line
    set_up.world.telegram.faults.remove(fault)
    try:
        await asyncio.wait_for(set_up.world.telegram.account.updates.polled.wait(), LAST_RESORT_SECONDS)
    finally:
        bot.terminate()
        told, _ = await bot.communicate()
    assert b"Traceback" not in told
    assert bot.returncode == 0
