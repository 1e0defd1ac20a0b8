"""Buttons below the input field: who sees them, what they send, what Telegram refuses."""

from typing import Any

import pytest
from telegram import Bot, KeyboardButton, KeyboardButtonRequestUsers, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import BadRequest

from sandbox.telegram import Contact, Phone, TelegramStandin


def picks(*, request_id: int = 1, one_time: bool = True, **more: Any) -> ReplyKeyboardMarkup:
    asked = KeyboardButtonRequestUsers(request_id, **{"user_is_bot": False, **more})
    return ReplyKeyboardMarkup([[KeyboardButton("Pick", request_users=asked)], ["Yes"]], one_time_keyboard=one_time)


async def test_a_picked_contact_is_told_with_what_was_asked_for(bot: Bot, anna: Phone, ben: Phone) -> None:
    await bot.send_message(anna.user_id, "Whom?", reply_markup=picks(request_name=True))
    sent = anna.share_users("Pick", [ben.contact])
    (update,) = await bot.get_updates()
    assert update.message is not None
    assert (update.message.message_id, update.message.text) == (sent, None)
    shared = update.message.users_shared
    assert shared is not None
    assert (shared.request_id, [(u.user_id, u.first_name, u.username) for u in shared.users]) == (
        1,
        [(ben.user_id, "Ben", None)],
    )


async def test_names_and_number_only_where_asked_for(bot: Bot, anna: Phone, ben: Phone) -> None:
    await bot.send_message(anna.user_id, "Whom?", reply_markup=picks(max_quantity=2, request_username=True))
    anna.share_users("Pick", [ben.contact, Contact(77, "Zoe")])
    update = (await bot.get_updates())[0].to_dict()
    assert update["message"]["users_shared"]["users"] == [
        {"user_id": ben.user_id, "username": "ben_b"},
        {"user_id": 77},
    ]


async def test_the_app_lets_one_pick_as_many_as_asked_for(bot: Bot, anna: Phone, ben: Phone) -> None:
    await bot.send_message(anna.user_id, "Whom?", reply_markup=picks())
    for wrong in ([], [ben.contact, Contact(77, "Zoe")]):
        with pytest.raises(ValueError, match="1 to 1"):
            anna.share_users("Pick", wrong)
    with pytest.raises(LookupError, match="only"):
        anna.share_users("Choose", [ben.contact])
    with pytest.raises(LookupError, match="lets nobody pick"):
        anna.share_users("Yes", [ben.contact])
    with pytest.raises(LookupError, match="below the input field"):
        ben.share_users("Pick", [anna.contact])


async def test_one_time_buttons_hide_once_used_and_others_stay(bot: Bot, anna: Phone, ben: Phone) -> None:
    for one_time in (True, False):
        await bot.send_message(anna.user_id, "Whom?", reply_markup=picks(one_time=one_time))
        anna.use_key("Yes")
        assert (anna.keyboard is None) is one_time
    assert (await bot.get_updates())[0].message.text == "Yes"  # type: ignore[union-attr]
    await bot.send_message(anna.user_id, "Plain words leave them.")
    assert anna.keyboard is not None
    await bot.send_message(anna.user_id, "Done", reply_markup=ReplyKeyboardRemove())
    assert anna.keyboard is None


async def test_a_keyboard_goes_with_its_message(bot: Bot, anna: Phone) -> None:
    sent = await bot.send_message(anna.user_id, "Whom?", reply_markup=picks())
    await bot.delete_message(anna.user_id, sent.message_id)
    assert anna.keyboard is None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"max_quantity": 11}, "quantity"),
        ({"request_id": 2**31}, "32-bit"),
        ({"user_is_bot": None}, "only people"),
    ],
)
async def test_refused_requests(bot: Bot, anna: Phone, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(BadRequest, match=f"(?i){words}"):
        await bot.send_message(anna.user_id, "Whom?", reply_markup=picks(**wrong))


async def test_people_are_requested_in_private_chats_only(bot: Bot, standin: TelegramStandin, anna: Phone) -> None:
    group = {"id": -5, "type": "group", "title": "The group"}
    sender = {"id": anna.user_id, "is_bot": False, "first_name": "Anna"}
    standin.post({"message": {"message_id": 1, "date": 1, "chat": group, "from": sender, "text": "/x"}})
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(-5, "Whom?", reply_markup=picks())


async def test_nobody_is_written_to_before_start(bot: Bot, standin: TelegramStandin) -> None:
    eva = standin.join("Eva", started=False)
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(eva.user_id, "Hello")
    eva.send("/start")
    await bot.send_message(eva.user_id, "Hello")
    assert [m.text for m in eva.chat] == ["/start", "Hello"]
