"""Certificates that end: reminded in time, renewed without a second yes, the old one in use until the new one works."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.chat.messages.certificates import renewal
from bot.services.notifications import weekly_digest
from sandbox.telegram.formatting import formatted
from tests.chat.notice_examples import VOICE
from tests.family import Family, family
from tests.locked_household import HA_HOST, locked

DAYS = 60


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Family]:
    """Tom, a member, has a key on his phone that says it works and ends in 60 days; it is noon."""
    async with family(tmp_path, validity_days=DAYS) as home:
        now = home.world.clock.now()
        noon = datetime(now.year, now.month, now.day, 12, tzinfo=UTC) + timedelta(days=1)
        home.world.clock.plus(noon - now)
        await home.settle()
        await home.say("Tom", "/newcert tom-phone")
        await home.tap("Anna", "Approve")
        await home.tap("Tom", "Get it now")
        await home.gets("Tom")
        await works(home, "Tom")
        yield home


async def works(home: Family, who: str) -> None:
    await home.tap(who, "Password")
    await home.tap(who, "It works")


def names(home: Family) -> list[str]:
    return [one.common_name for one in home.world.cloudflare.certificates if one.status == "active"]


async def days(home: Family, count: float) -> list[str]:
    """Time goes by; what Tom read meanwhile."""
    before = len(home.phone("Tom").events)
    await home.clock(days=count)
    return [event.text for event in home.phone("Tom").events[before:] if event.kind == "new"]


async def test_reminded_at_30_7_and_1_days_and_once_it_has_ended(home: Family) -> None:
    assert await days(home, 29) == []
    said = await days(home, 1.1)
    assert [text.split(" ends")[0] for text in said] == ["The key of tom-phone"]
    assert await days(home, 1) == []
    assert len(await days(home, 22)) == 1
    assert await days(home, 1) == []
    assert len(await days(home, 5)) == 1
    ended = await days(home, 1)
    assert [text for text in ended if text.startswith("The key of tom-phone has ended")] == ended
    assert len(ended) == 1
    assert await days(home, 1) == []


async def test_never_at_night(home: Family) -> None:
    await home.clock(hours=9)
    assert await days(home, 30) == []
    assert len(await days(home, 0.5)) == 1


async def test_civil_hours_are_those_of_the_household(tmp_path: Path) -> None:
    async with family(tmp_path, validity_days=DAYS, timezone="Pacific/Auckland") as far:
        now = far.world.clock.now()
        await far.clock(seconds=(now.replace(hour=12, minute=0) + timedelta(days=1) - now).total_seconds())
        await far.say("Anna", "/newcert pixel8")
        await works(far, "Anna")
        # Noon in Europe is one in the morning there.
        await far.clock(days=30.1)
        assert "ends" not in far.newest("Anna").text
        await far.clock(days=0.5)
        assert far.newest("Anna").text.startswith("The certificate of pixel8 ends")


async def test_one_that_has_ended_is_renewed_as_well(home: Family) -> None:
    await days(home, DAYS + 0.1)
    await home.tap("Tom", "Renew, I have it here")
    await works(home, "Tom")
    async with home.bot.app.parts.store.read() as tx:
        states = [str(one.state) for one in await tx.certificates.all_of((await home.person("Tom")).id)]
    assert states == ["expired", "active"]
    assert [one for one in await days(home, 10) if "has ended" in one] == []


async def test_a_member_renews_without_a_second_yes_and_the_old_one_goes_when_the_new_one_works(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    assert names(home) == ["tom-phone", "tom-phone"]
    assert home.newest("Anna").text.startswith("Tom made a certificate for tom-phone.")
    await home.tap("Tom", "Password")
    assert names(home) == ["tom-phone", "tom-phone"]
    await home.tap("Tom", "It works")
    await home.clock(seconds=5)
    assert names(home) == ["tom-phone"]
    assert "The key it had before ends now" in home.newest("Tom").text
    # It is not asked about again.
    assert [text for text in await days(home, 25) if "ends" in text.split(".")[0] and "tom-phone" in text] == []


async def test_the_list_of_devices_shows_both_until_the_new_one_works(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    (event,) = await home.say("Tom", "/certs")
    assert "Your devices: 1" in event.text
    assert "🟢 tom-phone – valid until" in event.text
    assert "🟢 tom-phone, the old one – until the new one works, " in event.text
    await home.tap("Tom", "🟢 tom-phone, the old one")
    assert "Said to work: " in home.newest("Tom").text
    assert "Serial" not in home.newest("Tom").text
    await works(home, "Tom")
    await home.clock(seconds=5)
    (event,) = await home.say("Tom", "/certs")
    assert "the old one" not in event.text


async def test_the_list_of_devices_shows_an_old_one_that_works_beside_a_new_one_that_was_taken_back(
    home: Family,
) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    await home.clock(hours=25)
    (event,) = await home.say("Tom", "/certs")
    assert "🔴 tom-phone – " in event.text
    assert "🟢 tom-phone, the old one – valid until" in event.text


async def test_a_renewal_that_nobody_opens_leaves_the_old_one_in_use(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    await home.clock(hours=25)
    await home.clock(seconds=10)
    async with home.bot.app.parts.store.read() as tx:
        (owned,) = {one.device.id for one in (await tx.certificates.all_of((await home.person("Tom")).id))}
        states = [str(one.state) for one in await tx.certificates.all_of((await home.person("Tom")).id)]
    assert owned
    assert states == ["active", "revoked"]
    assert names(home) == ["tom-phone"]
    assert "tom-phone still gets in with the old one." in home.newest("Tom").text
    assert "certificate" not in home.newest("Tom").text
    await home.tap("Tom", "Make it again")
    await works(home, "Tom")
    await home.clock(seconds=5)
    assert names(home) == ["tom-phone"]


async def test_revoking_the_device_meanwhile_takes_both(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    await home.say("Tom", "/revoke tom-phone")
    await home.clock(seconds=10)
    assert names(home) == []


async def test_losing_the_device_meanwhile_takes_both(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    await home.say("Tom", "/lost tom-phone")
    await home.clock(seconds=10)
    assert names(home) == []


async def test_renewing_counts_as_one_device(home: Family) -> None:
    home.bot.app.parts.policy.__dict__["device_limit"] = 1
    await days(home, 31)
    await home.tap("Tom", "Renew, I have it here")
    assert names(home) == ["tom-phone", "tom-phone"]


async def test_not_any_more(home: Family) -> None:
    await days(home, 31)
    await home.tap("Tom", "I don't have it any more")
    await home.clock(seconds=5)
    assert names(home) == []


async def test_remind_me_later(home: Family) -> None:
    await days(home, 31)
    button = next(b.text for row in home.newest("Tom").rows for b in row if b.text.startswith("Remind me on"))
    await home.tap("Tom", button)
    assert home.newest("Tom").text.startswith("I will remind you of tom-phone")
    assert await days(home, 10) == []
    assert len(await days(home, 5)) == 1


async def test_the_day_on_the_button_is_the_day_however_late_it_is_tapped(home: Family) -> None:
    await days(home, 31)
    button = next(b.text for row in home.newest("Tom").rows for b in row if b.text.startswith("Remind me on"))
    await days(home, 3)
    await home.tap("Tom", button)
    assert f"I will remind you of tom-phone {button.removeprefix('Remind me on ')} 20" in home.newest("Tom").text


@pytest.mark.parametrize("arg", ["0", "14", "x", "", "2099-01-01", "9999-12-31"])
async def test_a_forged_reminder(home: Family, arg: str) -> None:
    await days(home, 31)
    subject = home.callback("Tom", "Renew, I have it here").split(":")[2]
    await home.press("Tom", encode(CallbackData(CallbackAction.REMIND_ON, subject, arg)))
    assert "I will remind" not in home.newest("Tom").text


async def test_renewing_too_early_twice_or_somebody_elses_does_nothing(home: Family) -> None:
    async with home.bot.app.parts.store.read() as tx:
        (only,) = await tx.certificates.all_of((await home.person("Tom")).id)
    press = encode(CallbackData(CallbackAction.RENEW, only.public_id))
    await home.press("Tom", press)
    assert names(home) == ["tom-phone"]
    await days(home, 31)
    await home.press("Mia", press)
    await home.press("Anna", press)
    assert names(home) == ["tom-phone"]
    await home.press("Tom", press)
    await home.press("Tom", press)
    assert names(home) == ["tom-phone", "tom-phone"]


def digests(home: Family, who: str) -> list[str]:
    return [m.text for m in home.phone(who).chat if m.from_bot and m.text.startswith("The week at Latchkey")]


async def test_the_weekly_digest_comes_on_monday_morning_to_admins_alone(tmp_path: Path) -> None:
    async with family(tmp_path, digest="weekly", validity_days=DAYS) as weekly:
        await weekly.say("Anna", "/newcert pixel8")
        await works(weekly, "Anna")
        now = weekly.world.clock.now()
        await weekly.clock(seconds=(now.replace(hour=12, minute=0) + timedelta(days=1) - now).total_seconds())
        for _ in range(7):
            await weekly.clock(days=1)
        # Eight noons, of which one or two are Mondays'.
        assert len(digests(weekly, "Anna")) == len(digests(weekly, "Ben")) in {1, 2}
        assert not digests(weekly, "Tom")
        # Nothing is locked here, so nothing is called proven.
        assert "My rule locks nothing yet: /protect" in digests(weekly, "Anna")[0]
        assert "every host is proven" not in digests(weekly, "Anna")[0]
        assert "The record: " in digests(weekly, "Anna")[0]
        before = len(digests(weekly, "Anna"))
        for _ in range(35):
            await weekly.clock(days=1)
        assert len(digests(weekly, "Anna")) == before + 5
        assert "Anna/pixel8 – " in digests(weekly, "Anna")[-1]


async def test_the_digest_of_a_home_that_is_locked_and_of_one_whose_lock_is_not_proven(tmp_path: Path) -> None:
    async with locked(tmp_path, HA_HOST) as home:
        async with home.bot.app.parts.store.read() as tx:
            quiet = await weekly_digest.read(tx, home.bot.app.parts.policy.zone)
        assert "every host is proven" in renewal.digest(quiet, VOICE).html
        assert (quiet.locked, quiet.unproven) == (1, ())
        await home.say("Ben", "/whoami")
        home.phone("Ben").block()
        home.world.cloudflare.add_rule(
            f'http.host eq "{HA_HOST}"', action="skip", action_parameters={"ruleset": "current"}, first=True
        )
        await home.say("Anna", "/prove")
        async with home.bot.app.parts.store.read() as tx:
            loud = await weekly_digest.read(tx, home.bot.app.parts.policy.zone)
        assert (loud.unproven, loud.unreachable) == ((HA_HOST,), ("Ben",))
        said = formatted(str(renewal.digest(loud, VOICE).html), "HTML").text
        assert f"Not proven: {HA_HOST}. /prove tries it now." in said
        assert "I cannot write to: Ben." in said


async def test_a_person_has_a_time_zone_of_their_own(home: Family) -> None:
    await home.say("Tom", "/timezone auckland")
    assert "Pacific/Auckland" in home.newest("Tom").text
    await home.say("Tom", "/timezone Nowhere at all")
    assert "I do not know that place" in home.newest("Tom").text
    await home.say("Tom", "/timezone san")
    assert "Which of these?" in home.newest("Tom").text
    await home.say("Tom", "/timezone")
    assert "Pacific/Auckland" in home.newest("Tom").text
    # Noon in Europe is one in the morning there.
    assert await days(home, 30.1) == []
    assert len(await days(home, 0.5)) == 1
