"""``latchkey setup`` as people run it: real calls to the stand-ins, every answer that does not do, the claim."""

import asyncio
import os
import pty
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.world import Person, World
from tests.children import spawned
from tests.e2e.set_up import WRONG_BOT_TOKEN, WRONG_CLOUDFLARE_TOKEN, SetUp
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS


@pytest.fixture
async def set_up(tmp_path: Path) -> AsyncIterator[SetUp]:
    async with World(tmp_path / "world", people=(Person("Anna"),)) as world:
        yield SetUp(world, tmp_path / "latchkey")


async def test_from_nothing_to_a_bot_that_checks_out(set_up: SetUp) -> None:
    code, said = await set_up.run(set_up.bot_token, set_up.cloudflare_token, "", "n")
    assert code == 0
    assert "ok: @latchkey_sandbox_bot" in said
    assert "Zone [example.com]" in said
    assert "ok: example.com, Free Website, 0 of 100 certificates in use" in said
    assert "Careful" not in said
    assert "latchkey claim makes you an admin" in said
    assert set_up.settings() == {
        "LATCHKEY_TELEGRAM_TOKEN": set_up.bot_token,
        "LATCHKEY_CLOUDFLARE_TOKEN": set_up.cloudflare_token,
        "LATCHKEY_ZONE": "example.com",
    }
    assert stat.S_IMODE(set_up.file.stat().st_mode) == 0o600
    assert [one.name for one in set_up.folder.iterdir() if one.name != "data"] == [".env"]
    check = await set_up.start("check")
    told, _ = await check.communicate()
    assert b"ok     telegram: the token is @latchkey_sandbox_bot" in told
    assert b"ok     certificates: 0 of 100 in use" in told


async def test_nothing_is_changed_at_cloudflare(set_up: SetUp) -> None:
    before = set_up.world.cloudflare.rules, set_up.world.cloudflare.hosts
    await set_up.run(set_up.bot_token, set_up.cloudflare_token, "", "n")
    assert (set_up.world.cloudflare.rules, set_up.world.cloudflare.hosts) == before
    assert set_up.world.cloudflare.certificates == []


async def test_it_ends_with_the_claim(set_up: SetUp) -> None:
    home = Household(set_up.world)
    await set_up.run(set_up.bot_token, set_up.cloudflare_token, "", "n")
    bot = await set_up.start("run")
    try:
        await asyncio.wait_for(set_up.world.telegram.account.updates.polled.wait(), LAST_RESORT_SECONDS)
        again = await set_up.start("setup")
        assert again.stdin is not None
        assert again.stdout is not None
        again.stdin.write(b"\n\n\ny\n")
        while b"?start=" not in (line := await asyncio.wait_for(again.stdout.readline(), LAST_RESORT_SECONDS)):
            assert line
        home.phone("Anna").send("/start " + line.decode().strip().partition("?start=")[2])
        out, _ = await asyncio.wait_for(again.communicate(b"y\n"), LAST_RESORT_SECONDS)
        assert "is an admin now" in out.decode()
        assert again.returncode == 0
    finally:
        bot.terminate()
        await bot.communicate()
    _, said = await set_up.run("", "", "")
    assert "The bot has an admin already" in said


@pytest.mark.parametrize("typed", ["hello", WRONG_CLOUDFLARE_TOKEN, "123:x", "  "])
async def test_what_is_no_bot_token_is_not_sent(set_up: SetUp, typed: str) -> None:
    code, said = await set_up.run(typed, set_up.bot_token, set_up.cloudflare_token, "", "n")
    assert code == 0
    assert "That is no bot token" in said
    assert [call.label for call in set_up.world.telegram.calls] == ["getMe", "getWebhookInfo"]


async def test_a_bot_token_that_telegram_does_not_know(set_up: SetUp) -> None:
    code, said = await set_up.run(WRONG_BOT_TOKEN, set_up.bot_token, set_up.cloudflare_token, "", "n")
    assert code == 0
    assert "Telegram does not know this token" in said
    assert set_up.settings()["LATCHKEY_TELEGRAM_TOKEN"] == set_up.bot_token


