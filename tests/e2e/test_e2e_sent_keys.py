"""A private key that somebody sends is seen wherever it stands, leaves the chat, and is said to be burnt."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.pki.requests import MAX_BYTES
from tests.e2e.test_e2e_roles import become
from tests.family import Family, family
from tests.pki.key_corpus import not_private, private_keys, stores
from tests.pki.made_requests import plain

BURNT = "The key is burnt: do not use it, make a new one."
PEM = "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIH7pWmVu\n-----END EC PRIVATE KEY-----"
STORE = "A key file (.p12 or the like) holds a private key"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as home:
        yield home


def there(home: Family, who: str, number: int) -> bool:
    return any(message.message_id == number for message in home.phone(who).chat)


async def sends(home: Family, who: str, data: bytes, name: str = "laptop.txt", caption: str | None = None) -> list[str]:
    """Send a file; what was said, and that the file is gone as the last word where it is."""
    before = len(home.phone(who).events)
    number = home.phone(who).send_document(name, data, caption)
    await home.settle()
    said = [event.text for event in home.phone(who).events[before:] if event.kind == "new"]
    return said if there(home, who, number) else [*said, "gone"]


async def says(home: Family, who: str, text: str, **how: Any) -> list[str]:
    """The same for a text."""
    before = len(home.phone(who).events)
    number = home.phone(who).send(text, **how)
    await home.settle()
    said = [event.text for event in home.phone(who).events[before:] if event.kind == "new"]
    return said if there(home, who, number) else [*said, "gone"]


def downloads(home: Family) -> int:
    return sum(call.label == "getFile" for call in home.world.telegram.calls)


async def test_every_form_as_a_file_though_nobody_asked(home: Family) -> None:
    wrong = []
    for name, data in (private_keys() | stores()).items():
        await home.clock(seconds=5)
        said = await sends(home, "Anna", data)
        good = STORE in said[0] if name in stores() else BURNT in said[0]
        if not good or said[1:] != ["gone"]:
            wrong.append((name, said))
    assert wrong == []


async def test_what_is_no_secret_stays(home: Family) -> None:
    for data in (one for one in not_private().values() if one):
        await home.clock(seconds=5)
        assert "gone" not in await sends(home, "Anna", data)


async def test_every_form_that_can_be_pasted(home: Family) -> None:
    wrong = []
    for name, data in private_keys().items():
        if (data.isascii() and data.decode().isprintable()) or b"-----" in data:
            await home.clock(seconds=5)
            said = await says(home, "Anna", f"here it is\n{data.decode()}"[:4096])
            if BURNT not in said[0] or said[1:] != ["gone"]:
                wrong.append((name, said))
    assert wrong == []


@pytest.mark.parametrize("who", ["Anna", "Tom", "Kim"])
async def test_wherever_it_stands(home: Family, who: str) -> None:
    """As an answer to a question, behind a command, forwarded, as a reply, under a file or a picture; an admin, a
    member, a guest.
    """
    if who == "Kim":
        await home.say("Kim", "hello")
        await home.tap("Kim", "Ask to come in")
    else:
        await home.say(who, "/newcert")
    cards = [list(home.texts(admin)) for admin in ("Anna", "Ben")]
    before = await home.person(who)
    for text, how in (
        (PEM, {}),
        (f"/newcert {PEM}", {}),
        (f"/start {PEM}", {}),
        (f"/nosuchcommand {PEM}", {}),
        (PEM, {"forwarded": True}),
        (PEM, {"reply_to": home.newest(who).message_id}),
    ):
        await home.clock(hours=1, seconds=1)
        said = await says(home, who, text, **how)
        assert said[-1] == "gone", text
        assert BURNT in said[0], text
    await home.clock(hours=1, seconds=1)
    said = await sends(home, who, b"a picture of my dog", caption=PEM)
    assert (BURNT in said[0], said[-1]) == (True, "gone")
    await home.clock(hours=1, seconds=1)
    phone = home.phone(who)
    chat = {"id": phone.user_id, "type": "private", "first_name": who}
    home.world.telegram.post(
        {
            "message": {
                "message_id": 900_001,
                "date": int(home.world.clock.now().timestamp()),
                "chat": chat,
                "from": {"id": phone.user_id, "is_bot": False, "first_name": who, "language_code": "en"},
                "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
                "caption": PEM,
            }
        }
    )
    await home.settle()
    assert BURNT in home.newest(who).text
    deleted = [call.sent for call in home.world.telegram.calls if call.label == "deleteMessage"]
    assert any(str(sent["message_id"]) == "900001" for sent in deleted)
    assert replace(await home.person(who), seen_at=None) == replace(before, seen_at=None)
    if who == "Kim":
        # No admin's card has it, nor was anybody told anything.
        assert [list(home.texts(admin)) for admin in ("Anna", "Ben")] == cards


async def test_a_caption_without_a_key_is_no_business_of_ours(home: Family) -> None:
    phone = home.phone("Anna")
    before = len(phone.events)
    message = {
        "message_id": 900_001,
        "date": int(home.world.clock.now().timestamp()),
        "chat": {"id": phone.user_id, "type": "private", "first_name": "Anna"},
        "from": {"id": phone.user_id, "is_bot": False, "first_name": "Anna", "language_code": "en"},
        "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
        "caption": "my dog",
    }
    home.world.telegram.post({"message": message})
    await home.settle()
    assert len(phone.events) == before


async def test_what_takes_away_is_done_at_any_age(home: Family) -> None:
    """Eleven minutes after it was sent a key still goes, and a request is too late."""
    await home.world.stop_bot()
    key, text = home.phone("Anna").send_document("laptop.key", PEM.encode()), home.phone("Ben").send(PEM)
    home.phone("Mia").send_document("laptop.csr", plain())
    home.world.clock.plus(timedelta(minutes=11))
    await home.world.start_bot()
    await home.settle()
    assert not there(home, "Anna", key)
    assert not there(home, "Ben", text)
    assert BURNT in home.newest("Anna").text
    assert BURNT in home.newest("Ben").text
    assert home.newest("Mia").text.startswith("I was away")


async def test_whoever_is_frozen_is_rid_of_it_too(home: Family) -> None:
    await become(home, "Tom", "frozen")
    assert "frozen" in (await says(home, "Tom", "/newcert x"))[-1]
    assert (await says(home, "Tom", PEM))[-1] == "gone"
    assert (await sends(home, "Tom", PEM.encode()))[-1] == "gone"
    assert "gone" not in await sends(home, "Tom", plain())


async def test_strangers_hear_it_once_an_hour_and_every_key_goes(home: Family) -> None:
    said = [await says(home, "Kim", PEM) for _ in range(3)]
    assert [len(one) for one in said] == [2, 1, 1]
    assert all(one[-1] == "gone" for one in said)
    await home.clock(minutes=59, seconds=50)
    assert await says(home, "Kim", PEM) == ["gone"]
    await home.clock(seconds=20)
    assert BURNT in (await says(home, "Kim", PEM))[0]


async def test_strangers_who_are_ignored_hear_nothing(tmp_path: Path) -> None:
    async with family(tmp_path, strangers="ignore") as home:
        assert await says(home, "Kim", PEM) == ["gone"]
        assert await sends(home, "Kim", b"x", "kim.p12") == ["gone"]
        assert await says(home, "Kim", "hello") == []


async def test_no_file_of_a_stranger_is_opened(home: Family) -> None:
    before = downloads(home)
    await sends(home, "Kim", PEM.encode())
    assert (await sends(home, "Kim", b"x", "kim.P12"))[-1] == "gone"
    assert downloads(home) == before


@pytest.mark.parametrize("asked", [False, True])
async def test_sixteen_kilobytes_are_opened_and_no_more(home: Family, asked: bool) -> None:
    if asked:
        await home.say("Anna", "/newcert laptop csr")
    before = downloads(home)
    said = await sends(home, "Anna", PEM.encode().ljust(MAX_BYTES, b"\n"))
    assert (BURNT in said[0], said[-1]) == (True, "gone")
    assert downloads(home) == before + 1
    said = await sends(home, "Anna", PEM.encode().ljust(MAX_BYTES + 1, b"\n"))
    assert downloads(home) == before + 1
    assert "16 KB" in said[0]
    assert "do not use that key any more" in said[0]
    assert "gone" not in said
    # By its name it holds keys, so it need not be opened; a Mac's presentations are called .key.
    big = b"x" * (MAX_BYTES + 1)
    for name in ("laptop.p12", "Laptop.PFX", "store.jks", "a.keystore", "k.ppk"):
        await home.clock(seconds=5)
        said = await sends(home, "Anna", big, name)
        assert (STORE in said[0], said[-1]) == (True, "gone"), name
    assert "gone" not in await sends(home, "Anna", big, "holiday.key")
    # A small one is known by its content alone.
    assert "gone" not in await sends(home, "Anna", b"nothing of the kind", "laptop.p12")
    assert downloads(home) == before + 2


async def test_a_key_leaves_the_question_open(home: Family) -> None:
    await home.say("Anna", "/newcert laptop csr")
    await says(home, "Anna", PEM)
    await sends(home, "Anna", plain())
    assert home.live() == ["laptop"]
