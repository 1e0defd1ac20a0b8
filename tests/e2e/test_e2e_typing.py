"""What people type: a refusal ends nothing, what could be two things is asked about, and the answer is taken."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.certificates.certificates import State
from tests.household import Household
from tests.locked_household import certificate, household


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path, preset="documented") as home:
        yield home


def days(home: Household, name: str) -> int:
    """For how many days the newest certificate of that name is valid."""
    return certificate(home, name).validity_days


def buttons(home: Household) -> list[str]:
    return [button.text for row in home.newest("Anna").rows for button in row]


async def said(home: Household, text: str) -> str:
    await home.say("Anna", text)
    return home.newest("Anna").text


async def test_times_in_words(home: Household) -> None:
    times = {"90 days": 90, "30 d": 30, "3 months": 90, "1 year": 365, "1y6m": 545, "1 Jahr": 365, "2w": 14}
    for words, lasts in times.items():
        await said(home, f"/newcert guest {words}")
        assert home.live() == ["guest"], words
        assert days(home, "guest") == lasts, words
        await home.say("Anna", "/revoke guest")
        await home.clock(minutes=3)


async def test_a_day(home: Household) -> None:
    until = home.world.clock.now().date().replace(year=home.world.clock.now().year + 1)
    await said(home, f"/newcert guest {until:%d.%m.%Y}")
    assert days(home, "guest") in {365, 366}


async def test_what_is_no_clear_time_makes_nothing_and_the_answer_counts(home: Household) -> None:
    for words in ("6m", "12h", "30j", "03/04/2040", "90 dayz", "0d", "31 Feb 2040", "1.1.2020"):
        assert "I wait until" in await said(home, f"/newcert guest {words} rsa"), words
        assert home.live() == []
    assert "I wait until" in await said(home, "so long")
    await said(home, "two weeks")
    assert home.live() == ["guest"]
    assert days(home, "guest") == 14
    async with home.bot.app.parts.store.read() as tx:
        (row,) = await tx.certificates.in_state(State.ACTIVE)
    assert row.key_type == "rsa2048"


async def test_a_tap_answers_and_an_old_question_is_over(home: Household) -> None:
    await said(home, "/newcert old 6m")
    old = home.callback("Anna", "180 days")
    await said(home, "/newcert new 03/04/2027")
    assert buttons(home) == ["3 Apr 2027", "4 Mar 2027", "Part of the name", "Cancel"]
    await home.press("Anna", old)
    assert home.live() == []
    for forged in ("5000d", "0d", "x", ""):
        question = home.callback("Anna", "3 Apr 2027").split(":")[2]
        await home.press("Anna", encode(CallbackData(CallbackAction.VALIDITY, question, forged)))
    assert home.live() == []
    await home.tap("Anna", "4 Mar 2027")
    assert home.live() == ["new"]
    assert certificate(home, "new").certificate.not_valid_after_utc.date().isoformat() == "2027-03-04"


async def test_part_of_the_name(home: Household) -> None:
    await said(home, "/newcert Pixel 8 Jan")
    await home.tap("Anna", "Part of the name")
    assert home.live() == ["Pixel 8 Jan"]
    assert days(home, "Pixel 8 Jan") == 730


async def test_a_name_that_cannot_be_taken_is_asked_for_again_and_options_stay(home: Household) -> None:
    assert "How about iPad-Küche?" in await said(home, "/newcert iPad/Küche 30 days")
    assert "64 characters at most" in await said(home, "x" * 65)
    assert "A name needs a letter" in await said(home, "+++")
    await said(home, "iPad-Küche")
    assert home.live() == ["iPad-Kuche"]
    assert days(home, "iPad-Kuche") == 30


async def test_a_name_that_is_taken_is_asked_for_again(home: Household) -> None:
    await said(home, "/newcert Anna's iPhone")
    assert "has a certificate already" in await said(home, "/newcert ANNA’S IPHONE")
    assert buttons(home) == ["Show ANNA’S IPHONE", "Cancel"]
    await said(home, "Anna’s other iPhone 2 weeks")
    assert home.live() == ["Annas iPhone", "Annas other iPhone"]
    assert days(home, "Annas other iPhone") == 14


async def test_a_key_of_ones_own_is_asked_for_its_name(home: Household) -> None:
    await said(home, "/newcert csr 30d")
    await said(home, "Anna’s laptop")
    await home.tap("Anna", "Mac or Linux")
    assert "Annas laptop" in home.newest("Anna").text


async def test_an_owner_and_a_name_with_an_apostrophe(home: Household) -> None:
    await home.say("Anna", "/newcert Anna’s iPhone")
    await home.say("Ben", "/revoke Anna/anna's iphone")
    assert home.live() == []


async def test_the_file_opens_under_a_name_in_ascii(home: Household) -> None:
    p12, password = await home.device("Anna", "👩‍💻 Анна’s №1")
    assert home.file("Anna")[0].isascii()
    assert await home.opens((p12, password)) == 200
