"""Another name for the same service: asked without a certificate by /prove and /protect, found, and locked by a tap."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.test_e2e_prove import proven
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, household, locked

PHOTOS2, ANY = "photos2.example.com", "*.example.com"
ALARM = "got in where nobody should"
LEADS = "leads to the same service without a certificate: the service answered (200)."


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        await home.clock(minutes=6)
        yield home


def asked(home: Household) -> set[str]:
    """The names that were asked since the edge's calls were cleared."""
    return {call.label.removeprefix("GET ").removesuffix("/") for call in home.world.edge.calls if "GET" in call.label}


def alarms(home: Household, who: str = "Ben") -> list[str]:
    return [text for text in home.texts(who) if ALARM in text]


def buttons(home: Household, who: str = "Anna") -> list[str]:
    return [button.text for row in home.newest(who).rows for button in row]


async def test_a_second_name_is_found_told_and_locked_by_a_tap(home: Household) -> None:
    assert (await proven(home)).startswith("🟢 Locked.")
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    assert await home.opens(None, f"https://{PHOTOS2}/") == 200
    said = await proven(home)
    assert said.startswith("🔴 There is a way past the lock.")
    assert f"🔴 {PHOTOS_HOST}\n• {PHOTOS2} {LEADS} /protect {PHOTOS2} locks it too." in said
    assert f"🟢 {HA_HOST}: turned away without a certificate" in said
    assert buttons(home) == [f"Lock {PHOTOS2}", "Try again"], "Put back would mend nothing"
    assert len(alarms(home)) == 1
    assert len(alarms(home, "Anna")) == 0, "she has read it"
    await home.tap("Anna", f"Lock {PHOTOS2}")
    await home.tap("Anna", "Lock it now")
    await home.clock(seconds=5)
    assert await home.opens(None, f"https://{PHOTOS2}/") == 403
    assert (await proven(home)).startswith("🟢 Locked.")
    assert len(alarms(home)) == 1


async def test_below_a_wildcard_another_name_each_time_and_told_once(home: Household) -> None:
    home.world.cloudflare.add_name(ANY, like=HA_HOST)
    names = set()
    for _ in range(2):
        home.world.edge.calls.clear()
        said = await proven(home)
        assert f"🔴 {HA_HOST}\n• Any name under {ANY} {LEADS} Delete that record at Cloudflare (DNS)" in said
        (name,) = (one for one in asked(home) if one.startswith("latchkey-"))
        names.add(name)
    assert len(names) == 2
    assert buttons(home) == ["Try again"]
    assert len(alarms(home)) == 1


async def test_an_origin_that_does_not_look_at_the_name_answers_at_the_apex_too(home: Household) -> None:
    home.world.cloudflare.zone.services |= {"example.com": HA_HOST, "www.example.com": HA_HOST}
    home.world.cloudflare.zone.save()
    said = await proven(home)
    assert f"• example.com {LEADS} I cannot lock that name" in said
    assert f"• www.example.com {LEADS} /protect www.example.com locks it too." in said
    assert buttons(home) == ["Lock www.example.com", "Try again"]


