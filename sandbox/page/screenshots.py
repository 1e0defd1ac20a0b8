"""Pictures of the tour's steps, made by walking it: ``python -m sandbox.page.screenshots [FOLDER]``."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from sandbox.bot import SandboxBot
from sandbox.demo import PEOPLE
from sandbox.page import Page
from sandbox.page.demo_script import Walk
from sandbox.page.driver import browser, visiting
from sandbox.page.loglines import LogLines
from sandbox.page.palette import reduced
from sandbox.world import World

IMAGES: Final = Path(__file__).parents[2] / "docs" / "images"

_LARGEST_BYTES = 150_000
_SIZE = {"width": 1240, "height": 800}
_NARROW = {"width": 360, "height": 740}


async def take(folder: Path) -> list[Path]:
    """Walk the tour in a sandbox of its own and leave a PNG a step in ``folder``.

    Raises:
        LookupError: Chromium is not installed.
        ValueError: a picture is larger than 150 kB.
    """
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="latchkey-screenshots-") as directory, LogLines() as log:
        world = World(Path(directory), bot=SandboxBot, people=PEOPLE)
        async with world, Page(world, log) as page, browser() as opened:
            # Nothing may move while a picture is taken.
            still = {"viewport": _SIZE, "reduced_motion": "reduce"}
            async with visiting(opened, page.url, **still) as tab:
                camera = _Camera(opened, tab, folder)
                await camera.walk()
    return camera.taken


async def picture(opened: Browser, tab: Tab, file: Path) -> None:
    """Take a small picture of the page once nothing moves.

    Raises:
        ValueError: it is larger than 150 kB.
    """
    # What pops up for a few seconds is in no picture.
    await tab.locator(".toasts p").evaluate_all("all => all.forEach((one) => one.remove())")
    await expect(tab.locator(".leaving")).to_have_count(0)
    small = await reduced(opened, await tab.screenshot())
    if len(small) > _LARGEST_BYTES:
        raise ValueError(f"{file.name} is larger than {_LARGEST_BYTES} bytes")
    await asyncio.to_thread(file.write_bytes, small)


class _Camera:
    def __init__(self, opened: Browser, tab: Tab, folder: Path) -> None:
        self._opened = opened
        self._tab = tab
        self._folder = folder
        self.taken: list[Path] = []

    async def walk(self) -> None:
        await Walk(self._tab, self._shoot).whole()
        await self._colours("dark")
        await self._tab.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        await self._tab.locator("#phone-tabs").evaluate("tabs => tabs.scrollIntoView()")
        await self._shoot("listed", "narrow-dark")

    async def _shoot(self, fact: str, name: str) -> None:
        """Take a picture with that name once the tour has ticked ``fact`` off."""
        if not name:
            return
        await expect(self._tab.locator(f"#tour-steps [data-fact={fact}]")).to_have_class("done")
        await self._colours("dark" if name.endswith("-dark") else "light")
        self.taken.append(self._folder / f"{name}.png")
        await picture(self._opened, self._tab, self.taken[-1])

    async def _colours(self, scheme: Literal["dark", "light"]) -> None:
        await self._tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")


if __name__ == "__main__":
    for made in asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)):
        print(f"{made}  {made.stat().st_size // 1000} kB")
