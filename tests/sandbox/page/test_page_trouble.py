"""The drawer's switches, and a page that outlives its bot."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_page_survives_the_bot(shown: Shown) -> None:
    anna, state = shown.phone("Anna"), shown.tab.locator("#state")
    await anna.say("/whoami")
    await expect(anna.messages("Your Telegram id is")).to_have_count(1)
    await shown.drawer("Trouble")
    await shown.tab.get_by_role("button", name="Kill the bot").click()
    await expect(state).to_have_text("The bot is off")
    await anna.say("/whoami")
    await expect(anna.messages("Your Telegram id is")).to_have_count(1)
    await shown.tab.get_by_role("button", name="Start the bot").click()
    await expect(state).to_have_text("The bot runs")
    await expect(anna.messages("Your Telegram id is")).to_have_count(2)
    assert shown.world.bot_runs


async def test_a_bot_that_cannot_reach_telegram_starts_when_it_is_back(shown: Shown) -> None:
    state = shown.tab.locator("#state")
    await shown.drawer("Trouble")
    await shown.tab.get_by_role("button", name="Kill the bot").click()
    await shown.tab.get_by_role("button", name="Telegram down").click()
    await expect(shown.tab.get_by_role("button", name="Telegram down")).to_have_attribute("aria-pressed", "true")
    await shown.tab.get_by_role("button", name="Start the bot").click()
    await expect(state).to_contain_text("The bot starts")
    await shown.tab.get_by_role("button", name="Trouble ends").click()
    # It looks again after some seconds of its clock.
    await shown.tab.get_by_role("button", name="+1 hour").click()
    await expect(state).to_contain_text("The bot runs")


async def test_trouble_at_cloudflare_reaches_the_chat_and_ends(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    await expect(anna.messages("its certificate is here")).to_be_visible()
    await shown.drawer("Trouble")
    await shown.tab.get_by_role("button", name="500 before").click()
    await expect(shown.tab.get_by_role("button", name="500 before")).to_have_attribute("aria-pressed", "true")
    await anna.say("/revoke pixel8")
    await expect(anna.messages("is not revoked yet")).to_be_visible()
    await shown.tab.get_by_role("button", name="Trouble ends").click()
    await expect(shown.tab.get_by_role("button", name="500 before")).to_have_attribute("aria-pressed", "false")
    await shown.tab.get_by_role("button", name="+1 hour").click()
    await expect(anna.messages("revoked at Cloudflare")).to_be_visible()


async def test_a_hand_in_the_dashboard_is_noticed(shown: Shown) -> None:
    anna, tab, rules = shown.phone("Anna"), shown.tab, shown.tab.locator("#panel-zone .rules > li")
    await shown.drawer("Trouble")
    skip, off, delete = (tab.locator(f"[data-hand={kind}]") for kind in ("skip", "disable", "delete"))
    await expect(delete).to_be_disabled()
    await anna.say("/protect www.example.com")
    await anna.tap("Lock it now")
    await expect(anna.last).to_contain_text("locked, and proven")
    await skip.click()
    await off.click()
    await expect(skip).to_be_disabled()
    await expect(off).to_be_disabled()
    await shown.drawer("Zone")
    await expect(rules.nth(0).locator(".rule-head")).to_contain_text("somebody else’s")
    await expect(rules.nth(0).locator(".rule-head")).to_contain_text("Let the app in")
    await expect(rules.nth(1).locator(".rule-head")).to_contain_text("switched off")
    await shown.drawer("Trouble")
    await tab.get_by_role("button", name="+5 minutes").click()
    await expect(anna.messages("A rule above it skips it for some requests")).to_be_visible()
    await expect(off).to_be_enabled()
    await delete.click()
    await expect(delete).to_be_disabled()
    await tab.get_by_role("button", name="+5 minutes").click()
    await expect(anna.messages("The block rule was deleted")).to_be_visible()
    await expect(delete).to_be_enabled()
    await shown.drawer("Zone")
    await expect(rules.nth(0).locator(".rule-head")).to_contain_text("Latchkey’s")
    await expect(rules.nth(1).locator(".rule-head")).to_contain_text("Let the app in")


async def test_the_clock_goes_forward_for_all(shown: Shown) -> None:
    await shown.drawer("Trouble")
    for name in ("+1 hour", "+1 day", "+1 year"):
        await shown.tab.get_by_role("button", name=name).click()
    await expect(shown.tab.locator("#state")).to_contain_text("the clock is ahead")
    ahead = shown.world.clock.now() - datetime.now(UTC)
    assert abs(ahead - timedelta(days=366, hours=1)) < timedelta(seconds=5)


async def test_the_other_side_shows_zone_record_and_log(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    await expect(anna.messages("its certificate is here")).to_be_visible()
    await shown.drawer("Zone")
    zone = shown.tab.locator("#panel-zone")
    await expect(zone).to_contain_text("ha.example.com, photos.example.com")
    await expect(zone.locator(".rules .whole")).to_contain_text("cf.tls_client_auth.cert_verified")
    await expect(zone.get_by_role("row", name=re.compile("pixel8"))).to_contain_text("active")
    await shown.drawer("Audit")
    issued = shown.tab.locator("#panel-audit").get_by_role("row", name=re.compile("worker:certificate:issued"))
    await expect(issued).to_contain_text("pixel8")
    ordered = shown.tab.locator("#panel-audit").get_by_role("row", name=re.compile("chat:certificate:ordered"))
    await expect(ordered).to_contain_text("Anna")
    await shown.drawer("Log")
    await expect(shown.tab.locator("#panel-log")).to_contain_text("ready")
    assert shown.world.telegram.token not in await shown.tab.content()
