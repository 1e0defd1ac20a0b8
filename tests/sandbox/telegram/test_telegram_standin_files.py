from datetime import timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
from telegram.error import BadRequest, NetworkError, TelegramError

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, ShownDocument, TelegramStandin

P12 = bytes(range(256)) * 10


async def test_a_document_arrives_whole(standin: TelegramStandin, bot: Bot, anna: Phone, ben: Phone) -> None:
    sent = await bot.send_document(
        anna.user_id,
        P12,
        filename="anna-pixel8.p12",
        caption="<b>Your key</b>",
        parse_mode="HTML",
        disable_content_type_detection=True,
    )
    assert sent.document
    assert (sent.document.file_name, sent.document.mime_type, sent.document.file_size) == (
        "anna-pixel8.p12",
        "application/x-pkcs12",
        2560,
    )
    assert sent.caption == "Your key"
    (shown,) = anna.chat
    assert shown.document == ShownDocument("anna-pixel8.p12", 2560, "application/x-pkcs12")
    assert shown.text == "Your key"
    assert anna.file(shown.message_id) == P12
    with pytest.raises(LookupError):
        ben.file(shown.message_id)


async def test_file_contents_are_in_no_record(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    await bot.send_document(anna.user_id, b"very secret bytes", filename="a.p12", caption="c")
    (call,) = [call for call in standin.calls if call.label == "sendDocument"]
    assert call.sent["document"] == {"file_name": "a.p12", "size": 17}
    assert call.sent["caption"] == "c"
    assert "very secret" not in repr(standin.calls)
    assert "very secret" not in repr(standin.state())


async def test_a_text_becomes_a_document_and_keeps_its_number(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "Working…")
    edited = await bot.edit_message_media(
        InputMediaDocument(P12, filename="key.p12", caption="<i>Here</i>", parse_mode="HTML"),
        anna.user_id,
        sent.message_id,
        reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("Password", callback_data="1:pw")]]),
    )
    assert not isinstance(edited, bool)
    assert edited.document
    assert edited.text is None
    assert edited.message_id == sent.message_id
    assert (anna.chat[0].text, anna.chat[0].rows[0][0].text) == ("Here", "Password")
    assert anna.file(sent.message_id) == P12
    assert anna.events[-1].kind == "edit"


async def test_a_document_is_replaced_at_any_age_and_never_unmodified(
    bot: Bot, anna: Phone, clock: SandboxClock
) -> None:
    sent = await bot.send_document(anna.user_id, P12, filename="key.p12")
    clock.plus(timedelta(days=10))
    for _ in range(2):
        await bot.edit_message_media(
            InputMediaDocument(b"empty now", filename="gone.txt"), anna.user_id, sent.message_id
        )
    assert anna.file(sent.message_id) == b"empty now"
    with pytest.raises(BadRequest, match=r"^There is no text in the message to edit"):
        await bot.edit_message_text("x", anna.user_id, sent.message_id)


async def test_media_edits_are_refused_like_others(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_media(InputMediaDocument(P12, filename="k.p12"), anna.user_id, 99)
    sent = await bot.send_message(anna.user_id, "x")
    with pytest.raises(BadRequest, match=r"(?i)caption is too long"):
        await bot.edit_message_media(
            InputMediaDocument(P12, filename="k.p12", caption="x" * 1025), anna.user_id, sent.message_id
        )
    with pytest.raises(BadRequest, match=r"(?i)wrong file identifier"):
        await bot.edit_message_media(InputMediaDocument("unknown"), anna.user_id, sent.message_id)
    assert anna.chat[0].document is None


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("anna's <key>.p12", "anna s  key.p12"),
        ("../../etc/passwd", "passwd"),
        ("...hidden.txt", "hidden.txt"),
        ("x" * 70 + ".p12", "x" * 64 + ".p12"),
        ("a." + "e" * 20, "a." + "e" * 16),
        ("Größe 🔑.p12", "Größe.p12"),
        ("plain", "plain"),
        ("a&b?c*d|e`f.txt", "a b c d e f.txt"),
    ],
)
async def test_file_names_are_cleaned(anna: Phone, given: str, kept: str) -> None:
    anna.send_document(given, b"x")
    document = anna.chat[0].document
    assert document
    assert document.file_name == kept


async def test_the_type_comes_from_the_name(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_document(anna.user_id, b"<plist/>", filename="home.mobileconfig")
    assert sent.document
    assert sent.document.mime_type == "application/octet-stream"


async def test_upload_limits(bot: Bot, anna: Phone) -> None:
    with pytest.raises(BadRequest, match="non-empty"):
        await bot.send_document(anna.user_id, b"", filename="a.p12")
    await bot.send_document(anna.user_id, bytes(50 * 2**20), filename="a.bin")
    with pytest.raises(NetworkError, match=r"(?i)request entity too large"):
        await bot.send_document(anna.user_id, bytes(50 * 2**20 + 1), filename="a.bin")


async def test_the_bot_downloads_what_a_person_sent(
    bot: Bot, anna: Phone, standin: TelegramStandin, clock: SandboxClock
) -> None:
    anna.send_document("laptop.csr", b"-----BEGIN", caption="here")
    message = (await bot.get_updates())[0].message
    assert message
    assert message.document
    assert message.caption == "here"
    file = await bot.get_file(message.document.file_id)
    assert file.file_size == 10
    assert bytes(await file.download_as_bytearray()) == b"-----BEGIN"
    assert standin.calls[-1].label == "file"
    clock.plus(timedelta(hours=1, seconds=1))
    with pytest.raises(TelegramError, match="Not Found"):
        await file.download_as_bytearray()
    with pytest.raises(BadRequest, match=r"(?i)wrong file_id"):
        await bot.get_file("nonsense")


async def test_big_files_cannot_be_fetched(bot: Bot, anna: Phone) -> None:
    anna.send_document("big.bin", bytes(20 * 2**20 + 1))
    message = (await bot.get_updates())[0].message
    assert message
    assert message.document
    with pytest.raises(BadRequest, match=r"^File is too big"):
        await bot.get_file(message.document.file_id)


async def test_a_known_file_can_be_sent_again(bot: Bot, anna: Phone, ben: Phone) -> None:
    sent = await bot.send_document(anna.user_id, P12, filename="key.p12")
    again: Any = await bot.send_document(ben.user_id, sent.document)  # type: ignore[arg-type]
    assert ben.file(again.message_id) == P12
