"""The whole tour by clicks and keys: each thing it asks for is ticked off when it has happened, and not before."""

import struct
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from sandbox.page.demo_script import Walk
from sandbox.page.screenshots import picture
from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PHOTOGRAPHED = "tour-11-closed"
_IN_THE_BROWSER = {"refused": "Sorry, you have been blocked", "opened": "Home Assistant", "shut": "Sorry, you"}


async def test_the_tour_ticks_itself_off(shown: Shown, opened: Browser, tmp_path: Path) -> None:
    steps, end = shown.tab.locator("#tour-steps"), shown.tab.locator("#tour-end")
    anna = shown.phone("Anna")
    done: list[str] = []
    names: list[str] = []

    async def reached(fact: str, name: str) -> None:
        done.append(fact)
        names.append(name)
        await expect(steps.locator(f"[data-fact={fact}]")).to_have_class("done")
        await expect(steps.locator("[data-fact].done")).to_have_count(len(done))
        assert await end.is_hidden() == (fact != "listed")
        if name == _PHOTOGRAPHED:
            await picture(opened, shown.tab, tmp_path / f"{name}.png")
        if text := _IN_THE_BROWSER.get(fact):
            await expect(anna.whole.frame_locator("iframe").get_by_text(text)).to_be_visible()
        if fact == "works":
            await expect(anna.whole.locator(".document")).to_have_count(0)
        if name == "tour-10-webhook":
            await the_rule_is_told(shown)
        if name == "tour-11-closed":
            await expect(shown.tab.locator("#panel-zone .says")).to_contain_text("closed by time at")
            assert not shown.world.bot_runs

    await Walk(shown.tab, reached).whole()
    assert await steps.locator("[data-fact]").count() == len(done)
    await expect(end).to_be_visible()
    assert {name.split("-")[1] for name in names if name} == {str(number) for number in range(1, 13)}
    data = (tmp_path / f"{_PHOTOGRAPHED}.png").read_bytes()
    assert struct.unpack(">II", data[16:24]) == (1280, 860)


async def the_rule_is_told(shown: Shown) -> None:
    """Latchkey's own taken apart, the other as it is."""
    rules = shown.tab.locator("#panel-zone .rules > li")
    await expect(rules).to_have_count(2)
    ours, foreign = rules.first, rules.last
    await expect(ours.locator(".rule-head")).to_contain_text("Latchkey’s")
    for told in ("www.example.com", "verified and not revoked", "android", "/.well-known/latchkey/"):
        await expect(ours.locator(".says")).to_contain_text(told)
    await expect(ours.locator(".says")).to_contain_text("min left www.example.com/api/webhook/abc")
    await expect(foreign.locator(".rule-head")).to_contain_text("somebody else’s")
    await expect(foreign.locator(".whole")).to_have_text(shown.world.cloudflare.rules[1]["expression"])
