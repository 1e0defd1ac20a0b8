"""/status: each thing that may be wrong, seen and mended; and certificates that nobody ordered here."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.chat.callback_data import CallbackAction, CallbackData, encode
from bot.model.protection.zone_settings import ZoneSetting
from bot.services.operator import lock_and_certificates
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, certificate, fingerprint, household, locked, our_rule


@pytest.fixture
async def shut(tmp_path: Path) -> AsyncIterator[Household]:
    """``ha`` and ``photos`` are locked and proven, HTTP/3 is off: nothing is wrong."""
    async with locked(tmp_path) as home:
        home.world.cloudflare.set_by_hand("http3", "off")
        await home.say("Anna", "/prove")
        await home.clock(seconds=4)
        yield home


async def status(home: Household, who: str = "Anna") -> str:
    await home.say(who, "/status")
    return home.newest(who).text


def buttons(home: Household, who: str = "Anna") -> list[str]:
    return [button.text for row in home.newest(who).rows for button in row]


async def test_all_is_well(shut: Household) -> None:
    said = await status(shut)
    assert said.startswith("🟢 All is well.")
    assert "🟡" not in said
    assert "🔴" not in said
    assert buttons(shut) == ["Look again", "A way around?"]


async def test_one_message_that_changes_in_place(shut: Household) -> None:
    await status(shut)
    shown = shut.newest("Anna").message_id
    shut.world.cloudflare.set_by_hand("0rtt", "on")
    await shut.tap("Anna", "Look again")
    assert "0-RTT is on" in shut.newest("Anna").text
    await shut.tap("Anna", "Turn 0-RTT off")
    assert shut.newest("Anna").text.startswith("🟢 All is well.")
    assert shut.newest("Anna").message_id == shown
    assert shut.world.cloudflare.zone.settings["0rtt"] == "off"


@pytest.mark.parametrize("what", ["http3", "0rtt"])
async def test_a_setting_without_the_right_is_said_and_changes_nothing(shut: Household, what: str) -> None:
    cloudflare = shut.world.cloudflare
    cloudflare.set_by_hand(what, "on")
    await status(shut)
    cloudflare.permissions = cloudflare.permissions - {"settings:edit"} | {"settings:read"}
    await shut.tap("Anna", "Turn HTTP/3 off" if what == "http3" else "Turn 0-RTT off")
    assert "I may not change that: the Cloudflare token lacks “Zone: Zone Settings: Edit”" in shut.newest("Anna").text
    assert cloudflare.zone.settings[what] == "on"
    cloudflare.permissions = cloudflare.permissions - {"settings:read"}
    said = await status(shut)
    assert "I may not see whether HTTP/3 is on" in said
    assert "Open the token's page" in buttons(shut)


@pytest.mark.parametrize(
    ("right", "named"), [("waf:edit", "Zone: Zone WAF: Edit"), ("ssl:edit", "SSL and Certificates")]
)
async def test_a_missing_right_is_named(shut: Household, right: str, named: str) -> None:
    cloudflare = shut.world.cloudflare
    cloudflare.permissions = cloudflare.permissions - {right} | {right.replace("edit", "read")}
    said = await status(shut)
    assert said.startswith("🔴")
    assert named in said
    assert "Open the token's page" in buttons(shut)


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"enabled": False}, "My rule is switched off"),
        ({"expression": 'http.host eq "ha.example.com"'}, "Somebody edited my rule"),
    ],
)
async def test_the_rule_is_put_back(shut: Household, change: dict[str, object], line: str) -> None:
    before = our_rule(shut)["expression"].partition("/.well-known")[0]
    shut.world.cloudflare.edit_rule_by_hand(our_rule(shut)["id"], **change)
    said = await status(shut)
    assert said.startswith("🔴")
    assert line in said
    await shut.tap("Anna", "Put the rule back")
    await shut.clock(seconds=3)
    assert shut.newest("Anna").text.startswith("🟢 All is well.")
    assert our_rule(shut)["enabled"]
    assert our_rule(shut)["expression"].startswith(before)


async def test_a_deleted_rule_and_a_host_that_is_not_asked(shut: Household) -> None:
    shut.world.cloudflare.delete_rule_by_hand(our_rule(shut)["id"])
    shut.world.cloudflare.dissociate_by_hand(PHOTOS_HOST)
    said = await status(shut)
    assert "My rule is gone: everybody gets in." in said
    assert f"does not ask for a certificate at {PHOTOS_HOST}" in said
    assert buttons(shut).count("Put the rule back") == 1
    await shut.tap("Anna", "Put the rule back")
    await shut.clock(seconds=3)
    assert shut.newest("Anna").text.startswith("🟢 All is well.")


async def test_a_foreign_skip_above(shut: Household) -> None:
    cloudflare = shut.world.cloudflare
    cloudflare.add_rule(
        'http.host eq "ha.example.com"',
        action="skip",
        action_parameters={"ruleset": "current"},
        description="all <in>",
        first=True,
    )
    said = await status(shut)
    assert "A rule above mine lets some requests past it: all <in>." in said
    await shut.tap("Anna", "Put the rule back")
    await shut.clock(seconds=3)
    assert cloudflare.rules[0]["ref"] == "latchkey-block"
    assert shut.newest("Anna").text.startswith("🟢")


async def test_unlocked_on_the_server_is_locked_again(shut: Household) -> None:
    await lock_and_certificates.set_lock(shut.bot.app.parts, (), locked=False)
    await shut.settle()
    assert "Unlocked on purpose, on the server: everybody gets in everywhere." in await status(shut)
    await shut.tap("Anna", "Lock again")
    await shut.clock(seconds=3)
    assert shut.newest("Anna").text.startswith("🟢")
    await status(shut)
    assert our_rule(shut)["enabled"]


async def test_cloudflare_does_not_answer(shut: Household) -> None:
    shut.world.cloudflare.fault(call="GET *", status=500, times=0)
    said = await status(shut)
    assert said.startswith("🔴")
    assert "Cloudflare does not answer as it should" in said
    shut.world.end_trouble()
    await shut.tap("Anna", "Look again")
    assert shut.newest("Anna").text.startswith("🟢")


async def test_other_zones_one_admin_and_nothing_locked(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        home.world.cloudflare.other_zones = ["example.org"]
        said = await status(home)
        assert "No host is locked yet." in said
        assert "Certificates of your account's other zones open this home too. I see: example.org." in said
        assert "HTTP/3 is on" in said
        await home.tap("Anna", "Lock a host")
        assert "Which one shall only open with a certificate?" in home.newest("Anna").text


async def test_few_slots(shut: Household) -> None:
    for _ in range(90):
        shut.world.cloudflare.issue_by_hand("many")
    said = await status(shut)
    assert "of 100 certificates are in use: little room for new ones." in said
    await shut.tap("Anna", "Show all devices")
    assert shut.newest("Anna").text.startswith(("Everybody's devices", "No devices yet"))


async def test_what_ends_soon(shut: Household) -> None:
    await shut.say("Anna", "/newcert pixel8 20d")
    await shut.tap("Anna", "Password")
    await shut.tap("Anna", "It works")
    said = await status(shut)
    assert "Ends within 30 days: Anna/pixel8 (" in said
    await shut.tap("Anna", "Anna/pixel8")
    assert "Revoke" in buttons(shut)
    assert shut.newest("Anna").text.startswith("🟢 pixel8")
    # While it is renewed there are two; the one that is replaced is no news.
    await shut.tap("Anna", "Renew")
    assert (await status(shut)).count("Anna/pixel8 (") == 1


async def test_the_bots_own_certificates_and_one_on_its_way_are_not_unknown(shut: Household) -> None:
    await shut.say("Anna", "/newcert pixel8")
    assert [one.common_name for one in shut.world.cloudflare.certificates if one.status == "active"].count(
        "Latchkey probe"
    )
    assert "not made by me" not in await status(shut)


async def test_one_that_is_just_being_signed_is_known_by_its_key(shut: Household) -> None:
    await shut.say("Ben", "/whoami")
    shut.world.cloudflare.fault(call="POST */client_certificates", when="after", hold=True)
    await shut.say("Anna", "/newcert pixel8")
    assert "pixel8" in shut.live()
    assert "not made by me" not in await status(shut, "Ben")
    shut.world.end_trouble()
    await shut.settle()


async def test_an_unknown_certificate_is_given_an_owner(shut: Household) -> None:
    await shut.say("Kim", "hello")
    await shut.tap("Kim", "Ask to come in")
    await shut.tap("Anna", "Let in")
    shut.world.cloudflare.issue_by_hand("nas")
    shut.world.cloudflare.issue_by_hand("Pixel 8 von Oma!")
    assert "Valid at Cloudflare and not made by me: " in await status(shut)
    await shut.tap("Anna", "Look at them")
    first = "nas" if "nas is valid" in shut.newest("Anna").text else "Pixel 8 von Oma!"
    await shut.tap("Anna", "Kim")
    assert shut.newest("Anna").text.startswith(f"{first} belongs to Kim now.")
    await shut.tap("Anna", "Next one")
    assert "(1 of 1)" in shut.newest("Anna").text
    await shut.tap("Anna", "Kim")
    assert "Next one" not in buttons(shut)
    listed = await shut.say("Kim", "/devices")
    assert "nas" in listed[0].text
    assert "Pixel 8 von Oma" in listed[0].text
    assert "not made by me" not in await status(shut)
    # From now on it is one like any other.
    await shut.say("Anna", "/revoke Kim/nas")
    await shut.clock(seconds=5)
    assert certificate(shut, "nas").status != "active"
    assert fingerprint(shut, "nas") in our_rule(shut)["expression"]
    async with shut.bot.app.parts.store.read() as tx:
        assert await tx.audit.first_broken() is None


async def test_an_unknown_certificate_is_revoked_at_cloudflare_and_by_the_rule(shut: Household) -> None:
    shut.world.cloudflare.issue_by_hand("nas")
    await status(shut)
    await shut.tap("Anna", "Look at it")
    await shut.tap("Anna", "Nobody's: revoke it")
    await shut.clock(seconds=5)
    assert certificate(shut, "nas").status in {"revoked", "pending_revocation"}
    assert fingerprint(shut, "nas") in our_rule(shut)["expression"]
    assert "revoked at Cloudflare" in shut.newest("Anna").text
    assert "Undo" not in buttons(shut)


async def test_two_admins_give_it_to_two_people(shut: Household) -> None:
    shut.world.cloudflare.issue_by_hand("nas")
    await shut.say("Ben", "/whoami")
    for who in ("Anna", "Ben"):
        await status(shut, who)
        await shut.tap(who, "Look at it")
    await shut.tap("Anna", "Anna")
    await shut.tap("Ben", "Ben")
    assert shut.newest("Anna").text.startswith("nas belongs to Anna now.")
    assert shut.newest("Ben").text.startswith("Nothing was changed")
    assert [name for name in shut.live() if name == "nas"] == ["nas"]


async def test_ours_that_somebody_revoked_at_cloudflare(shut: Household) -> None:
    await shut.say("Anna", "/newcert pixel8")
    await shut.tap("Anna", "Password")
    await shut.tap("Anna", "It works")
    await shut.clock(minutes=6)
    shut.world.cloudflare.revoke_by_hand(certificate(shut).id)
    said = await status(shut)
    assert "Made by me, and not valid at Cloudflare any more: Anna/pixel8." in said
    await shut.tap("Anna", "Anna/pixel8")
    await shut.tap("Anna", "Revoke")
    await shut.clock(seconds=5)
    assert "not valid at Cloudflare any more" not in await status(shut)


@pytest.mark.parametrize(
    "callback",
    [
        CallbackData(CallbackAction.MEND, arg="everything"),
        CallbackData(CallbackAction.MEND, arg="lock"),
        CallbackData(CallbackAction.COMMAND, arg="unprotect"),
        CallbackData(CallbackAction.ADOPT, "abcd1234", "no-such-certificate"),
        CallbackData(CallbackAction.REVOKE_UNKNOWN),
    ],
)
async def test_forged_presses_change_nothing(shut: Household, callback: CallbackData) -> None:
    await status(shut)
    before = [dict(rule) for rule in shut.world.cloudflare.rules]
    await shut.press("Anna", encode(callback))
    assert [dict(rule) for rule in shut.world.cloudflare.rules] == before
    assert HA_HOST in before[0]["expression"]


async def test_a_setting_is_read_as_told(shut: Household) -> None:
    edge = shut.bot.app.parts.edge
    shut.world.cloudflare.zone.settings["http3"] = "odd"
    assert (await edge.setting(ZoneSetting.HTTP3)).value == "not-told"
