"""Who can use the page: by keyboard, on a narrow screen; and who cannot: other sites."""

import aiohttp
import pytest
from playwright.async_api import expect

from sandbox.page import Page
from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

_MOST_TABS = 60
_WIDTHS = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
_WIDER = """[...document.querySelectorAll(".messages, .browser, #phones, #drawer-panels > *")]
    .filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.id || part.className)"""
_FOCUSED = "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent"


async def tab_to(shown: Shown, name: str) -> None:
    """Press Tab until that is focused, and see that it shows."""
    for _ in range(_MOST_TABS):
        await shown.tab.keyboard.press("Tab")
        if await shown.tab.evaluate(_FOCUSED) == name:
            outline = await shown.tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert outline != "none"
            return
    raise AssertionError(f"{name} is not reached by {_MOST_TABS} tabs")


async def test_newcert_by_keyboard_alone(shown: Shown) -> None:
    anna, keys = shown.phone("Anna"), shown.tab.keyboard
    await expect(anna.whole).to_be_visible()
    await tab_to(shown, "Skip to the phones")
    await keys.press("Enter")
    await tab_to(shown, "Message")
    await keys.type("/newc")
    await expect(anna.whole.locator(".commands button")).to_have_count(1)
    await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(anna.messages("What shall the device be called")).to_be_visible()
    await expect(anna.whole.get_by_label("Message", exact=True)).to_be_focused()
    await keys.type("tablet")
    await keys.press("Enter")
    await expect(anna.messages("its certificate is here")).to_be_visible()
    await tab_to(shown, "Skip to the phones")
    await keys.press("Enter")
    await tab_to(shown, "Password")
    await keys.press("Enter")
    await expect(anna.messages("tap it to copy")).to_be_visible()
    words = await anna.messages("tap it to copy").locator("code").inner_text()
    await tab_to(shown, words)
    await keys.press("Enter")
    await tab_to(shown, "Skip to the phones")
    await keys.press("Enter")
    await tab_to(shown, "Install tablet.p12 on this phone")
    await keys.press("Enter")
    await keys.type(words)
    await keys.press("Enter")
    await expect(anna.whole.locator(".toasts")).to_contain_text("tablet is installed")


async def test_new_messages_are_announced(shown: Shown) -> None:
    log = shown.phone("Anna").whole.get_by_role("log")
    await expect(log).to_have_attribute("aria-label", "Messages")
    await shown.phone("Anna").say("/help")
    await expect(log.get_by_role("article").last).to_contain_text("/newcert")


class TestNarrow:
    """A screen of 360 pixels."""

    @pytest.fixture
    def context(self) -> dict[str, object]:
        return {"viewport": {"width": 360, "height": 740}, "has_touch": True}

    async def test_nothing_scrolls_sideways(self, shown: Shown) -> None:
        anna = shown.phone("Anna")

        async def fits() -> None:
            wide, seen = await shown.tab.evaluate(_WIDTHS)
            assert wide == seen == 360
            assert await shown.tab.evaluate(_WIDER) == []

        await anna.say("/newcert a-name-as-long-as-they-may-be-32")
        await anna.copy_password()
        await anna.install()
        await fits()
        await anna.say("/certs")
        await anna.tap("🟢 a-name-as-long-as-they-may-be-32")
        await expect(anna.messages("Fingerprint")).to_be_visible()
        await fits()
        await anna.open("ha.example.com", "a-name-as-long")
        await anna.sees_status(200)
        await fits()
        await anna.say("/protect www.example.com")
        await anna.tap("Lock it now")
        await expect(anna.last).to_contain_text("locked, and proven")
        await anna.say("/openpath https://www.example.com/api/webhook/a-path-of-quite-some-length-without-any-break 2h")
        await expect(anna.messages("Open until")).to_be_visible()
        for name in ("Zone", "Audit", "Log", "Trouble"):
            await shown.drawer(name)
            await fits()

    async def test_phones_become_tabs(self, shown: Shown) -> None:
        await expect(shown.phone("Anna").whole).to_be_visible()
        await expect(shown.phone("Kim").whole).to_be_hidden()
        await shown.tab.locator("#phone-tabs").get_by_role("tab", name="Kim").click()
        await expect(shown.phone("Kim").whole).to_be_visible()
        await expect(shown.phone("Anna").whole).to_be_hidden()
        await shown.tab.keyboard.press("ArrowLeft")
        await expect(shown.phone("Anna").whole).to_be_visible()


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}], ids=str
)
async def test_other_sites_are_refused(page: Page, headers: dict[str, str]) -> None:
    number = page.world.people["Anna"].user_id
    url = f"{page.url}api/phones/{number}/send"
    async with aiohttp.ClientSession() as session:
        async with session.post(url, json={"text": "/start"}, headers=headers) as answer:
            assert answer.status == 403
        async with session.post(url, data=b'{"text": "/start"}', headers={"Content-Type": "text/plain"}) as answer:
            assert answer.status == 400
        assert page.world.people["Anna"].chat == []
        async with session.get(page.url) as answer:
            assert answer.status == 200
            assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
