"""What the chat shows of Telegram's messages: formatting, buttons, changes, pop-ups. The bot's part is played
over the real Bot API of the stand-in.
"""

from typing import Any

import aiohttp
import pytest
from playwright.async_api import expect

from bot.chat.messages.menu import FOR_ADMINS
from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def context() -> dict[str, object]:
    return {"viewport": {"width": 1280, "height": 860}, "timezone_id": "Asia/Tokyo"}


async def call(shown: Shown, method: str, **params: Any) -> Any:
    telegram = shown.world.telegram
    params = {"chat_id": shown.world.people["Kim"].user_id, **params}
    url = f"{telegram.url}/bot{telegram.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=params) as answer:
        told = await answer.json()
    assert told["ok"], told
    return told["result"]


async def test_formatting_becomes_elements(shown: Shown) -> None:
    kim = shown.phone("Kim")
    html = (
        "<b>bold <i>both</i></b> <u>under</u> <s>gone</s> <code>copy me</code> <tg-spoiler>secret</tg-spoiler>\n"
        "<pre>lines\nof code</pre><blockquote expandable>one\ntwo\nthree\nfour\nfive\nsix</blockquote>"
        '<a href="https://example.com/x">a link</a> 🦊 <b>after an emoji</b> &lt;img src=x onerror=alert(1)&gt;'
    )
    await call(shown, "sendMessage", text=html, parse_mode="HTML")
    message = kim.messages("after an emoji")
    await expect(message.locator("strong em")).to_have_text("both")
    await expect(message.locator("strong").last).to_have_text("after an emoji")
    await expect(message.locator("img")).to_have_count(0)
    await expect(message).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(message.locator("a")).to_have_attribute("href", "https://example.com/x")
    spoiler = message.locator(".spoiler")
    await expect(spoiler.get_by_text("secret")).to_be_hidden()
    await message.get_by_role("button", name="Hidden text").press("Enter")
    await expect(spoiler.get_by_text("secret")).to_be_visible()
    before = await message.locator(".quoted").bounding_box()
    await message.get_by_role("button", name="Show the whole quote").click()
    after = await message.locator(".quoted").bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] > before["height"]
    for tag, text in (("code", "copy me"), ("pre", "lines\nof code")):
        await message.locator(tag).click()
        await expect(kim.whole.locator(".toasts p").first).to_be_visible()
        assert await shown.tab.evaluate("navigator.clipboard.readText()") == text


async def test_times_are_in_the_readers_zone(shown: Shown) -> None:
    # 2027-03-01 20:30 UTC is 05:30 of the next day in Tokyo.
    html = 'until <tg-time unix="1803933000" format="Dt">1 Mar 2027, 20:30</tg-time>'
    await call(shown, "sendMessage", text=html, parse_mode="HTML")
    time = shown.phone("Kim").messages("until").locator(".text time")
    await expect(time).to_contain_text("2 March 2027")
    await expect(time).to_contain_text("05:30")


async def test_buttons_have_their_colours_and_do_what_they_say(shown: Shown) -> None:
    kim = shown.phone("Kim")
    looks = (("Blue", "primary"), ("Green", "success"), ("Red", "danger"))
    rows = [
        [{"text": "Plain", "callback_data": "b"}],
        [{"text": text, "callback_data": "a", "style": look} for text, look in looks],
        [{"text": "Take", "copy_text": {"text": "six words"}}, {"text": "Go", "url": "https://example.com/"}],
    ]
    await call(shown, "sendMessage", text="Choose", reply_markup={"inline_keyboard": rows})
    for text, look in (("Plain", "plain"), *looks):
        await expect(kim.whole.get_by_role("button", name=text)).to_have_class(f"key {look}")
    await expect(kim.whole.get_by_role("link", name="Go")).to_have_attribute("href", "https://example.com/")
    await kim.tap("Take")
    await expect(kim.whole.locator(".toasts")).to_contain_text("Copied")
    assert await shown.tab.evaluate("navigator.clipboard.readText()") == "six words"


async def test_a_message_changes_and_vanishes_in_place(shown: Shown) -> None:
    kim = shown.phone("Kim")
    first = await call(shown, "sendMessage", text="first words")
    await call(shown, "sendMessage", text="below it")
    await call(shown, "editMessageText", message_id=first["message_id"], text="other words")
    await expect(kim.whole.locator(".message").first).to_contain_text("other words")
    await expect(kim.whole.locator(".message").first).to_contain_text("edited")
    await call(shown, "deleteMessage", message_id=first["message_id"])
    await expect(kim.whole.locator(".leaving")).to_contain_text("other words")
    await expect(kim.whole.locator(".message")).to_have_count(1)


