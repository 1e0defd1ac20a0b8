"""A hand on the page: the system's Chromium, and what one does on a phone, by clicks and keys only."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, async_playwright, expect
from playwright.async_api import Page as Tab

# A busy machine may be slow to show what is there.
_PATIENCE_MILLISECONDS = 120_000
_NAMES = ("chromium", "chromium-browser", "google-chrome")
# No sandbox of its own and no calls home: it shows this page only, often as root in a container.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-lcd-text",
)


def chromium() -> str | None:
    """Where the system's Chromium is, if it is installed."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium.

    Raises:
        LookupError: none is installed.
    """
    path = chromium()
    if path is None:
        raise LookupError("Chromium is not installed: apt-get install chromium")
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        try:
            yield opened
        finally:
            await opened.close()


@asynccontextmanager
async def visiting(opened: Browser, url: str, **context: Any) -> AsyncIterator[Tab]:
    """The page in a tab of its own profile; ``context`` as for Playwright's ``new_context``."""
    profile: BrowserContext = await opened.new_context(**{"locale": "en-GB", **context})
    await profile.grant_permissions(["clipboard-read", "clipboard-write"])
    try:
        tab = await profile.new_page()
        tab.set_default_timeout(_PATIENCE_MILLISECONDS)
        expect.set_options(timeout=_PATIENCE_MILLISECONDS)
        await tab.goto(url)
        yield tab
    finally:
        await profile.close()


async def other_side(tab: Tab, name: str) -> None:
    """Open the drawer at one of its tabs."""
    if await tab.locator("#drawer").is_hidden():
        await tab.get_by_role("button", name="The other side").click()
    await tab.locator("#drawer").get_by_role("tab", name=name).click()


async def close_other_side(tab: Tab) -> None:
    """Close the drawer."""
    await tab.get_by_role("button", name="The other side").click()


class PhoneOnPage:
    """Somebody's phone on the page."""

    def __init__(self, tab: Tab, name: str) -> None:
        self.tab = tab
        heading = tab.get_by_role("heading", name=name, exact=True, level=2)
        self.whole: Locator = tab.locator(".phone").filter(has=heading)

    @property
    def last(self) -> Locator:
        """The newest message."""
        return self.whole.locator(".message").last

    def messages(self, text: str) -> Locator:
        """Messages with that text."""
        return self.whole.locator(".message").filter(has_text=text)

    async def say(self, text: str) -> None:
        """Type a message and send it."""
        await self.app("Chat")
        await self.whole.get_by_label("Message", exact=True).fill(text)
        await self.whole.get_by_role("button", name="Send", exact=True).click()

    async def tap(self, button: str) -> None:
        """Tap the newest button of that text."""
        await self.app("Chat")
        await self.whole.get_by_role("log").get_by_role("button", name=button, exact=True).last.click()

    async def app(self, name: str) -> None:
        """Change to ``Chat`` or ``Browser``."""
        await self.whole.get_by_role("tab", name=name, exact=True).click()

    async def copy_password(self) -> str:
        """Tap *Password*, then the words; they are in the clipboard afterwards."""
        await self.tap("Password")
        words = self.messages("tap it to copy").locator("code")
        await words.click()
        return str(await words.inner_text())

    async def install(self, password: str | None = None) -> None:
        """Tap *Install* on the newest file and give that password, or what was copied."""
        await self.app("Chat")
        await self.whole.get_by_role("button", name="Install", exact=False).last.click()
        sheet = self.whole.get_by_role("dialog")
        if password is None:
            await sheet.get_by_role("button", name="Paste").click()
        else:
            await sheet.get_by_label("Password").fill(password)
        await sheet.get_by_role("button", name="Install", exact=True).click()

    async def open(self, host: str, certificate: str = "None") -> None:
        """Open a protected host in the phone's browser, with that certificate."""
        await self.app("Browser")
        await self.whole.get_by_role("radio", name=certificate).last.check()
        await self.whole.get_by_role("button", name=host, exact=True).click()

    async def visit(self, url: str, certificate: str = "None") -> None:
        """Type an address into the phone's browser and open it, with that certificate."""
        await self.app("Browser")
        await self.whole.get_by_role("radio", name=certificate).last.check()
        await self.whole.get_by_label("Address", exact=True).fill(url)
        await self.whole.get_by_role("button", name="Open", exact=True).click()

    async def sees_outcome(self, status: int) -> None:
        """Wait until the browser says so."""
        await expect(self.whole.locator(".verdict .status")).to_have_text(str(status))

    async def sees_status(self, status: int) -> None:
        """Wait until the browser says so and shows the page that came."""
        await self.sees_outcome(status)
        await expect(self.whole.frame_locator("iframe").locator("h1")).to_be_visible()
