"""Words are earned: that somebody was asked is said once Telegram took the card; what waits reaches who comes back."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.services.lost_devices import report
from bot.services.membership import members
from bot.services.metrics import vitals
from tests.family import Family, family

NOBODY = "I could not reach anybody"
UNDER_WAY = "I am passing that on"
ASKED = "I have asked"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    async with family(tmp_path) as home:
        for who in ("Anna", "Ben"):
            await home.say(who, "/whoami")
        yield home


async def leave(home: Family, *admins: str) -> None:
    """They block the bot."""
    for who in admins:
        home.phone(who).block()
    await home.settle()


async def asks(home: Family, who: str = "Kim") -> None:
    await home.say(who, "hello")
    await home.tap(who, "Ask to come in")


def cards(home: Family, who: str, words: str = "asks to come in") -> int:
    return sum(words in text for text in home.texts(who))


async def test_asked_is_said_when_a_card_has_arrived(home: Family) -> None:
    await asks(home)
    assert ASKED in home.newest("Kim").text
    await home.say("Tom", "/newcert phone")
    assert "I have asked Anna, Ben" in home.newest("Tom").text


async def test_only_those_who_were_reached_are_named(home: Family) -> None:
    await leave(home, "Anna")
    await home.say("Tom", "/newcert phone")
    assert "I have asked Ben." in home.newest("Tom").text


@pytest.mark.parametrize("ask", ["come in", "device"])
async def test_nobody_reached_is_said_and_the_cards_reach_whoever_comes_back(home: Family, ask: str) -> None:
    await leave(home, "Anna", "Ben")
    who = "Kim" if ask == "come in" else "Tom"
    if ask == "come in":
        await asks(home)
    else:
        await home.say("Tom", "/newcert phone")
    assert NOBODY in home.newest(who).text
    assert "tell them in person" in home.newest(who).text
    assert ASKED not in "\n".join(home.texts(who))
    asked = "asks to come in" if ask == "come in" else "asks for a certificate"
    home.phone("Ben").unblock()
    await home.settle()
    assert cards(home, "Ben", asked) == 1
    assert ASKED in home.newest(who).text
    assert NOBODY not in "\n".join(home.texts(who))
    await home.tap("Ben", "Let in" if ask == "come in" else "Approve")
    home.phone("Anna").unblock()
    await home.say("Anna", "/whoami")
    assert cards(home, "Anna", asked) == 0


async def test_found_out_only_by_writing(home: Family) -> None:
    """Nobody told the bot that they are gone: Telegram refuses the cards."""
    await home.say("Kim", "hello")
    home.world.telegram.fault(call="sendMessage", status=403, times=2)
    await home.tap("Kim", "Ask to come in")
    assert NOBODY in home.newest("Kim").text
    await home.say("Anna", "/whoami")
    assert cards(home, "Anna") == 1
    assert ASKED in home.newest("Kim").text


async def test_while_telegram_is_busy_it_is_under_way(home: Family) -> None:
    await home.say("Kim", "hello")
    home.world.telegram.fault(call="sendMessage", status=429, retry_after=60, times=2)
    await home.tap("Kim", "Ask to come in")
    await home.clock(seconds=11)
    assert UNDER_WAY in home.newest("Kim").text
    await home.clock(seconds=61)
    assert ASKED in home.newest("Kim").text
    assert cards(home, "Anna") == cards(home, "Ben") == 1


async def test_a_household_without_an_admin_who_can_act(home: Family) -> None:
    parts = home.bot.app.parts
    await report.report_all(parts, await home.person("Anna"), "", None)
    await report.report_all(parts, await home.person("Ben"), "", None)
    await home.settle()
    await asks(home)
    assert NOBODY in home.newest("Kim").text


async def test_who_is_unfrozen_or_made_an_admin_is_shown_what_waits(home: Family) -> None:
    parts = home.bot.app.parts
    await report.report_all(parts, await home.person("Anna"), "", None)
    await home.settle()
    await asks(home)
    assert cards(home, "Anna") == 0
    anna, ben, mia = [await home.person(who) for who in ("Anna", "Ben", "Mia")]
    await members.unfreeze(parts, ben, anna.public_id)
    await members.make_admin(parts, ben, mia.public_id, admin=True)
    await home.settle()
    assert cards(home, "Anna") == cards(home, "Mia") == cards(home, "Ben") == 1


async def test_a_report_too_reaches_the_admin_who_comes_back(home: Family) -> None:
    await home.device("Mia", "tablet")
    await leave(home, "Anna", "Ben")
    await home.say("Mia", "/lost tablet")
    home.phone("Anna").unblock()
    await home.settle()
    assert cards(home, "Anna", "Mia has lost a phone") == 1
    await home.say("Anna", "/whoami")
    assert cards(home, "Anna", "Mia has lost a phone") == 1


async def test_status_names_the_admins_who_cannot_be_written_to(home: Family) -> None:
    await home.say("Anna", "/status")
    assert "I cannot write to" not in home.newest("Anna").text
    await leave(home, "Ben")
    await home.say("Anna", "/status")
    assert "I cannot write to Ben: requests and reports" in home.newest("Anna").text


@pytest.mark.parametrize(("gone", "reached"), [((), 2), (("Ben",), 1), (("Anna", "Ben"), 0)])
async def test_the_metrics_count_the_admins_who_are_reached(home: Family, gone: tuple[str, ...], reached: int) -> None:
    await leave(home, *gone)
    assert (await vitals(home.bot.app.parts.store)).admins_reached == reached