async def test_protect_says_it_instead_of_proven(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
        await home.say("Anna", f"/protect {HA_HOST} {PHOTOS_HOST}")
        await home.tap("Anna", "Lock it now")
        await home.clock(seconds=5)
        said = next(text for text in reversed(home.texts("Anna")) if HA_HOST in text and ALARM not in text)
        assert said.startswith(f"🔴 {PHOTOS_HOST}\n• {PHOTOS2} {LEADS}")
        assert "The host itself is locked, but the same service is open by another name." in said
        assert "Not locked" not in said
        assert f"🟢 {HA_HOST}: locked, and proven." in said
        assert f"{PHOTOS_HOST}: locked" not in said
        assert len(alarms(home)) == 1


async def test_both_hosts_and_other_services_are_no_other_names(home: Household) -> None:
    home.world.edge.calls.clear()
    said = await proven(home)
    assert said.startswith("🟢 Locked.")
    assert "And at 2 other names of your zone, without a certificate" in said
    assert asked(home) == {HA_HOST, PHOTOS_HOST, "example.com", "www.example.com"}


async def test_a_name_that_turns_everybody_away_is_closed(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    home.world.cloudflare.add_rule(f'http.host eq "{PHOTOS2}"')
    said = await proven(home)
    assert said.startswith("🟢 Locked.")
    assert "I could not tell" not in said


@pytest.mark.parametrize("trouble", [{"status": 502}, {"drop": True}, {"status": 404}])
async def test_what_cannot_be_told_is_said_and_no_alarm(home: Household, trouble: dict[str, object]) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    home.world.edge.fault(call=f"GET {PHOTOS2}/", times=0, **trouble)
    if trouble.get("status") == 404:
        # What is not there looks alike everywhere.
        home.world.edge.fault(call=f"GET {PHOTOS_HOST}/", times=0, **trouble)
    said = await proven(home)
    assert f"What is behind {PHOTOS2} I could not tell." in said
    assert "leads to the same service" not in said


async def test_redirects_are_followed_where_both_lead_on_alike(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    home.world.cloudflare.add_name("wiki.example.com", like="wiki.example.com")
    for number, name in enumerate((HA_HOST, PHOTOS_HOST, PHOTOS2, "wiki.example.com")):
        home.world.edge.redirects[name] = "/login" if number else "/start"
    said = await proven(home)
    assert f"• {PHOTOS2} {LEADS.replace('200', '302')}" in said
    assert "wiki.example.com" not in said, "it leads to /login as well, and there is something else"


async def test_no_more_than_twelve_and_the_rest_is_counted(home: Household) -> None:
    for number in range(15):
        home.world.cloudflare.add_name(f"n{number:02}.example.com", like=f"n{number:02}.example.com")
    home.world.edge.calls.clear()
    said = await proven(home)
    assert "And at 12 other names of your zone" in said
    assert "5 more names were not asked." in said
    assert len(asked(home)) == 12 + 2


async def test_names_that_nobody_can_ask_are_named(home: Household) -> None:
    home.world.cloudflare.add_name("a.b.example.com", like=HA_HOST)
    said = await proven(home)
    assert "Not asked, for Cloudflare's certificate does not cover it: a.b.example.com." in said


async def test_without_the_right_it_says_that_it_does_not_know(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    home.world.cloudflare.permissions.remove("dns:read")
    home.world.edge.calls.clear()
    said = await proven(home)
    assert said.startswith("🟢 Locked.")
    assert "Whether another name leads to the same service I do not know" in said
    assert asked(home) == {HA_HOST, PHOTOS_HOST}


async def test_locked_down_there_is_nothing_to_compare_with(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    await home.say("Anna", "/lockdown")
    await home.tap("Anna", "Block everything")
    await home.clock(seconds=5)
    home.world.edge.calls.clear()
    said = await proven(home)
    assert PHOTOS2 not in said
    assert asked(home) == {HA_HOST, PHOTOS_HOST}


async def test_every_day_by_itself(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    await home.clock(days=1, minutes=1)
    assert len(alarms(home, "Anna")) == len(alarms(home)) == 1
    assert f"/protect {PHOTOS2} locks it too." in alarms(home)[0]
    assert alarms(home)[0].endswith("The hosts themselves are locked. Close that way, then try again.")
    await home.clock(days=1, minutes=1)
    assert len(alarms(home)) == 1
    await home.say("Anna", "/status")
    assert "When the lock was last tried, somebody got in who must not." in home.newest("Anna").text


async def test_what_devices_see_is_kept_nowhere(home: Household) -> None:
    home.world.cloudflare.add_name(PHOTOS2, like=PHOTOS_HOST)
    await proven(home)
    files = [file for file in home.world.directory.rglob("latchkey.sqlite3*") if file.is_file()]
    assert files
    assert not any(b"csrf-token" in file.read_bytes() for file in files)
