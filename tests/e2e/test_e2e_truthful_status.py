"""What Cloudflare refuses, takes its time for, or has changed by somebody else's hand: told as it is."""

from datetime import timedelta

import pytest

from tests.household import Household


async def test_ec_refused_once_rsa_from_then_on(home: Household) -> None:
    home.world.cloudflare.accept_ec = False
    await home.say("Anna", "/newcert pixel8")
    assert home.newest("Anna").document
    assert home.calls("POST") == 2
    await home.say("Anna", "/newcert tablet")
    assert home.calls("POST") == 3


async def test_a_full_zone_says_so(home: Household) -> None:
    for _ in range(100):
        home.world.cloudflare.issue_by_hand()
    await home.say("Anna", "/newcert pixel8")
    assert "100 of 100 certificates are in use" in home.newest("Anna").text


async def test_full_is_full_sooner_than_the_plan_says_and_no_other_kind_of_key_is_tried(home: Household) -> None:
    home.world.cloudflare.quota = 2
    for _ in range(2):
        home.world.cloudflare.issue_by_hand()
    await home.say("Anna", "/newcert pixel8")
    assert "2 of 2 certificates are in use" in home.newest("Anna").text
    assert home.calls("POST") == 1


async def test_an_enterprise_zone_holds_more_than_a_hundred(home: Household) -> None:
    home.world.cloudflare.plan, home.world.cloudflare.quota = "enterprise", 100_000
    for _ in range(100):
        home.world.cloudflare.issue_by_hand()
    # They are counted every half hour.
    await home.restart(after=timedelta(minutes=31))
    await home.say("Anna", "/newcert pixel8")
    assert home.newest("Anna").document
    async with home.bot.app.parts.store.read() as tx:
        assert (await tx.zones.of_name("example.com")).quota == 100_000


async def test_the_limit_says_so(home: Household) -> None:
    for number in range(5):
        await home.say("Anna", f"/newcert device{number}")
    await home.say("Anna", "/newcert one more")
    assert home.newest("Anna").text.startswith("You have 5 devices")


async def test_a_missing_right_says_which(home: Household) -> None:
    home.world.cloudflare.permissions.discard("ssl:edit")
    await home.say("Anna", "/newcert pixel8")
    assert "SSL and Certificates: Edit" in home.newest("Anna").text


async def test_a_revocation_that_takes_its_time_is_told_as_it_is(home: Household) -> None:
    await home.device("Anna", "pixel8")
    home.world.cloudflare.pending_seconds = 20
    await home.say("Anna", "/revoke pixel8")
    assert "has the order to revoke and is carrying it out" in home.newest("Anna").text
    for _ in range(6):
        await home.clock(seconds=5)
    assert "revoked at Cloudflare" in home.newest("Anna").text


async def test_cloudflare_does_not_take_it_back(home: Household) -> None:
    home.world.cloudflare.reactivate_revoked = False
    key = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    await home.tap("Anna", "Undo")
    assert "does not take pixel8 back" in home.newest("Anna").text
    assert await home.opens(key) == 403
    await home.tap("Anna", "Make it again")
    assert home.newest("Anna").document


@pytest.mark.parametrize(("revoked_before", "status_ignored"), [(0, False), (60, False), (60, True)])
async def test_a_certificate_given_back_by_hand_is_revoked_again_and_admins_are_told(
    home: Household, revoked_before: int, *, status_ignored: bool
) -> None:
    """In a household too that is so old that Cloudflare is asked for what is valid alone."""
    key = await home.device("Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    cloudflare = home.world.cloudflare
    for _ in range(revoked_before):
        cloudflare.revoke_by_hand(cloudflare.issue_by_hand().id)
    cloudflare.status_ignored = status_ignored
    cloudflare.reactivate_by_hand(cloudflare.certificates[0].id)
    assert await home.opens(key) == 200
    await home.clock(minutes=31)
    assert await home.opens(key) == 403
    for who in ("Anna", "Ben"):
        assert "was active again at Cloudflare, and not by me" in home.newest(who).text


async def test_an_expired_certificate_is_told_as_expired(home: Household) -> None:
    await home.device("Anna", "pixel8 1d")
    await home.tap("Anna", "It works")
    await home.clock(hours=25)
    assert "pixel8 – expired" in (await home.say("Anna", "/certs"))[0].text


async def test_cloudflare_asks_to_wait_five_minutes_with_a_revoke(home: Household) -> None:
    """Said as it is, tried then; and at once for whoever asks again: the waiting may be over sooner."""
    await home.device("Anna", "pixel8")
    home.world.cloudflare.fault(call="DELETE *", status=429, retry_after=300, times=2)
    await home.say("Anna", "/revoke pixel8")
    assert home.live() == ["pixel8"]
    assert not any("revoked at Cloudflare" in text for text in home.texts("Anna"))
    await home.clock(seconds=290)
    assert home.calls("DELETE") == 1
    await home.clock(seconds=11)
    assert home.calls("DELETE") == 2
    await home.say("Anna", "/revoke pixel8")
    assert home.live() == []
    assert any("revoked at Cloudflare" in text for text in home.texts("Anna"))
