"""What a phone does with files, passwords and certificates, by clicks only."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.sandbox.page.page_shown import Shown

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_wrong_password_is_refused_and_installs_nothing(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    await anna.copy_password()
    await anna.install("not the password")
    sheet = anna.whole.get_by_role("dialog")
    await expect(sheet.get_by_role("alert")).to_contain_text("Incorrect password")
    await shown.tab.keyboard.press("Escape")
    await expect(sheet).to_have_count(0)
    await anna.app("Browser")
    await expect(anna.whole.get_by_role("radio")).to_have_count(1)
    await anna.install()
    await anna.app("Browser")
    await expect(anna.whole.get_by_role("radio")).to_have_count(2)


async def test_a_download_is_what_the_bot_sent(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    async with shown.tab.expect_download() as waiting:
        await anna.whole.get_by_role("link", name="Download pixel8.p12").click()
    download = await waiting.value
    assert download.suggested_filename == "pixel8.p12"
    got = Path(await download.path()).read_bytes()
    phone = shown.world.people["Anna"]
    sent = next(phone.file(message.message_id) for message in phone.chat if message.document)
    assert got == sent
    assert len(got) > 500


async def test_a_file_goes_to_the_bot_with_its_caption(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.whole.locator("input[type=file]").set_input_files(
        {"name": "laptop.csr", "mimeType": "text/plain", "buffer": b"not a request \x00\xff"}
    )
    await anna.say("my laptop")
    await expect(anna.messages("did not ask for a file")).to_be_visible()
    phone = shown.world.people["Anna"]
    message = next(message for message in phone.chat if message.document)
    assert message.text == "my laptop"
    assert phone.file(message.message_id) == b"not a request \x00\xff"


async def test_a_lost_phone_keeps_its_chat_and_its_certificate(shown: Shown) -> None:
    anna = shown.phone("Anna")
    await anna.say("/newcert pixel8")
    await anna.copy_password()
    await anna.install()
    await anna.whole.get_by_role("button", name="Lose this phone").click()
    await expect(anna.whole.locator(".thief")).to_contain_text("the installed pixel8")
    await anna.whole.get_by_role("button", name="Try the door as the finder").click()
    await anna.open("photos.example.com", "pixel8")
    await anna.sees_status(200)
    await anna.whole.get_by_role("button", name="Found again").click()
    await expect(anna.whole.locator(".thief")).to_be_hidden()
