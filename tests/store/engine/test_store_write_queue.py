"""The order in which writers are let in."""

import asyncio

import pytest

from bot.store.engine import write_queue as module
from bot.store.engine.write_queue import PriorityWriteLock
from tests.patience import LAST_RESORT_SECONDS


async def _writes(writers: PriorityWriteLock, name: str, done: list[str], *, first: bool = False) -> None:
    with writers.goes_first(really=first):
        async with writers:
            done.append(name)
            await asyncio.sleep(0)


async def test_one_at_a_time() -> None:
    writers, inside, most = PriorityWriteLock(), 0, 0

    async def write() -> None:
        nonlocal inside, most
        async with writers:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(write() for _ in range(20)))
    assert most == 1


async def test_whoever_takes_away_is_next() -> None:
    writers, done = PriorityWriteLock(), list[str]()
    async with writers:
        waiting = [asyncio.create_task(_writes(writers, f"gives {number}", done)) for number in range(3)]
        await asyncio.sleep(0)
        waiting += [asyncio.create_task(_writes(writers, f"takes {number}", done, first=True)) for number in range(2)]
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert done == ["takes 0", "takes 1", "gives 0", "gives 1", "gives 2"]


async def test_a_task_begun_by_whoever_takes_away_goes_first_too() -> None:
    writers, done = PriorityWriteLock(), list[str]()

    async def begun() -> None:
        async with writers:
            done.append("begun by it")

    async with writers:
        gives = asyncio.create_task(_writes(writers, "gives", done))
        await asyncio.sleep(0)
        with writers.goes_first():
            takes = asyncio.create_task(begun())
        await asyncio.sleep(0)
    await asyncio.gather(gives, takes)
    assert done == ["begun by it", "gives"]


@pytest.mark.parametrize("let_in", [True, False], ids=["just let in", "still waiting"])
async def test_whoever_gives_up_stops_nobody(let_in: bool) -> None:
    writers, done = PriorityWriteLock(), list[str]()
    await writers.__aenter__()
    gives_up = asyncio.create_task(_writes(writers, "gives up", done))
    waits = asyncio.create_task(_writes(writers, "waits", done))
    await asyncio.sleep(0)
    if let_in:
        await writers.__aexit__()
        gives_up.cancel()
    else:
        gives_up.cancel()
        await writers.__aexit__()
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        await waits
        await _writes(writers, "later", done)
    assert gives_up.cancelled()
    assert done == ["waits", "later"]


async def test_an_error_inside_lets_the_next_in() -> None:
    writers, done = PriorityWriteLock(), list[str]()
    with pytest.raises(ValueError, match="inside"):
        async with writers:
            raise ValueError("inside")
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        await _writes(writers, "next", done)
    assert done == ["next"]


async def test_whoever_goes_alone_has_nobody_else_let_in_meanwhile() -> None:
    writers, done = PriorityWriteLock(), list[str]()
    with writers.goes_first(alone=True):
        gives = asyncio.create_task(_writes(writers, "gives", done))
        await _writes(writers, "takes", done, first=True)
        await asyncio.sleep(0)
        await _writes(writers, "takes again", done, first=True)
        assert not gives.done()
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        await gives
    assert done == ["takes", "takes again", "gives"]


async def test_whoever_goes_alone_for_long_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.01)
    writers, done = PriorityWriteLock(), list[str]()
    with writers.goes_first(alone=True):
        async with asyncio.timeout(LAST_RESORT_SECONDS):
            await asyncio.gather(*(_writes(writers, f"gives {number}", done) for number in range(3)))
    assert done == ["gives 0", "gives 1", "gives 2"]


async def test_work_of_another_kind_waits_for_whoever_is_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    writers = PriorityWriteLock()
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        with writers.goes_first(alone=True):
            await writers.when_nobody_is_alone()
            computes = asyncio.create_task(_computes(writers))
            await asyncio.sleep(0)
            assert not computes.done()
        await computes
        monkeypatch.setattr(module, "_PATIENCE_SECONDS", 0.01)
        with writers.goes_first(alone=True):
            await asyncio.create_task(_computes(writers))


async def _computes(writers: PriorityWriteLock) -> None:
    with writers.goes_first(really=False):
        await writers.when_nobody_is_alone()
