"""The lock without Telegram: each command as a process of its own, beside a running bot and without one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.model.notices import TakenByAnother
from bot.services.notifications.enqueue import enqueue_for_owner
from tests.e2e.test_e2e_process import Process
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, locked, our_rule

PROBE = "Latchkey probe"
HA, PHOTOS = "https://ha.example.com/", "https://photos.example.com/"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        yield home


@pytest.fixture
def program(home: Household) -> Process:
    return Process(home.world)


@pytest.fixture(params=["beside", "alone"])
async def how(request: pytest.FixtureRequest, home: Household) -> str:
    return str(request.param)


async def ran(home: Household, program: Process, how: str, *words: str) -> tuple[int, str]:
    """Run a command beside the bot, or with the bot stopped."""
    if how == "alone":
        await home.world.stop_bot()
    code, said = await program.run(*words)
    assert "Traceback" not in said
    if how == "alone":
        await home.world.start_bot()
    await home.settle()
    return code, said


async def test_revoke_and_restore(home: Household, program: Process, how: str) -> None:
    pixel8 = await home.device("Anna", "pixel8")
    await home.tap("Anna", "It works")
    home.world.cloudflare.pending_seconds = 3600
    code, said = await ran(home, program, how, "revoke", "anna/PIXEL8")
    assert code == 0, said
    assert "Anna/pixel8: Cloudflare has not confirmed it yet; turned away by the rule." in said
    assert await home.opens(pixel8) == 403
    home.world.cloudflare.pending_seconds = 0
    code, said = await ran(home, program, how, "restore", "Anna/pixel8")
    assert code == 0, said
    assert "Anna/pixel8: it works again." in said
    assert await home.opens(pixel8) == 200


async def test_the_owner_reads_in_their_own_language_who_revoked(home: Household, program: Process) -> None:
    await home.device("Anna", "pixel8")
    await home.tap("Anna", "It works")
    await home.say("Anna", "/language")
    await home.tap("Anna", "Deutsch")
    code, said = await program.run("revoke", "Anna/pixel8")
    assert code == 0, said
    await home.settle()
    words = "Jemand mit Zugang zum Server hat dein Gerät pixel8 widerrufen"
    assert home.newest("Anna").text.startswith(words)
    # Stored by an earlier version, in English, and not told yet.
    async with home.bot.app.parts.store.write() as tx:
        owner = await tx.people.of_telegram(home.phone("Anna").user_id)
        (pixel8,) = await tx.certificates.of_owner(owner.id)
        await enqueue_for_owner(tx, pixel8, TakenByAnother, by_name="whoever has the server")
    await home.clock(seconds=2)
    assert sum(text.startswith(words) for text in home.texts("Anna")) == 2


async def test_revoke_says_that_it_is_not_done(home: Household, program: Process) -> None:
    await home.device("Anna", "pixel8")
    await home.world.stop_bot()
    home.world.cloudflare.permissions.difference_update({"waf:edit", "ssl:edit"})
    code, said = await program.run("revoke", "--all")
    assert code == 1
    assert "Not done yet: Anna/pixel8: Cloudflare has not confirmed it yet; not in the rule yet." in said
    home.world.cloudflare.permissions.update({"waf:edit", "ssl:edit"})
    code, said = await program.run("revoke", "--all")
    assert code == 0, said
    assert "pixel8" not in home.live()


async def test_by_serial_and_by_person(home: Household, program: Process) -> None:
    await home.device("Anna", "pixel8")
    await home.device("Ben", "tablet")
    record = home.world.cloudflare.issue_by_hand("somebody")
    number = record.certificate.serial_number
    code, said = await program.run("revoke", "--serial", f"00{number:x}")
    assert (code, "Anna/somebody: revoked at Cloudflare; turned away by the rule." in said) == (0, True), said
    assert record.status != "active"
    assert record.fingerprint_sha256 in our_rule(home)["expression"]
    code, said = await program.run("revoke", "--person", str(home.phone("Ben").user_id))
    assert (code, said.count("\n")) == (0, 1), said
    await home.settle()
    assert "pixel8" in home.live()
    assert "tablet" not in home.live()
    code, said = await program.run("revoke", "Ben/tablet")
    assert (code, "no such certificate in use" in said) == (1, True)


async def test_an_unknown_one_is_revoked_as_any_other(home: Household, program: Process) -> None:
    await home.world.stop_bot()
    cloudflare = home.world.cloudflare
    record = cloudflare.issue_by_hand("somebody")
    cloudflare.permissions.discard("ssl:edit")
    code, said = await program.run("revoke", "--serial", f"{record.serial_number:x}")
    assert code == 0, said
    assert "/somebody: Cloudflare has not confirmed it yet; turned away by the rule." in said
    cloudflare.permissions.add("ssl:edit")
    await home.world.start_bot()
    await home.clock(minutes=11)
    assert record.status == "revoked"
    # The bot's own: it is made anew, and stands in no list of devices.
    (probe,) = [one for one in cloudflare.certificates if one.common_name == PROBE and one.status == "active"]
    code, said = await program.run("revoke", "--serial", f"{probe.serial_number:x}")
    assert (code, "none of mine" in said) == (0, True), said
    assert probe.status == "revoked"


async def test_unlock_and_lock(home: Household, program: Process, how: str) -> None:
    code, said = await ran(home, program, how, "unlock", PHOTOS_HOST)
    assert (code, f"{PHOTOS_HOST}: unlocked on purpose" in said) == (0, True), said
    assert (await home.opens(None, PHOTOS), await home.opens(None, HA)) == (200, 403)
    await home.clock(minutes=6)
    assert await home.opens(None, PHOTOS) == 200
    code, said = await ran(home, program, how, "unlock", "--all")
    assert code == 0, said
    assert (await home.opens(None, PHOTOS), await home.opens(None, HA)) == (200, 200)
    await home.clock(minutes=6)
    assert our_rule(home)["enabled"] is False
    code, said = await ran(home, program, how, "lock", "--all")
    assert code == 0, said
    assert (await home.opens(None, PHOTOS), await home.opens(None, HA)) == (403, 403)
    assert any("everybody gets in" in text for text in home.texts("Ben"))


async def test_lockdown_and_paths(home: Household, program: Process, how: str) -> None:
    await home.say("Anna", f"/openpath {HA}api/webhook/abc 2h")
    pixel8 = await home.device("Anna", "pixel8")
    assert await home.opens(None, HA + "api/webhook/abc") == 200
    code, said = await ran(home, program, how, "close-path", "--all")
    assert (code, "Closed: ha.example.com/api/webhook" in said) == (0, True), said
    assert await home.opens(None, HA + "api/webhook/abc") == 403
    code, said = await ran(home, program, how, "lockdown", "--everything")
    assert code == 0, said
    assert await home.opens(pixel8) == 403
    assert any("nobody gets in" in text and "Somebody at the server" in text for text in home.texts("Ben"))
    code, said = await ran(home, program, how, "lockdown", "off")
    assert code == 0, said
    assert await home.opens(pixel8) == 200
    code, said = await program.run("lockdown", "off")
    assert (code, said.strip()) == (1, "There is no lockdown.")


async def test_status(home: Household, program: Process) -> None:
    await home.clock(minutes=1)
    code, said = await program.run("status")
    assert code == 0, said
    assert f"host: {HA_HOST}: locked\n" in said
    assert "rule: present, first, as written\n" in said
    home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], enabled=False)
    home.world.cloudflare.dissociate_by_hand(PHOTOS_HOST)
    code, said = await program.run("status")
    assert code == 1
    assert "rule: the rule is switched off: everybody gets in" in said
    assert f"host: {PHOTOS_HOST}: locked; Cloudflare does not ask for a certificate there" in said
    home.world.cloudflare.permissions.clear()
    code, said = await program.run("status")
    assert (code, "Cloudflare: not told now (MissingRight)" in said) == (1, True)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (("unlock",), "Which host? Name some, or say --all."),
        (("lock", "other.example.com"), "Not protected: other.example.com. Nothing changed."),
        (("revoke",), "Which one? It is one of PERSON/NAME, --serial HEX, --person ID and --all."),
        (("revoke", "pixel8"), "Which one? It is one of PERSON/NAME, --serial HEX, --person ID and --all."),
        (("restore", "Anna/nothing"), "There is no revoked certificate of such a device. Nothing changed."),
        (("close-path",), "Which path? latchkey status lists them; --all closes all of them."),
        (("close-path", "abcd1234"), "There is no open path abcd1234: latchkey status lists them."),
        (("lockdown", "of"), "It is latchkey lockdown, latchkey lockdown --everything or latchkey lockdown off."),
        (
            ("revoke", "--serial", "00ff"),
            "Neither I nor Cloudflare know a certificate of that serial number. Nothing changed.",
        ),
    ],
)
async def test_what_cannot_be_says_so_in_one_line(
    home: Household, program: Process, words: tuple[str, ...], line: str
) -> None:
    code, said = await program.run(*words)
    assert (code, said.strip()) == (1, line)
