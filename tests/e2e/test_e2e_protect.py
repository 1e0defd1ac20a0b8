"""Locking and opening hosts from the chat, and the lockdown, over real HTTP and TLS."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, household, locked, our_rule

HA, PHOTOS = "https://ha.example.com/", "https://photos.example.com/"
GONE = "That button has had its day"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with household(tmp_path) as home:
        yield home


def says(home: Household, who: str, words: str) -> bool:
    return any(words in text for text in home.texts(who))


async def works(home: Household) -> tuple[bytes, str]:
    """A device of Anna's that is known to work."""
    key = await home.device("Anna", "pixel8")
    await home.tap("Anna", "It works")
    return key


async def test_associated_but_not_in_the_rule_is_open_until_protected(home: Household) -> None:
    home.world.cloudflare.associate_by_hand(HA_HOST)
    key = await works(home)
    assert await home.opens(None) == 200
    await home.say("Anna", f"/protect {HA_HOST}")
    await home.clock(seconds=10)
    assert (await home.opens(None), await home.opens(key)) == (403, 200)
    assert says(home, "Anna", f"🟢 {HA_HOST}: locked, and proven.")


async def test_in_the_rule_but_not_associated_turns_everybody_away_and_is_put_back(home: Household) -> None:
    key = await works(home)
    await home.say("Anna", f"/protect {HA_HOST}")
    home.world.cloudflare.dissociate_by_hand(HA_HOST)
    assert await home.opens(key) == 403
    await home.clock(minutes=6)
    await home.tap("Ben", "Put back")
    assert (await home.opens(None), await home.opens(key)) == (403, 200)


async def test_without_a_working_device_it_takes_a_second_tap_of_the_same_admin(home: Household) -> None:
    await home.say("Ben", "/whoami")
    await home.say("Anna", f"/protect {HA_HOST}")
    assert not home.world.cloudflare.rules
    data = home.callback("Anna", "Lock it now")
    assert any(GONE in event.text for event in await home.press("Ben", data))
    assert not home.world.cloudflare.rules
    await home.tap("Anna", "Lock it now")
    await home.clock(seconds=10)
    assert await home.opens(None) == 403
    assert home.newest("Anna").text.startswith(f"🟢 {HA_HOST}: locked, and proven.")
    assert any(GONE in event.text for event in await home.press("Anna", data))


async def test_a_second_tap_has_its_day(home: Household) -> None:
    await home.say("Anna", f"/protect {HA_HOST}")
    data = home.callback("Anna", "Lock it now")
    await home.clock(minutes=11)
    assert any(GONE in event.text for event in await home.press("Anna", data))
    assert not home.world.cloudflare.rules


async def test_without_the_right_to_read_names_one_is_typed(home: Household) -> None:
    home.world.cloudflare.permissions.discard("dns:read")
    await works(home)
    await home.say("Anna", "/protect")
    assert "Zone: DNS: Read" in home.newest("Anna").text
    await home.say("Anna", "new")
    assert "is no host name" in home.newest("Anna").text
    await home.say("Anna", f"{HA_HOST}, {PHOTOS_HOST}")
    assert home.world.cloudflare.hosts == [HA_HOST, PHOTOS_HOST]
    await home.say("Anna", HA_HOST)
    assert "I understand commands and buttons" in home.newest("Anna").text


async def test_a_wildcard_record_covers_its_names(home: Household) -> None:
    (like, *_) = home.world.cloudflare.dns_records
    home.world.cloudflare.dns_records.append({**like, "name": "*.example.com"})
    await works(home)
    await home.say("Anna", "/protect new.example.com")
    assert home.world.cloudflare.hosts == ["new.example.com"]


async def test_late_words_are_said_in_the_same_message(home: Household) -> None:
    await works(home)
    home.world.cloudflare.fault(call="POST */rulesets", status=500)
    await home.say("Anna", f"/protect {HA_HOST}")
    assert "not locked yet" in home.newest("Anna").text
    said = len(home.texts("Anna"))
    await home.clock(minutes=1)
    await home.clock(seconds=10)
    assert "locked, and proven" in home.newest("Anna").text
    assert len(home.texts("Anna")) == said


async def test_a_lockdown_is_never_tried_first_and_stops_what_is_being_made(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        await home.say("Anna", f"/openpath {HA}hook 1h")
        home.world.cloudflare.fault(call="POST */client_certificates", status=429, retry_after=60)
        await home.say("Anna", "/newcert pixel8")
        before = len(home.world.cloudflare.calls)
        await home.say("Ben", "/lockdown")
        await home.tap("Ben", "Block everything")
        calls = home.world.cloudflare.calls[before:]
        assert not [call for call in calls if call.sent.get("dry_run")]
        assert await home.opens(None, HA + "hook") == 403
        await home.clock(minutes=2)
        assert "pixel8" not in home.live()
        assert says(home, "Anna", "Everything is locked down, so I did not make the certificate for pixel8")


async def test_a_lockdown_killed_on_the_way_goes_on_and_ends(tmp_path: Path) -> None:
    async with locked(tmp_path) as home:
        key = await home.device("Anna", "pixel8")
        await home.tap("Anna", "It works")
        await home.say("Anna", "/lockdown")
        home.world.cloudflare.fault(call="PATCH */rules/*", hold=True)
        await home.tap("Anna", "Block everything")
        await home.restart()
        assert await home.opens(key) == 403
        await home.tap("Ben", "End the lockdown")
        assert (await home.opens(None), await home.opens(key)) == (403, 200)
        assert "cert_verified" in our_rule(home)["expression"]
        assert says(home, "Anna", "The lockdown is over: Ben ended it.")
