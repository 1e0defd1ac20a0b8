from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, TelegramStandin


@pytest.fixture
def clock(tmp_path: Path) -> SandboxClock:
    return SandboxClock(tmp_path / "clock")


@pytest.fixture
async def standin(clock: SandboxClock) -> AsyncIterator[TelegramStandin]:
    server = TelegramStandin(clock)
    await server.start()
    yield server
    await server.stop()


@pytest.fixture
def new_bot(standin: TelegramStandin) -> Callable[..., Bot]:
    def make(token: str = standin.token) -> Bot:
        return Bot(
            token,
            base_url=f"{standin.url}/bot",
            base_file_url=f"{standin.url}/file/bot",
            request=HTTPXRequest(),
            get_updates_request=HTTPXRequest(),
        )

    return make


@pytest.fixture
async def bot(new_bot: Callable[..., Bot]) -> AsyncIterator[Bot]:
    async with new_bot() as running:
        yield running


@pytest.fixture
def anna(standin: TelegramStandin) -> Phone:
    return standin.join("Anna")


@pytest.fixture
def ben(standin: TelegramStandin) -> Phone:
    return standin.join("Ben", language="de", username="ben_b")
