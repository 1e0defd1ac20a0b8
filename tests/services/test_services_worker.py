"""The worker: what is due is begun once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.chores import Chore, ChoreKind
from bot.services.chores import DOES
from bot.services.parts import Parts
from bot.store.chores import Chores
from tests.household import Household
from tests.locked_household import household


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as home:
        yield home


async def test_what_ends_while_the_worker_looks_is_not_done_again(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, may_end = list[str](), asyncio.Event()
    store, worker = home.bot.app.parts.store, home.bot.app._worker
    due = Chores.due

    async def does(_parts: Parts, chore: Chore) -> None:
        begun.append(chore.subject)
        await may_end.wait()

    async def looks(chores: Chores) -> tuple[Chore, ...]:
        found = await due(chores)
        if begun and not may_end.is_set():
            may_end.set()
            async with asyncio.timeout(10):
                while worker._at_work:  # noqa: ASYNC110 -- nobody tells
                    await asyncio.sleep(0)
        return found

    monkeypatch.setitem(DOES, ChoreKind.REMIND, does)
    monkeypatch.setattr(Chores, "due", looks)
    async with store.write() as tx:
        await tx.chores.add(ChoreKind.REMIND, "once")
    async with asyncio.timeout(10):
        while not begun:  # noqa: ASYNC110 -- as above
            await asyncio.sleep(0)
        worker.wake()
        await may_end.wait()
    await home.settle()
    assert begun == ["once"]
