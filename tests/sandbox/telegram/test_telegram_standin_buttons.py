from datetime import timedelta

import pytest
from telegram import Bot, CallbackQuery, CopyTextButton, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, TelegramStandin

TOO_OLD = "^Query is too old and response timeout expired or query id is invalid$"


async def ask(bot: Bot, phone: Phone) -> int:
    sent = await bot.send_message(
        phone.user_id,
        "Let Ben in?",
        reply_markup=InlineKeyboardMarkup(
            [
                [
                    InlineKeyboardButton("Yes", callback_data="1:in:abc"),
                    InlineKeyboardButton("Copy", copy_text=CopyTextButton("six words")),
                    InlineKeyboardButton("Steps", url="https://example.com/steps"),
                ]
            ]
        ),
    )
    return sent.message_id


@pytest.mark.parametrize("kind", ["inline_keyboard", "keyboard"])
@pytest.mark.parametrize("there", [[], [[{"text": "a", "callback_data": "1"}]]], ids=["alone", "behind another"])
async def test_a_row_without_buttons_is_refused(
    bot: Bot, anna: Phone, kind: str, there: list[list[dict[str, str]]]
) -> None:
    rows = [[{"text": "a"}] for _ in there] if kind == "keyboard" else there
    with pytest.raises(BadRequest, match=r"(?i)empty row"):
        await bot.send_message(anna.user_id, "x", reply_markup={kind: [*rows, []]})  # type: ignore[arg-type]


async def test_no_rows_are_no_keyboard(bot: Bot, anna: Phone) -> None:
    await bot.send_message(anna.user_id, "x", reply_markup={"inline_keyboard": []})  # type: ignore[arg-type]
    assert anna.chat[-1].rows == ()


async def newest_press(bot: Bot) -> CallbackQuery:
    query = (await bot.get_updates())[-1].callback_query
    assert query
    return query


async def test_a_tap_reaches_the_bot_and_is_answered(
    standin: TelegramStandin, bot: Bot, anna: Phone, ben: Phone
) -> None:
    number = await ask(bot, anna)
    tap = anna.tap(number, "Yes")
    assert (tap.kind, tap.value, tap.answered) == ("callback", "1:in:abc", False)
    query = await newest_press(bot)
    assert (query.id, query.data, query.from_user.id) == (tap.query_id, "1:in:abc", anna.user_id)
    assert query.message
    assert query.message.message_id == number
    assert query.message.is_accessible
    assert await query.answer("Ben is in")
    assert tap.answered
    assert [(event.kind, event.text, event.message_id) for event in anna.events[1:]] == [("toast", "Ben is in", None)]
    assert ben.events == []


async def test_an_unanswered_press_is_visible(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    number = await ask(bot, anna)
    first, second = anna.tap(number, "Yes"), anna.tap(number, "Yes")
    assert standin.unanswered == [first, second]
    assert first.query_id
    await bot.answer_callback_query(first.query_id)
    assert standin.unanswered == [second]
    assert standin.state()["unanswered"] == [{"user_id": anna.user_id, "message_id": number, "data": "1:in:abc"}]


async def test_a_raw_press_wants_an_answer_too(standin: TelegramStandin, bot: Bot) -> None:
    stranger = {"id": 5, "is_bot": False, "first_name": "Eve"}
    standin.post({"callback_query": {"id": "77", "from": stranger, "inline_message_id": "x", "chat_instance": "1"}})
    (tap,) = standin.unanswered
    query = await newest_press(bot)
    assert query.message is None
    await query.answer("who are you?")
    assert tap.answered
    assert tap.answer == "who are you?"


async def test_an_empty_answer_shows_nothing_and_an_alert_pops_up(bot: Bot, anna: Phone) -> None:
    number = await ask(bot, anna)
    anna.tap(number, "Yes")
    await (await newest_press(bot)).answer()
    assert [event.kind for event in anna.events] == ["new"]
    anna.tap(number, "Yes")
    await (await newest_press(bot)).answer("secret words", show_alert=True)
    assert [(event.kind, event.text) for event in anna.events[1:]] == [("popup", "secret words")]


async def test_answers_come_once_and_within_15_seconds(
    standin: TelegramStandin, bot: Bot, anna: Phone, clock: SandboxClock
) -> None:
    number = await ask(bot, anna)
    anna.tap(number, "Yes")
    query = await newest_press(bot)
    clock.plus(timedelta(seconds=13))
    await query.answer()
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer()
    late = anna.tap(number, "Yes")
    query = await newest_press(bot)
    clock.plus(timedelta(seconds=15))
    with pytest.raises(BadRequest, match=TOO_OLD):
        await query.answer("late")
    assert standin.unanswered == [late]
    with pytest.raises(BadRequest, match=TOO_OLD):
        await bot.answer_callback_query("12345")


async def test_an_answer_has_at_most_200_characters(bot: Bot, anna: Phone) -> None:
    number = await ask(bot, anna)
    tap = anna.tap(number, "Yes")
    assert tap.query_id
    with pytest.raises(BadRequest, match=r"(?i)message_too_long"):
        await bot.answer_callback_query(tap.query_id, "x" * 201)
    with pytest.raises(BadRequest, match=r"(?i)url_invalid"):
        await bot.answer_callback_query(tap.query_id, url="https://example.com")
    assert await bot.answer_callback_query(tap.query_id, "x" * 200)


async def test_copy_and_link_stay_on_the_phone(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    number = await ask(bot, anna)
    copied, link = anna.tap(number, "Copy"), anna.tap(number, "Steps")
    assert (copied.kind, copied.value) == ("copy", "six words")
    assert (link.kind, link.value) == ("url", "https://example.com/steps")
    assert standin.pending == 0
    assert standin.unanswered == []


async def test_a_missing_button_names_those_there_are(bot: Bot, anna: Phone, ben: Phone) -> None:
    number = await ask(bot, anna)
    with pytest.raises(LookupError, match=r"'No'.*'Yes', 'Copy', 'Steps'"):
        anna.tap(number, "No")
    with pytest.raises(LookupError, match="no message"):
        ben.tap(number, "Yes")
    await bot.delete_message(anna.user_id, number)
    with pytest.raises(LookupError, match="no message"):
        anna.tap(number, "Yes")


async def test_forged_presses(bot: Bot, anna: Phone) -> None:
    number = await ask(bot, anna)
    anna.press(number, "1:out:zzz")
    query = await newest_press(bot)
    assert query.data == "1:out:zzz"
    await query.answer()
    anna.press(4711, "1:in:abc", inaccessible=True)
    query = await newest_press(bot)
    assert query.message
    assert not query.message.is_accessible
    assert query.message.message_id == 4711
    await query.answer("gone")
    assert anna.events[-1].text == "gone"