async def test_a_message_is_answered_and_answers(shown: Shown) -> None:
    kim, phone = shown.phone("Kim"), shown.world.people["Kim"]
    first = await call(shown, "sendMessage", text="Which name?\nAny will do.")
    await call(shown, "sendMessage", text="below it")
    chip = kim.whole.locator(".chip")
    await kim.messages("Which name?").get_by_role("button", name="Answer this message").press("Enter")
    await expect(chip).to_contain_text("Which name?")
    await chip.get_by_role("button", name="Remove").click()
    await expect(chip).to_be_hidden()
    await kim.messages("Which name?").get_by_role("button", name="Answer this message").press("Enter")
    await kim.whole.get_by_label("Message", exact=True).press_sequentially("tablet")
    await shown.tab.keyboard.press("Enter")
    answer = kim.whole.locator(".message.own").filter(has_text="tablet")
    await expect(answer.locator(".answered")).to_have_text("LatchkeyWhich name?")
    await expect(chip).to_be_hidden()
    sent = next(message for message in phone.chat if message.text == "tablet")
    assert sent.reply_to == first["message_id"]
    await call(shown, "sendMessage", text="Noted", reply_parameters={"message_id": sent.message_id})
    await expect(kim.messages("Noted").locator(".answered")).to_have_text("Youtablet")


async def test_typing_shows_until_the_message_comes(shown: Shown) -> None:
    kim = shown.phone("Kim")
    # It shows for five seconds: on a busy machine that is over before anybody has looked.
    while await kim.whole.locator(".subtitle").inner_text() != "typing…":
        await call(shown, "sendChatAction", action="typing")
    await call(shown, "sendMessage", text="here")
    await expect(kim.whole.locator(".subtitle")).to_have_text("bot")


async def test_a_reply_keyboard_sends_its_text_and_goes_again(shown: Shown) -> None:
    kim = shown.phone("Kim")
    await call(
        shown, "sendMessage", text="Which?", reply_markup={"keyboard": [[{"text": "/whoami"}, {"text": "Phone"}]]}
    )
    await kim.whole.get_by_role("group", name="Suggested answers").get_by_role("button", name="/whoami").click()
    await expect(kim.messages("Your Telegram id is")).to_be_visible()
    await call(shown, "sendMessage", text="Thanks", reply_markup={"remove_keyboard": True})
    await expect(kim.whole.get_by_role("group", name="Suggested answers")).to_have_count(0)


async def test_a_contact_is_picked_below_the_input_field(shown: Shown) -> None:
    kim = shown.phone("Kim")
    key = {"text": "Pick somebody", "request_users": {"request_id": 1, "user_is_bot": False, "request_name": True}}
    markup = {"keyboard": [[key]], "one_time_keyboard": True}
    await call(shown, "sendMessage", text="Whom?", reply_markup=markup)
    below = kim.whole.get_by_role("group", name="Suggested answers")
    await below.get_by_role("button", name="Pick somebody").click()
    sheet = kim.whole.get_by_role("dialog", name="Pick somebody")
    await sheet.get_by_role("button", name="Share").click()
    await expect(kim.whole.locator(".toasts p").first).to_have_text("Choose one person.")
    await sheet.get_by_role("radio", name="Anna").check()
    await sheet.get_by_role("button", name="Share").click()
    await expect(kim.messages("You shared Anna with the bot")).to_be_visible()
    await expect(below).to_have_count(0)


async def test_a_popup_waits_for_ok_and_gives_the_focus_back(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    button = anna.whole.get_by_role("button", name="Show without a trace")
    await button.press("Enter")
    popup = anna.whole.get_by_role("alertdialog")
    await expect(popup).to_contain_text("The password for pixel8.p12")
    await expect(popup.get_by_role("button", name="OK")).to_be_focused()
    await shown.tab.keyboard.press("Enter")
    await expect(popup).to_have_count(0)
    await expect(anna.whole.locator(":focus")).to_have_count(1)


async def test_the_menu_is_that_persons(shown: Shown) -> None:
    for name, there, count in (("Anna", "/newcert", len(FOR_ADMINS)), ("Kim", "/start", 2)):
        phone = shown.phone(name)
        await phone.whole.get_by_role("button", name="Menu").click()
        commands = phone.whole.locator(".commands button")
        await expect(commands).to_have_count(count)
        await commands.filter(has_text=there).click()
        await expect(phone.messages(there).first).to_be_visible()


@pytest.mark.parametrize("admin", ["<b>Zoë</b> 🦊"])
async def test_a_name_of_markup_stays_text(shown: Shown, admin: str) -> None:
    phone = shown.phone(admin)
    await phone.say("/start")
    await expect(phone.messages(f"Hello {admin}.")).to_be_visible()
    await expect(phone.whole.locator("h2 b")).to_have_count(0)
    await shown.tab.get_by_role("button", name="Add a phone").click()
    await shown.tab.get_by_label("Name").fill("<i>Tom</i> & 🐻")
    await shown.tab.get_by_role("button", name="Add", exact=True).click()
    await shown.phone("<i>Tom</i> & 🐻").say("/start")
    await expect(shown.phone("<i>Tom</i> & 🐻").messages("do not know you yet")).to_be_visible()