async def test_telegram_does_not_answer_and_then_does(set_up: SetUp) -> None:
    set_up.world.telegram.fault(call="getMe", drop=True)
    code, said = await set_up.run(set_up.bot_token, "", set_up.cloudflare_token, "", "n")
    assert code == 0
    assert "Telegram does not answer" in said
    assert "Bot token (Enter tries the same again)" in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (WRONG_CLOUDFLARE_TOKEN, "Cloudflare does not know this token"),
        ("not a token", "That is no Cloudflare token"),
        ("cfk_" + "a" * 40, "That is the Global API Key"),
        ("0123456789abcdef0123456789abcdef01234", "That is the Global API Key"),
    ],
)
async def test_a_cloudflare_token_that_does_not_do(set_up: SetUp, typed: str, words: str) -> None:
    code, said = await set_up.run(set_up.bot_token, typed, set_up.cloudflare_token, "", "n")
    assert code == 0
    assert words in said
    assert typed not in said
    assert set_up.settings()["LATCHKEY_CLOUDFLARE_TOKEN"] == set_up.cloudflare_token


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ({"ssl:edit"}, ["Zone – SSL and Certificates – Edit"]),
        ({"waf:edit", "waf:read"}, ["Zone – Zone WAF – Edit"]),
        ({"waf:edit"}, ["Zone – Zone WAF – Edit"]),
        ({"ssl:edit", "waf:edit"}, ["Zone – SSL and Certificates – Edit", "Zone – Zone WAF – Edit"]),
    ],
)
async def test_a_missing_right_is_named_with_where_to_click(set_up: SetUp, lost: set[str], words: list[str]) -> None:
    kept = {right.replace("edit", "read") for right in lost} - lost
    set_up.world.cloudflare.permissions = (set_up.world.cloudflare.permissions - lost) | kept
    code, said = await set_up.run(set_up.bot_token, set_up.cloudflare_token, "")
    assert code == 1
    told = said.partition("The token lacks, for example.com:\n")[2]
    assert [line.strip() for line in told.splitlines()[: len(words)]] == words
    assert "API Tokens › … beside the token › Edit" in told
    assert "Cloudflare token (Enter tries the same again)" in told
    assert "LATCHKEY_CLOUDFLARE_TOKEN" not in set_up.settings()


async def test_a_right_added_meanwhile_needs_only_enter(set_up: SetUp) -> None:
    rights = set_up.world.cloudflare.permissions
    set_up.world.cloudflare.permissions = rights - {"ssl:edit"}
    process = await set_up.start("setup")
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(f"{set_up.bot_token}\n{set_up.cloudflare_token}\n\n".encode())
    while b"The token lacks" not in (line := await asyncio.wait_for(process.stdout.readline(), LAST_RESORT_SECONDS)):
        assert line
    set_up.world.cloudflare.permissions = rights
    out, _ = await asyncio.wait_for(process.communicate(b"\n\nn\n"), LAST_RESORT_SECONDS)
    assert process.returncode == 0
    assert "ok: example.com" in out.decode()
    assert set_up.settings()["LATCHKEY_CLOUDFLARE_TOKEN"] == set_up.cloudflare_token


async def test_a_token_that_sees_no_zone(set_up: SetUp) -> None:
    set_up.world.cloudflare.permissions.discard("zone:read")
    code, said = await set_up.run(set_up.bot_token, set_up.cloudflare_token)
    assert code == 1
    assert "sees no zone: edit it under My Profile › API Tokens, add “Zone: Zone: Read”" in said


async def test_a_token_that_sees_more_than_one_zone(set_up: SetUp) -> None:
    set_up.world.cloudflare.other_zones = ["work.example", "shop.example"]
    code, said = await set_up.run(set_up.bot_token, set_up.cloudflare_token, "elsewhere.test", "Example.COM.", "n")
    assert code == 0
    assert "Careful: this token sees 3 zones (example.com, shop.example, work.example)" in said
    assert "Include › Specific zone" in said
    assert "The token does not see elsewhere.test. It sees: example.com, shop.example, work.example." in said
    assert set_up.settings()["LATCHKEY_ZONE"] == "example.com"


async def test_at_a_terminal_no_token_is_shown(set_up: SetUp) -> None:
    outside, inside = pty.openpty()
    process = await spawned(
        *(sys.executable, "-m", "bot", "setup"),
        env=set_up.environment(TERM="dumb"),
        cwd=set_up.folder,
        stdin=inside,
        stdout=inside,
        stderr=inside,
        start_new_session=True,
    )
    os.close(inside)
    screen = await asyncio.to_thread(
        typed,
        outside,
        [
            ("Bot token: ", set_up.bot_token),
            ("Cloudflare token: ", set_up.cloudflare_token),
            ("Zone [example.com]: ", ""),
            ("now? [Y/n]: ", "n"),
        ],
    )
    assert await asyncio.wait_for(process.wait(), LAST_RESORT_SECONDS) == 0
    assert "ok: example.com" in screen
    assert set_up.bot_token not in screen
    assert set_up.cloudflare_token not in screen
    assert set_up.settings()["LATCHKEY_CLOUDFLARE_TOKEN"] == set_up.cloudflare_token


def typed(terminal: int, answers: list[tuple[str, str]]) -> str:
    """Type each answer when its question is on the screen; answers the whole screen at the end."""
    screen = b""
    waiting = list(answers)
    while True:
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            # What Linux says when the other side is closed.
            piece = b""
        if not piece:
            os.close(terminal)
            return screen.decode()
        screen += piece
        if waiting and screen.decode("utf-8", "replace").endswith(waiting[0][0]):
            os.write(terminal, f"{waiting.pop(0)[1]}\n".encode())
