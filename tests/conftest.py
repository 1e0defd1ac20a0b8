"""What all tests share: a household on the sandbox, and no silent skips where nothing may be skipped."""

import gc
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine

from sandbox.bot import SandboxBot
from sandbox.world import Person, World
from tests import children
from tests.household import Household

ADMIN = frozenset({"admin"})

# How fast an example runs says nothing on a busy machine.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):  # type: ignore[no-untyped-def]
    """Where ``NOTHING_MAY_BE_SKIPPED`` is set, a skipped test has failed."""
    report = yield
    if report.skipped and os.environ.get("NOTHING_MAY_BE_SKIPPED"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} was skipped where nothing may be: {call.excinfo}"
    return report


def pytest_collection_finish() -> None:
    """What is imported by now stays: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _no_process_is_left() -> Iterator[None]:
    """However a test ends: the processes it started end with it."""
    before = children.now()
    yield
    children.end(children.now() - before)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The sandbox with the real bot: Anna and Ben are admins, Kim is a stranger."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Kim"))
    async with World(tmp_path, bot=SandboxBot, people=people) as world:
        await world.settle()
        yield world


@pytest.fixture
def home(world: World) -> Household:
    """The same, by short words."""
    return Household(world)


class Statements(dict[Any, Any]):
    """Compiled SQL, shared by all databases of this process: they are of one dialect, and compiling costs most."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(key[1:], default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__(key[1:], compiled)


_STATEMENTS = {True: Statements(), False: Statements()}


@event.listens_for(Engine, "engine_connect")
def _share_statements(connection: Connection) -> None:
    connection.execution_options(compiled_cache=_STATEMENTS[connection.dialect.is_async])
