"""Pictures of the tour's steps, made by walking it: ``python -m sandbox.page.screenshots [FOLDER]``."""

import asyncio
import sys
import tempfile
from pathlib import Path
from typing import Final

from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from sandbox.bot import SandboxBot
from sandbox.demo import PEOPLE
from sandbox.page import Page
from sandbox.page.driver import PhoneOnPage, browser, visiting
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
                pictures = await _Camera(opened, tab, folder).walk()
    for picture in pictures:
        if picture.stat().st_size > _LARGEST_BYTES:
            raise ValueError(f"{picture.name} is larger than {_LARGEST_BYTES} bytes")
    return pictures


class _Camera:
    def __init__(self, opened: Browser, tab: Tab, folder: Path) -> None:
        self._opened = opened
        self._tab = tab
        self._folder = folder
        self._taken: list[Path] = []

    async def walk(self) -> list[Path]:
        # What pops up for a few seconds is in no picture.
        hide = "all => all.forEach((toasts) => { toasts.style.display = 'none'; })"
        await self._tab.locator(".toasts").evaluate_all(hide)
        anna, kim = PhoneOnPage(self._tab, "Anna"), PhoneOnPage(self._tab, "Kim")
        await kim.say("/start")
        await expect(kim.messages("do not know you")).to_be_visible()
        await anna.say("/newcert pixel8")
        await expect(anna.messages("its certificate is here")).to_be_visible()
        await self._shoot("tour-1-certificate", "asked")
        await anna.copy_password()
        await self._shoot("tour-2-password", "password")
        await anna.install()
        await anna.open("ha.example.com")
        await anna.sees_status(403)
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(200)
        await self._shoot("tour-3-open", "opened")
        await anna.say("/revoke pixel8")
        await expect(anna.messages("revoked at Cloudflare")).to_be_visible()
        await self._shoot("tour-4-revoked", "revoked")
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(403)
        await self._shoot("tour-4-shut", "shut")
        await anna.tap("Undo")
        await expect(anna.messages("is valid again")).to_be_visible()
        await anna.open("ha.example.com", "pixel8")
        await anna.sees_status(200)
        await self._tab.get_by_role("button", name="The other side").click()
        await self._tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await self._shoot("tour-5-other-side-dark", "looked")
        await self._tab.get_by_role("button", name="The other side").click()
        await self._tab.emulate_media(color_scheme="light", reduced_motion="reduce")
        await self._family(anna, kim)
        await self._tab.emulate_media(color_scheme="dark", reduced_motion="reduce")
        await anna.app("Chat")
        await self._tab.set_viewport_size(_NARROW)  # type: ignore[arg-type]
        await self._tab.locator("#phone-tabs").evaluate("tabs => tabs.scrollIntoView()")
        await self._shoot("narrow-dark", "reopened")
        return self._taken

    async def _family(self, anna: PhoneOnPage, kim: PhoneOnPage) -> None:
        """A relative comes in, and their phone is stolen."""
        await anna.app("Chat")
        await kim.tap("Ask to come in")
        await expect(anna.messages("Kim asks to come in")).to_be_visible()
        await self._shoot("tour-6-asks", "knocked")
        await anna.tap("Let in")
        await kim.tap("Android")
        await kim.tap("Call it android")
        await expect(kim.messages("This is what to do")).to_be_visible()
        await self._shoot("tour-6-steps", "chosen")
        await kim.tap("Send me the key")
        await kim.copy_password()
        await kim.install()
        await kim.tap("It works")
        await expect(kim.messages("android is in")).to_be_visible()
        await kim.say("/lost")
        await kim.tap("android")
        await expect(anna.messages("has lost a phone")).to_be_visible()
        await kim.say("/newcert evil")
        await expect(kim.messages("Your account is frozen")).to_be_visible()
        await self._shoot("tour-7-stolen", "thief")
        await anna.tap("Freeze stays")
        await expect(anna.messages("the freeze stays")).to_be_visible()

    async def _shoot(self, name: str, fact: str) -> None:
        """Take a picture once the tour has ticked ``fact`` off and nothing moves."""
        await expect(self._tab.locator(f"#tour-steps [data-fact={fact}]")).to_have_class("done")
        await expect(self._tab.locator(".leaving")).to_have_count(0)
        picture = self._folder / f"{name}.png"
        small = await reduced(self._opened, await self._tab.screenshot())
        await asyncio.to_thread(picture.write_bytes, small)
        self._taken.append(picture)


if __name__ == "__main__":
    for made in asyncio.run(take(Path(sys.argv[1]) if len(sys.argv) > 1 else IMAGES)):
        print(f"{made}  {made.stat().st_size // 1000} kB")
