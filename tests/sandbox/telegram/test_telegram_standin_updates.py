import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.constants import ChatMemberStatus, MessageOriginType
from telegram.error import BadRequest, Conflict

from sandbox.clock import SandboxClock
from sandbox.telegram import Phone, TelegramStandin


async def one(bot: Bot, **asked: Any) -> Update:
    (update,) = await bot.get_updates(**asked)
    return update


async def test_an_update_stays_until_an_offset_confirms_it(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    for text in ("a", "b", "c"):
        anna.send(text)
    seen = await bot.get_updates()
    assert [update.message.text for update in seen if update.message] == ["a", "b", "c"]
    assert [update.update_id for update in await bot.get_updates(limit=2)] == [update.update_id for update in seen[:2]]
    assert standin.pending == 3
    rest = await bot.get_updates(offset=seen[2].update_id)
    assert [update.update_id for update in rest] == [seen[2].update_id]
    assert standin.pending == 1
    await bot.get_updates(offset=seen[2].update_id + 1)
    assert standin.pending == 0


async def test_a_negative_offset_keeps_the_newest(bot: Bot, anna: Phone) -> None:
    for text in ("a", "b", "c"):
        anna.send(text)
    update = await one(bot, offset=-1)
    assert update.message
    assert update.message.text == "c"


async def test_a_message_as_the_bot_sees_it(bot: Bot, anna: Phone, clock: SandboxClock) -> None:
    first = anna.send("hello")
    anna.send("/newcert pixel8", reply_to=first, forwarded=True)
    update = (await bot.get_updates())[1]
    message = update.message
    assert message
    assert message.from_user
    assert (message.from_user.id, message.from_user.first_name, message.from_user.is_bot) == (
        anna.user_id,
        "Anna",
        False,
    )
    assert (message.chat.id, message.chat.type) == (anna.user_id, "private")
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [("bot_command", 0, 8)]
    assert message.reply_to_message
    assert message.reply_to_message.text == "hello"
    assert message.forward_origin
    assert message.forward_origin.type == MessageOriginType.HIDDEN_USER
    assert abs(message.date - clock.now()) < timedelta(seconds=5)


async def test_an_edited_message(bot: Bot, anna: Phone) -> None:
    number = anna.send("hello")
    anna.edit(number, "/revoke all")
    edited = (await bot.get_updates())[1].edited_message
    assert edited
    assert (edited.message_id, edited.text) == (number, "/revoke all")
    assert edited.edit_date


async def test_blocking_and_unblocking_are_told(bot: Bot, anna: Phone) -> None:
    anna.block()
    with pytest.raises(RuntimeError):
        anna.send("x")
    anna.unblock()
    gone, back = await bot.get_updates()
    assert gone.my_chat_member
    assert gone.my_chat_member.new_chat_member.status == ChatMemberStatus.BANNED
    assert gone.my_chat_member.new_chat_member.user.id == bot.id
    assert gone.my_chat_member.from_user.id == anna.user_id
    assert back.my_chat_member
    assert back.my_chat_member.new_chat_member.status == ChatMemberStatus.MEMBER


async def test_a_waiting_call_wakes_at_once(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    loop = asyncio.get_running_loop()
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await standin.account.updates.polled.wait()
    begun = loop.time()
    anna.send("x")
    assert len(await waiting) == 1
    assert loop.time() - begun < 1


async def test_a_call_without_updates_comes_back_empty(bot: Bot) -> None:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    assert await bot.get_updates(timeout=1) == ()
    assert 0.9 < loop.time() - begun < 5


async def test_a_second_poller_ends_the_first(
    standin: TelegramStandin, bot: Bot, new_bot: Callable[..., Bot], anna: Phone
) -> None:
    async with new_bot() as other:
        first = asyncio.create_task(bot.get_updates(timeout=30))
        await standin.account.updates.polled.wait()
        second = asyncio.create_task(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match=r"(?i)terminated by other getUpdates request"):
            await first
        anna.send("x")
        assert len(await second) == 1


async def test_while_a_webhook_is_set_nobody_polls(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    assert (await bot.get_webhook_info()).url == ""
    waiting = asyncio.create_task(bot.get_updates(timeout=30))
    await standin.account.updates.polled.wait()
    await bot.set_webhook("https://old.example/hook")
    with pytest.raises(Conflict, match=r"(?i)terminated by setWebhook request"):
        await waiting
    anna.send("x")
    with pytest.raises(Conflict, match=r"(?i)can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count) == ("https://old.example/hook", 1)
    assert await bot.delete_webhook()
    assert (await bot.get_webhook_info()).url == ""
    assert (await one(bot)).message is not None
    with pytest.raises(BadRequest, match="https"):
        await bot.set_webhook("http://old.example/hook")


async def test_what_an_inline_bot_proposed_says_so(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    anna.send("x", via="gif")
    message = (await one(bot)).message
    assert message is not None
    assert message.via_bot is not None
    assert message.via_bot.username == "gif"


async def test_a_poller_that_hung_up_is_in_nobodys_way(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=30))
    await standin.account.updates.polled.wait()
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    anna.send("x")
    await one(bot)


async def test_the_kinds_asked_for_are_remembered(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    number = anna.send("x")
    await bot.get_updates(allowed_updates=["message"])
    anna.edit(number, "y")
    assert len(await bot.get_updates()) == 1
    assert standin.post({"edited_message": {}}) == 0
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.allowed_updates) == ("", 1, ("message",))
    await bot.get_updates(allowed_updates=[])
    anna.edit(number, "z")
    assert len(await bot.get_updates()) == 2
    with pytest.raises(BadRequest):
        await bot.get_updates(allowed_updates=["massage"])


async def test_presses_vanish_after_150_seconds_and_messages_after_a_day(
    standin: TelegramStandin, bot: Bot, anna: Phone, clock: SandboxClock
) -> None:
    sent = await bot.send_message(
        anna.user_id, "x", reply_markup=InlineKeyboardMarkup([[InlineKeyboardButton("A", callback_data="a")]])
    )
    anna.send("hello")
    anna.tap(sent.message_id, "A")
    clock.plus(timedelta(seconds=148))
    assert standin.pending == 2
    clock.plus(timedelta(seconds=3))
    assert [bool(update.message) for update in await bot.get_updates()] == [True]
    clock.plus(timedelta(hours=23, minutes=57))
    assert standin.pending == 1
    clock.plus(timedelta(minutes=1))
    assert await bot.get_updates() == ()


async def test_quiet_waits_for_the_confirming_offset(
    standin: TelegramStandin, bot: Bot, anna: Phone, clock: SandboxClock
) -> None:
    await standin.quiet()
    anna.send("x")
    quiet = asyncio.create_task(standin.quiet())
    update = await one(bot)
    assert not quiet.done()
    await bot.get_updates(offset=update.update_id + 1)
    await quiet
    anna.send("y")
    quiet = asyncio.create_task(standin.quiet())
    clock.plus(timedelta(days=2))
    await quiet


async def test_dropping_what_waits(standin: TelegramStandin, bot: Bot, anna: Phone) -> None:
    anna.send("x")
    assert await bot.delete_webhook()
    assert standin.pending == 1
    assert await bot.delete_webhook(drop_pending_updates=True)
    assert standin.pending == 0


async def test_raw_updates_and_groups(standin: TelegramStandin, bot: Bot) -> None:
    group = {"id": -100200, "type": "supergroup", "title": "Family"}
    date = int(datetime.now(UTC).timestamp())
    number = standin.post(
        {
            "message": {
                "message_id": 5,
                "date": date,
                "chat": group,
                "sender_chat": group,
                "text": "/status",
            }
        }
    )
    update = await one(bot)
    assert update.update_id == number
    assert update.effective_user is None
    await bot.send_message(-100200, "not here")
    assert [message.text for message in standin.groups[-100200]] == ["not here"]
    with pytest.raises(ValueError, match="an update has one of"):
        standin.post({"gossip": {}})
