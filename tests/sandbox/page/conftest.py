"""A household on a page in a real browser. A test that leaves an error in the console has failed.

The browser is one for all, with a fresh profile for each test; so these tests share an event loop.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from sandbox.bot import SandboxBot
from sandbox.page import Page
from sandbox.page.driver import browser, chromium, visiting
from sandbox.page.loglines import LogLines
from sandbox.world import Person, World
from tests.sandbox.page.page_shown import Shown

ADMIN = frozenset({"admin"})


@pytest.fixture
def admin() -> str:
    """The admin's name."""
    return "Anna"


@pytest_asyncio.fixture(loop_scope="session")
async def page(tmp_path: Path, admin: str) -> AsyncIterator[Page]:
    people = (Person(admin, ADMIN), Person("Kim"))
    world = World(tmp_path, bot=SandboxBot, people=people)
    with LogLines((world.telegram.token, world.cloudflare.token)) as log:
        async with world, Page(world, log) as page:
            yield page


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened() -> AsyncIterator[Browser]:
    if chromium() is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    async with browser() as opened:
        yield opened


@pytest.fixture
def context() -> dict[str, object]:
    """How the browser's profile is set up; a test's module may say otherwise."""
    return {"viewport": {"width": 1280, "height": 860}}


@pytest_asyncio.fixture(loop_scope="session")
async def shown(page: Page, opened: Browser, context: dict[str, object]) -> AsyncIterator[Shown]:
    wrong: list[str] = []
    async with visiting(opened, page.url, **context) as tab:
        tab.on("console", lambda said: wrong.append(said.text) if said.type in {"error", "warning"} else None)
        tab.on("pageerror", lambda error: wrong.append(str(error)))
        yield Shown(page.world, page, tab)
    assert wrong == []
