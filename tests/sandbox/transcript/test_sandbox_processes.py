import asyncio
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from telegram import Bot

from sandbox import world as worlds
from sandbox.addresses import addresses
from sandbox.edge import EdgeAddress, visit
from sandbox.world import Person, RestlessError, World, zone_name
from tests.children import spawned
from tests.sandbox.transcript.echo_bot import EchoBot

ROOT = Path(__file__).parents[3]


@asynccontextmanager
async def running(directory: Path, *arguments: str) -> AsyncIterator[None]:
    """A stand-in in a process of its own, from its first line of output until it has ended in order."""
    command = [sys.executable, "-m", "sandbox", *arguments, "--directory", str(directory)]
    process = await spawned(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        assert await process.stdout.readline()
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        status = await process.wait()
        # Without this the pipe's transport is collected after the loop has closed.
        await process.stdout.read()
    assert status == 0


async def test_the_standins_find_each_other_as_processes(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(running(tmp_path, "telegram", "--people", "Anna, Kim admin"))
        await stack.enter_async_context(running(tmp_path, "cloudflare", "--zone", "dashboard"))
        await stack.enter_async_context(running(tmp_path, "edge"))
        published = addresses(tmp_path)
        assert published["admins"] == [100_002]
        assert published["cloudflare"]["zone"] == "example.com"
        telegram = published["telegram"]
        async with Bot(telegram["token"], base_url=f"{telegram['url']}/bot") as bot:
            assert bot.username == "latchkey_sandbox_bot"
        edge = EdgeAddress(published["edge"]["port"], tmp_path)
        assert (await visit(edge, "https://ha.example.com/")).status == 403


async def test_a_sandbox_keeps_its_token(tmp_path: Path) -> None:
    async with World(tmp_path / "a") as first, World(tmp_path / "b") as other:
        token = first.telegram.token
        assert other.telegram.token != token
    async with World(tmp_path / "a") as again:
        assert again.telegram.token == token


async def test_a_bot_that_finds_no_rest_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class DeafBot(EchoBot):
        async def start(self) -> None:
            await super().start()
            assert self._task is not None
            self._task.cancel()

    monkeypatch.setattr(worlds, "_PATIENCE_SECONDS", 0.2)
    async with World(tmp_path, bot=DeafBot, people=[Person("Anna", frozenset({"admin"}))]) as world:
        assert world.admins == [world.people["Anna"].user_id]
        world.people["Anna"].send("hello")
        with pytest.raises(RestlessError, match="1 updates not fetched"):
            await world.settle()


@pytest.mark.parametrize(
    ("hosts", "zone"),
    [
        (["ha.example.com", "photos.example.com"], "example.com"),
        (["ha.home.example.com", "nas.home.example.com"], "home.example.com"),
        (["ha.home.example.com", "nas.example.com"], "example.com"),
        (["example.com", "ha.example.com"], "example.com"),
        (["HA.example.com"], "example.com"),
    ],
)
def test_the_zone_is_what_the_hosts_share(hosts: list[str], zone: str) -> None:
    assert zone_name(hosts) == zone


@pytest.mark.parametrize("hosts", [[], ["a.example.com", "b.example.org"], ["localhost"]])
def test_hosts_that_share_no_zone(hosts: list[str]) -> None:
    with pytest.raises(ValueError, match="zone"):
        zone_name(hosts)
