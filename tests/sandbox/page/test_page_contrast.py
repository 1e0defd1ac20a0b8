"""Whatever there is to read on the page can be read: in light and dark, from the first chat to the last drawer."""

from typing import Literal

import pytest
from playwright.async_api import expect

from sandbox.page.demo_script import Walk
from tests.sandbox.page.contrast import too_faint
from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_DRAWER = ("Zone", "Audit", "Log", "Trouble")


@pytest.fixture
def context() -> dict[str, object]:
    # Nothing fades while it is measured.
    return {"viewport": {"width": 1280, "height": 860}, "reduced_motion": "reduce"}


class Look:
    """Measures the page in both schemes, and keeps what is too faint with where it was seen."""

    def __init__(self, shown: Shown) -> None:
        self._tab = shown.tab
        self.faint: dict[str, str] = {}

    async def at(self, moment: str) -> None:
        await expect(self._tab.locator(".leaving")).to_have_count(0)
        for scheme in SCHEMES:
            await self._tab.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for line in await too_faint(self._tab):
                self.faint.setdefault(f"{scheme}, {line}", moment)

    def check(self) -> None:
        if self.faint:
            told = (f"{line}, first seen at “{moment}”" for line, moment in sorted(self.faint.items()))
            pytest.fail("\n".join(("hard to read:", *told)), pytrace=False)


async def test_all_of_the_tour_can_be_read(shown: Shown) -> None:
    look = Look(shown)

    async def reached(fact: str, name: str) -> None:
        await expect(shown.tab.locator(f"#tour-steps [data-fact={fact}]")).to_have_class("done")
        if name or fact in {"refused", "opened", "shut"}:
            await look.at(fact)

    await look.at("at first")
    await Walk(shown.tab, reached).whole()
    for name in _DRAWER:
        await shown.drawer(name)
        await look.at(name)
    look.check()


async def test_what_is_seen_in_trouble_can_be_read(shown: Shown) -> None:
    look, anna, tab = Look(shown), shown.phone("Anna"), shown.tab
    await tab.get_by_role("button", name="Add a phone").click()
    await look.at("a new phone")
    await tab.keyboard.press("Escape")
    await anna.say("/newcert pixel8")
    await expect(anna.messages("its certificate is here")).to_be_visible()
    await anna.whole.get_by_role("button", name="Install", exact=False).last.click()
    await anna.whole.get_by_role("dialog").get_by_label("Password").fill("wrong")
    await anna.whole.get_by_role("dialog").get_by_role("button", name="Install", exact=True).click()
    await expect(anna.whole.locator(".wrong")).not_to_be_empty()
    await look.at("a wrong password")
    await anna.whole.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await anna.whole.get_by_label("Message", exact=True).fill("/")
    await expect(anna.whole.locator(".commands")).to_be_visible()
    await look.at("commands")
    await anna.whole.get_by_label("Message", exact=True).fill("")
    await shown.drawer("Trouble")
    for button in ("500 before", "Kill the bot"):
        await tab.get_by_role("button", name=button).click()
        await look.at(button)
    await expect(tab.locator("#state")).to_contain_text("The bot is off")
    await tab.set_viewport_size({"width": 360, "height": 740})
    await look.at("on a narrow screen")
    look.check()


async def test_a_text_that_is_too_faint_is_told(shown: Shown) -> None:
    # Set by script: the page's own policy lets no style in that is written into it.
    await shown.tab.locator("#tour .lead").evaluate(
        "one => { one.style.color = '#999'; one.style.background = '#fff'; }"
    )
    await shown.tab.locator(".bar h1").evaluate("one => { one.style.opacity = '.3'; }")
    told = "\n".join(await too_faint(shown.tab))
    assert "p.lead “Anna runs a home behind Cloudflare" in told
    assert ": 2.85 < 4.5 (153,153,153 on 255,255,255)" in told
    assert "h1 “Latchkey”" in told
