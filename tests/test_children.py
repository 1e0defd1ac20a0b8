"""No process outlives its test: whether the test passes, fails, or is killed with all that runs it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from tests import children
from tests.patience import LAST_RESORT_SECONDS

ROOT = Path(__file__).parents[1]
KINDS = ("fresh", "forked", "killed bot", "forked world")

# Whatever tests start processes with, all of it, and then the end of a test that never ended them.
_LEAVES = """
import asyncio, os
from pathlib import Path

from sandbox.world import Person, World
from tests.children import is_alive
from tests.e2e.test_e2e_process import Process
from tests.forked_world import Past
from tests.killed_process import ProcessBot

TOLD, END = Path({told!r}), {end!r}
ANNA = (Person("Anna", frozenset({{"admin"}})),)


def tell(kind, pid):
    with TOLD.open("a") as file:
        file.write(f"{{kind}}:{{pid}}\\n")


async def never_ends(home):
    tell("forked world", os.getpid())
    await asyncio.Event().wait()


async def starts(directory):
    world = World(directory / "one", people=ANNA)
    await world.start()
    tell("fresh", (await Process.fresh(world).start("run")).pid)
    tell("forked", (await Process(world).start("claim", typing=True)).pid)
    other = World(directory / "two", bot=ProcessBot, people=ANNA)
    await other.start()
    tell("killed bot", other.bot._process.pid)


def test_that_leaves_them(tmp_path):
    past = Past(tmp_path / "past", ANNA, "documented")
    past.play(())
    if END == "killed":
        # The fork holds the test up for good.
        loop = asyncio.new_event_loop()
        loop.run_until_complete(starts(tmp_path))
        past.future(never_ends)
    else:
        asyncio.run(starts(tmp_path))
        assert END == "passes", "on purpose"


def test_that_comes_after():
    started = [int(line.partition(":")[2]) for line in TOLD.read_text().splitlines()]
    assert len(started) == 3
    assert not [pid for pid in started if is_alive(pid)]
"""


class Played:
    """A run of the tests, of its own, on that file."""

    def __init__(self, directory: Path, end: str) -> None:
        self._told, self._said, self._test = (directory / name for name in ("told", "said", "test_inner.py"))
        self._base = directory / "base"
        self._test.write_text(_LEAVES.format(told=str(self._told), end=end), encoding="utf-8")

    async def start(self) -> asyncio.subprocess.Process:
        with self._said.open("wb") as said:
            return await children.spawned(
                *(sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-c", ROOT / "pyproject.toml"),
                *("-p", "no:cacheprovider", "-p", "no:hypothesispytest", "-W", "ignore"),
                *("--rootdir", self._test.parent, "--basetemp", self._base, self._test),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT)},
                stdout=said,
                stderr=asyncio.subprocess.STDOUT,
            )

    @property
    def said(self) -> str:
        return self._said.read_text(encoding="utf-8")

    @property
    def started(self) -> dict[str, int]:
        """What it has told of so far: each kind of process with its number."""
        lines = self._told.read_text(encoding="utf-8").splitlines() if self._told.exists() else []
        return {kind: int(pid) for kind, _, pid in (line.partition(":") for line in lines)}


@pytest.mark.parametrize(("end", "outcome"), [("passes", "2 passed"), ("fails", "1 failed, 1 passed")])
async def test_what_a_test_leaves_is_ended_with_it(tmp_path: Path, end: str, outcome: str) -> None:
    played = Played(tmp_path, end)
    await (await played.start()).wait()
    assert outcome in played.said, played.said
    assert set(played.started) == set(KINDS[:3]), played.said
    assert not [kind for kind, pid in played.started.items() if children.is_alive(pid)]


async def test_a_killed_run_takes_them_along(tmp_path: Path) -> None:
    """As when the machine has no memory left, or somebody loses patience."""
    played = Played(tmp_path, "killed")
    process = await played.start()
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        while set(played.started) != set(KINDS):
            assert process.returncode is None, played.said
            await asyncio.sleep(0.05)
    assert all(children.is_alive(pid) for pid in played.started.values())
    process.send_signal(signal.SIGKILL)
    await process.wait()
    async with asyncio.timeout(LAST_RESORT_SECONDS):
        while any(children.is_alive(pid) for pid in played.started.values()):  # noqa: ASYNC110 -- nobody tells
            await asyncio.sleep(0.05)
