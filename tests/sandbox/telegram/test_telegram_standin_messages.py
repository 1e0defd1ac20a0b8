from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyParameters,
)
from telegram.error import BadRequest, Forbidden

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, ShownButton, TelegramStandin


def keyboard(*buttons: InlineKeyboardButton) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[button] for button in buttons])


def ok(data: str = "1:ok:abc") -> InlineKeyboardMarkup:
    return keyboard(InlineKeyboardButton("OK", callback_data=data))


async def test_a_message_appears_on_the_right_phone_only(bot: Bot, anna: Phone, ben: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "<b>Hi</b> &lt;Anna&gt;", parse_mode="HTML", disable_notification=True)
    (shown,) = anna.chat
    assert (shown.message_id, shown.from_bot, shown.text, shown.quiet) == (
        sent.message_id,
        True,
        "Hi <Anna>",
        True,
    )
    assert shown.html == "<b>Hi</b> &lt;Anna&gt;"
    assert shown.entities == ({"type": "bold", "offset": 0, "length": 2},)
    assert sent.text_html == "<b>Hi</b> &lt;Anna&gt;"
    assert ben.chat == []
    assert ben.events == []
    assert [(event.kind, event.text) for event in anna.events] == [("new", "Hi <Anna>")]


async def test_buttons_are_shown_as_sent(bot: Bot, anna: Phone) -> None:
    await bot.send_message(
        anna.user_id,
        "Choose",
        reply_markup=InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton("Yes", callback_data="1:yes", style="success"),
                    InlineKeyboardButton("Copy", copy_text=CopyTextButton("six words")),
                ],
                [InlineKeyboardButton("Look", url="https://example.com/x")],
            ]
        ),
    )
    assert anna.chat[0].rows == (
        (ShownButton("Yes", "callback", "1:yes", "success"), ShownButton("Copy", "copy", "six words")),
        (ShownButton("Look", "url", "https://example.com/x"),),
    )


async def test_an_edit_changes_text_and_buttons_and_says_so_once(bot: Bot, anna: Phone, clock: SandboxClock) -> None:
    sent = await bot.send_message(anna.user_id, "one", reply_markup=ok())
    clock.plus(timedelta(days=30))
    edited = await bot.edit_message_text("two", anna.user_id, sent.message_id)
    assert edited is not True
    assert anna.chat[0].text == "two"
    assert anna.chat[0].rows == ()
    assert anna.chat[0].edited is not None
    assert [event.kind for event in anna.events] == ["new", "edit"]
    with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content"):
        await bot.edit_message_text("two", anna.user_id, sent.message_id)
    with pytest.raises(BadRequest, match="is not modified"):
        await bot.edit_message_text("<u></u>two", anna.user_id, sent.message_id, parse_mode="HTML")
    await bot.edit_message_text("<b>two</b>", anna.user_id, sent.message_id, parse_mode="HTML")
    await bot.edit_message_text("<b>two</b>", anna.user_id, sent.message_id, parse_mode="HTML", reply_markup=ok())
    assert len(anna.events) == 4


async def test_editing_only_the_buttons(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "one", reply_markup=ok())
    with pytest.raises(BadRequest, match="is not modified"):
        await bot.edit_message_reply_markup(anna.user_id, sent.message_id, reply_markup=ok())
    await bot.edit_message_reply_markup(anna.user_id, sent.message_id)
    assert anna.chat[0].rows == ()
    assert anna.chat[0].text == "one"


async def test_what_cannot_be_edited(bot: Bot, anna: Phone, ben: Phone) -> None:
    own = anna.send("hello")
    typed = await bot.send_message(anna.user_id, "menu", reply_markup=ReplyKeyboardMarkup([[KeyboardButton("Status")]]))
    bens = await bot.send_message(ben.user_id, "for Ben")
    for message_id in (own, typed.message_id):
        with pytest.raises(BadRequest, match=r"^Message can't be edited"):
            await bot.edit_message_text("x", anna.user_id, message_id)
    for message_id in (9999, bens.message_id):
        with pytest.raises(BadRequest, match=r"^Message to edit not found"):
            await bot.edit_message_text("x", anna.user_id, message_id)
    with pytest.raises(BadRequest, match="identifier is not specified"):
        await bot.edit_message_text("x", anna.user_id)


async def test_deleting_takes_messages_of_both_sides_off_the_phone(bot: Bot, anna: Phone) -> None:
    secret = anna.send("my password")
    sent = await bot.send_message(anna.user_id, "gone soon")
    await bot.delete_message(anna.user_id, secret)
    await bot.delete_message(anna.user_id, sent.message_id)
    assert anna.chat == []
    assert [(event.kind, event.message_id) for event in anna.events[1:]] == [
        ("gone", secret),
        ("gone", sent.message_id),
    ]
    with pytest.raises(BadRequest, match=r"^Message to delete not found"):
        await bot.delete_message(anna.user_id, sent.message_id)


