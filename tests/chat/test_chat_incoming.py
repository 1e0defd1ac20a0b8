"""What is read from raw updates, and what is attached to a message."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from markupsafe import Markup

from bot.chat.incoming import CaptionSent, FileSent, Nothing, TextSent, UsersShared, read
from bot.chat.keyboard import PICK_CONTACT, reply_markup
from bot.chat.messages.form import Button, Message
from bot.chat.press import Press, Verb
from bot.model.chat import MessageRef
from bot.model.people import Account

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
    rows = ((Button(text="x", press=Press(Verb.CANCEL)),),)
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
