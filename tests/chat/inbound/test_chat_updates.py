"""What is read from raw updates, and what is attached to a message."""

import copy
import json
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.inbound.priority import takes_away
from bot.chat.inbound.updates import (
    Blocked,
    ButtonPressed,
    CaptionSent,
    FileSent,
    Incoming,
    InGroup,
    Nothing,
    OddUpdate,
    TextSent,
    Unasked,
    UsersShared,
    read,
    sender,
)
from bot.chat.messages.message import Button, Message
from bot.chat.outbound.keyboard import PICK_CONTACT, keyboard, reply_markup
from bot.model.message_ref import MessageRef
from bot.model.people.people import Account
from bot.services.inbox.receive import IncomingUpdate
from tests.odd_updates import EXAMPLES, JSON, changed, places

ANNA = {"id": 5, "is_bot": False, "first_name": "Anna", "last_name": "Li", "language_code": "de"}


def message(**more: Any) -> bytes:
    chat = {"id": 5, "type": "private"}
    return json.dumps({"message": {"message_id": 9, "from": ANNA, "chat": chat, "date": 0, **more}}).encode()


def test_a_reply_names_what_it_answers() -> None:
    answered = read(message(text="no", reply_to_message={"message_id": 7}))
    assert isinstance(answered, TextSent)
    assert answered.reply_to == 7
    plain = read(message(text="no"))
    assert isinstance(plain, TextSent)
    assert plain.reply_to is None


def test_whose_words_a_text_is() -> None:
    inline, origin = {"id": 9, "is_bot": True, "first_name": "gif"}, {"type": "hidden_user", "date": 0}
    hands = [
        ({}, "typed"),
        ({"reply_to_message": {"message_id": 7, "via_bot": inline, "forward_origin": origin}}, "typed"),
        ({"via_bot": inline}, "proposed"),
        ({"forward_origin": origin}, "forwarded"),
        # Forwarding takes the inline bot along.
        ({"via_bot": inline, "forward_origin": origin}, "proposed"),
    ]
    for more, hand in hands:
        text = read(message(text="/revoke pixel8", **more))
        file = read(message(document={"file_id": "x"}, **more))
        assert isinstance(text, TextSent)
        assert isinstance(file, FileSent)
        assert (text.hand, file.hand) == (hand, hand)


def test_in_the_name_of_a_channel_or_a_group_nobody_speaks() -> None:
    channel = {"id": -100, "type": "channel", "title": "News"}
    assert read(message(text="/newcert x", sender_chat=channel)) == Nothing()
    group = {"id": -5, "type": "supergroup"}
    assert read(message(text="/newcert x", sender_chat=channel, chat=group)) == Nothing()
    assert read(message(text="/newcert x", chat=group)) == InGroup(-5)
    assert read(message(text="/newcert x", chat=channel)) == Nothing()
    assert read(json.dumps({"channel_post": {"message_id": 1, "chat": channel, "date": 0}}).encode()) == Unasked()
    assert read(json.dumps({"edited_message": {"message_id": 1, "text": "/newcert x"}}).encode()) == Unasked()
    robot = {"id": 5, "is_bot": True, "first_name": "Anna"}
    assert (
        read(json.dumps({"message": {**json.loads(message(text="x"))["message"], "from": robot}}).encode()) == Nothing()
    )


def test_the_examples_are_read() -> None:
    kinds = [TextSent, TextSent, FileSent, UsersShared, ButtonPressed, ButtonPressed, Blocked, InGroup]
    assert [type(read(json.dumps(one).encode())) for one in EXAMPLES] == kinds


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(EXAMPLES), st.data())
def test_whatever_came_is_read_or_said_to_be_odd(example: dict[str, Any], data: st.DataObject) -> None:
    """Some of it gone, or another value, as deep as it goes: nobody downstream has to look at a type again."""
    update = copy.deepcopy(example)
    for _ in range(data.draw(st.integers(1, 3))):
        there = list(places(update))
        if there:
            update = changed(
                update, data.draw(st.sampled_from(there)), data.draw(st.none() | st.builds(list, st.tuples(JSON)))
            )
    arrived = IncomingUpdate(5, sender(update), update, takes_away(update))
    number = arrived.telegram_id
    assert number is None or (type(number) is int and abs(number) < 2**63)
    incoming: Incoming = Nothing()
    said = ""
    try:
        incoming = read(arrived.body)
    except OddUpdate as odd:
        said = str(odd)
    assert "secret" not in said
    assert set(wrong_types(incoming)) == set()
    if isinstance(incoming, TextSent | FileSent | UsersShared | ButtonPressed):
        assert sender(update) == incoming.account.telegram_id


def wrong_types(it: Any) -> Iterator[str]:
    """The fields of what was read that hold something else than their names promise."""
    known = {
        **dict.fromkeys(("telegram_id", "chat_id", "message_id", "request_id"), (int,)),
        **dict.fromkeys(("name", "language", "text", "data", "query_id", "file_id", "hand", "caption"), (str,)),
        **dict.fromkeys(("size", "reply_to"), (int, type(None))),
        "sent_at": (datetime,),
        "account": (Account,),
        "users": (tuple,),
        "message": (MessageRef, type(None)),
    }
    for field in fields(it):
        value = getattr(it, field.name)
        if type(value) not in known[field.name]:
            yield f"{type(it).__name__}.{field.name} = {value!r}"
        for inner in value if isinstance(value, tuple) else (value,):
            if is_dataclass(inner):
                yield from wrong_types(inner)


@given(JSON)
def test_any_json_has_a_sender_or_none(it: Any) -> None:
    for update in (
        it,
        {"message": it},
        {"callback_query": it},
        {"message": {"from": it}},
        {"callback_query": {"data": it}},
    ):
        if isinstance(update, dict):
            number = sender(update)
            assert number is None or type(number) is int
            assert takes_away(update) in {True, False}