@pytest.mark.parametrize("mine", [True, False])
async def test_deletion_ends_at_48_hours(bot: Bot, anna: Phone, clock: SandboxClock, mine: bool) -> None:
    if mine:
        young = (await bot.send_message(anna.user_id, "x")).message_id
        old = (await bot.send_message(anna.user_id, "y")).message_id
    else:
        young, old = anna.send("x"), anna.send("y")
    clock.plus(timedelta(hours=48, minutes=-1))
    await bot.delete_message(anna.user_id, young)
    clock.plus(timedelta(minutes=1))
    with pytest.raises(BadRequest, match=r"^Message can't be deleted"):
        await bot.delete_message(anna.user_id, old)
    assert [message.message_id for message in anna.chat] == [old]


async def test_deleting_many_skips_what_is_not_there(bot: Bot, anna: Phone) -> None:
    ids = [(await bot.send_message(anna.user_id, text)).message_id for text in ("a", "b")]
    assert await bot.delete_messages(anna.user_id, [*ids, 9999])
    assert anna.chat == []
    with pytest.raises(BadRequest):
        await bot.delete_messages(anna.user_id, list(range(1, 102)))


async def test_a_message_the_person_deleted_is_not_there_for_the_bot(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "x")
    anna.delete(sent.message_id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("y", anna.user_id, sent.message_id)
    assert [event.kind for event in anna.events] == ["new"]


async def test_text_and_caption_limits_count_what_is_seen(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.user_id, f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message is too long"):
        await bot.send_message(anna.user_id, "x" * 4097)
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.edit_message_text("x" * 4097, anna.user_id, anna.chat[0].message_id)
    await bot.send_document(anna.user_id, b"data", filename="a.txt", caption="x" * 1024)
    with pytest.raises(BadRequest, match=r"^Message caption is too long"):
        await bot.send_document(anna.user_id, b"data", filename="a.txt", caption="x" * 1025)
    assert len(anna.chat) == 2


@pytest.mark.parametrize(("text", "words"), [("", "Message text is empty"), (" \n", "Text must be non-empty")])
async def test_empty_text_is_refused(bot: Bot, anna: Phone, text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=f"^{words}"):
        await bot.send_message(anna.user_id, text)


@pytest.mark.parametrize(
    ("button", "words"),
    [
        ({"callback_data": "x" * 65}, "Button_data_invalid"),
        ({"callback_data": "ü" * 33}, "Button_data_invalid"),
        ({"callback_data": ""}, "Button_data_invalid"),
        ({}, "Text buttons are unallowed"),
        ({"callback_data": "x", "url": "https://example.com"}, "exactly one action"),
        ({"url": "nonsense"}, "Wrong HTTP URL"),
        ({"copy_text": CopyTextButton("x" * 257)}, "Button_copy_text_invalid"),
        ({"copy_text": CopyTextButton("")}, "Button_copy_text_invalid"),
        ({"callback_data": "x", "style": "purple"}, "style"),
        ({"callback_data": "x", "icon_custom_emoji_id": "1"}, "has no parameter 'icon_custom_emoji_id'"),
    ],
)
async def test_bad_buttons_are_refused(bot: Bot, anna: Phone, button: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(anna.user_id, "x", reply_markup=keyboard(InlineKeyboardButton("Button", **button)))
    assert anna.chat == []


async def test_the_longest_allowed_buttons_pass(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.user_id, "x", reply_markup=ok("ü" * 32))
    await bot.send_message(
        anna.user_id,
        "x",
        reply_markup=keyboard(InlineKeyboardButton("C", copy_text=CopyTextButton("x" * 256))),
    )


@pytest.mark.parametrize(("rows", "columns", "fits"), [(12, 8, True), (13, 8, False), (1, 9, False)])
async def test_keyboard_size(bot: Bot, anna: Phone, rows: int, columns: int, fits: bool) -> None:
    row = [InlineKeyboardButton("x", callback_data="x")] * columns
    if fits:
        await bot.send_message(anna.user_id, "x", reply_markup=InlineKeyboardMarkup([row] * rows))
    else:
        with pytest.raises(BadRequest, match=r"too long|(?i:more than 8)"):
            await bot.send_message(anna.user_id, "x", reply_markup=InlineKeyboardMarkup([row] * rows))


async def test_blocked_and_unknown_people(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "x")
    anna.block()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(anna.user_id, "y")
    with pytest.raises(Forbidden):
        await bot.edit_message_text("y", anna.user_id, sent.message_id)
    with pytest.raises(Forbidden):
        await bot.send_document(anna.user_id, b"data", filename="a.txt")
    anna.unblock()
    await bot.send_message(anna.user_id, "y")
    for stranger in (424242, "@nobody"):
        with pytest.raises(BadRequest, match=r"^Chat not found"):
            await bot.send_message(stranger, "x")


async def test_replies(bot: Bot, anna: Phone) -> None:
    asked = anna.send("what?")
    sent = await bot.send_message(anna.user_id, "that", reply_parameters=ReplyParameters(asked))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "what?"
    with pytest.raises(BadRequest, match="to be replied not found"):
        await bot.send_message(anna.user_id, "that", reply_parameters=ReplyParameters(999))
    await bot.send_message(
        anna.user_id, "that", reply_parameters=ReplyParameters(999, allow_sending_without_reply=True)
    )


async def test_chat_action(bot: Bot, anna: Phone) -> None:
    assert await bot.send_chat_action(anna.user_id, "upload_document")
    with pytest.raises(BadRequest, match=r"^Wrong parameter action"):
        await bot.send_chat_action(anna.user_id, "dancing")