def test_what_only_looks_like_the_right_type_is_odd() -> None:
    for place, values in (
        (("message", "from", "id"), ("100001", 100_001.0, True)),
        (("message", "from", "is_bot"), ("false", 0)),
        (("message", "chat", "id"), ("100001", 100_001.0)),
        (("message", "date"), ("5", 5.0, True)),
        (("message", "text"), (5, True, ["x"])),
        (("message", "message_id"), ("9", 9.0, True)),
    ):
        for value in values:
            with pytest.raises(OddUpdate):
                read(json.dumps(changed(EXAMPLES[0], place, [value])).encode())


def test_numbers_are_taken_up_to_what_telegram_has() -> None:
    for number, taken in ((1, True), (0, False), (-1, False), (2**52 - 1, True), (2**52, False)):
        who = {**ANNA, "id": number}
        body = json.dumps(
            {
                "message": {
                    "message_id": 9,
                    "from": who,
                    "chat": {"id": number, "type": "private"},
                    "date": 0,
                    "text": "x",
                }
            }
        )
        if taken:
            assert isinstance(read(body.encode()), TextSent)
        else:
            with pytest.raises(OddUpdate):
                read(body.encode())
    for date, taken in ((0, True), (-1, False), (2**33 - 1, True), (2**33, False)):
        body = json.dumps({"message": {**json.loads(message(text="x"))["message"], "date": date}})
        if taken:
            assert isinstance(read(body.encode()), TextSent)
        else:
            with pytest.raises(OddUpdate):
                read(body.encode())


def test_picked_contacts() -> None:
    users = [{"user_id": 6, "first_name": "Kim", "last_name": "Li"}, {"user_id": 7}]
    assert read(message(users_shared={"request_id": PICK_CONTACT, "users": users})) == UsersShared(
        Account(telegram_id=5, name="Anna Li", language="de"),
        PICK_CONTACT,
        (Account(telegram_id=6, name="Kim Li", language="en"), Account(telegram_id=7, name="?", language="en")),
        datetime.fromtimestamp(0, UTC),
    )


def test_contacts_picked_in_a_group_are_nothing() -> None:
    shared = {"request_id": 1, "users": [{"user_id": 6}]}
    assert read(message(users_shared=shared, chat={"id": -1, "type": "group"})) == Nothing()


def test_a_row_without_buttons_is_left_out() -> None:
    """Telegram refuses one."""
    key = Button(text="x", callback=CallbackData(CallbackAction.CANCEL))
    for rows, left in (
        (((),), None),
        (((), ()), None),
        (((), (key,)), [1]),
        (((key,), (), (key, key), ()), [1, 2]),
    ):
        made = keyboard(rows)
        assert (None if made is None else [len(row) for row in made.inline_keyboard]) == left
        assert reply_markup(Message(html=Markup("x"), rows=rows)) == made


def test_as_many_buttons_as_telegram_takes() -> None:
    key = Button(text="x", callback=CallbackData(CallbackAction.CANCEL))
    assert keyboard(((key,) * 8,) * 12 + ((key,) * 4,)) is not None
    for rows in (((key,) * 9,), ((key,) * 8,) * 12 + ((key,) * 5,)):
        with pytest.raises(ValueError, match="too many buttons"):
            keyboard(rows)
    for length, taken in ((1, True), (256, True), (257, False), (0, False)):
        copied = ((Button(text="x", copy="a" * length),),)
        if taken:
            assert keyboard(copied) is not None
        else:
            with pytest.raises(ValueError, match="too long to copy"):
                keyboard(copied)


def test_one_keyboard_a_message() -> None:
    said = Markup("Whom?")
    below = reply_markup(Message(html=said, pick="Pick a contact"))
    assert below is not None
    assert below.to_dict() == {
        "keyboard": [
            [
                {
                    "text": "Pick a contact",
                    "request_users": {
                        "request_id": 1,
                        "user_is_bot": False,
                        "max_quantity": 1,
                        "request_name": True,
                    },
                }
            ]
        ],
        "one_time_keyboard": True,
        "resize_keyboard": True,
    }
    gone = reply_markup(Message(html=said, unpick=True))
    assert gone is not None
    assert gone.to_dict() == {"remove_keyboard": True}
    assert reply_markup(Message(html=said)) is None
    rows = ((Button(text="x", callback=CallbackData(CallbackAction.CANCEL)),),)
    with pytest.raises(ValueError, match="one keyboard"):
        reply_markup(Message(html=said, rows=rows, pick="Pick"))
    with pytest.raises(ValueError, match="one keyboard"):
        reply_markup(Message(html=said, unpick=True, pick="Pick"))


def test_a_file_has_a_name_and_words_where_it_is_told_so() -> None:
    named = read(message(document={"file_id": "f", "file_size": 7, "file_name": "laptop.p12"}, caption="mine"))
    assert isinstance(named, FileSent)
    assert (named.name, named.caption, named.size, named.message) == ("laptop.p12", "mine", 7, MessageRef(5, 9))
    assert "'f'" not in repr(named)
    bare = read(message(document={"file_id": "f"}))
    assert isinstance(bare, FileSent)
    assert (bare.name, bare.caption, bare.size) == ("", "", None)


def test_words_under_a_picture() -> None:
    photo = [{"file_id": "f"}]
    anna = Account(telegram_id=5, name="Anna Li", language="de")
    assert read(message(photo=photo, caption="my dog")) == CaptionSent(anna, MessageRef(5, 9), "my dog")
    assert read(message(photo=photo)) == Nothing()
