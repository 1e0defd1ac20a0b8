"""Backups, by really restoring them: live on, put the old one back, start, and look at the edge."""

import asyncio
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.commandline.backup import put_back
from bot.model.certificates.certificates import State
from bot.model.people.people import FreezeReason, Standing
from bot.services.operator import people as operator_people
from bot.store.backups import files
from sandbox.bot import SandboxBot
from sandbox.faults import Fault
from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process
from tests.household import HA, Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, certificate, fingerprint, our_rule, protect, somebody

ADMIN = frozenset({"admin"})
HOOK, OTHER_HOOK, THIRD_HOOK = (f"{HA}api/webhook/{name}" for name in ("abc", "def", "ghi"))
PHOTOS = f"https://{PHOTOS_HOST}/"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    """Anna and Ben are admins, Mia is trusted; ha is protected."""
    people = (Person("Anna", ADMIN), Person("Ben", ADMIN), Person("Mia", frozenset({"trusted"})), Person("Kim"))
    async with World(tmp_path, bot=SandboxBot, people=people, preset="empty") as world:
        await world.settle()
        home = Household(world)
        await protect(home, HA_HOST)
        await home.clock(seconds=2)
        yield home


def backup(home: Household) -> bytes:
    return files.take(home.bot.settings.database, home.world.clock.now())


async def restored(home: Household, data: bytes, *, start: bool = True, damaged: bool = False) -> list[str]:
    """Stop the bot, put that backup back, start. ``damaged``: the database of now tells nothing any more."""
    await home.world.stop_bot()
    if damaged:
        home.bot.settings.database.write_bytes(b"no database at all")
    said = await asyncio.to_thread(put_back, home.bot.settings, home.world.clock, files.unpack(data))
    if start:
        await home.world.start_bot()
        await home.settle()
        await home.clock(seconds=10)
    return said


async def told(home: Household, who: str = "Anna") -> str:
    """The one message about the restore."""
    (text,) = [text for text in home.texts(who) if text.startswith("A backup was restored")]
    return text


async def working(home: Household, who: str, name: str) -> tuple[bytes, str]:
    key = await home.device(who, name)
    await home.tap(who, "It works")
    return key


async def is_whole(home: Household) -> bool:
    async with home.bot.app.parts.store.read() as tx:
        return await tx.audit.first_broken() is None


@pytest.mark.parametrize("damaged", [False, True])
async def test_living_on_and_going_back(home: Household, damaged: bool) -> None:
    pixel8, tablet = await working(home, "Anna", "pixel8"), await working(home, "Anna", "tablet")
    phone = await working(home, "Mia", "phone")
    for hook in (HOOK, OTHER_HOOK):
        await home.say("Anna", f"/openpath {hook} 2h")
    await home.say("Kim", "hello")
    await home.tap("Kim", "Ask to come in")
    data = backup(home)

    await home.say("Anna", "/revoke tablet")
    await home.tap("Anna", "Close now")
    await home.say("Anna", f"/openpath {THIRD_HOOK} 2h")
    laptop = await working(home, "Anna", "laptop")
    await protect(home, PHOTOS_HOST)
    await home.tap("Ben", "Let in")
    await home.clock(seconds=10)
    at_the_edge = (HOOK, OTHER_HOOK, THIRD_HOOK, PHOTOS)
    # Where the edge lets somebody through to nothing, the service says 404.
    assert [await home.opens(None, url) for url in at_the_edge] == [200, 403, 404, 403]

    said = await restored(home, data, damaged=damaged)
    assert any(line.startswith("Frozen until an admin has looked: Mia (") for line in said)
    # What works goes on working; what was closed since stays closed; what nobody here knows of is closed too.
    assert [await home.opens(key) for key in (pixel8, phone, laptop, tablet)] == [200, 200, 200, 403]
    assert [await home.opens(None, url) for url in at_the_edge] == [200, 403, 403, 403]
    text, serial = await told(home), certificate(home, "laptop").serial_number
    for line in (
        "Revoked since, and so it stays: Anna/tablet.",
        f"with a mark of mine, and I do not know whose it is: laptop ({serial:X})",
        "Open path closed: ha.example.com/api/webhook….",
        "Open at Cloudflare, unknown to the backup, and closed now: ha.example.com/api/webhook….",
        f"Protected since, and so it stays: {PHOTOS_HOST}.",
        "Frozen until you have looked: 1.",
    ):
        assert line in text, text
    assert await is_whole(home)
    assert await told(home, "Ben") == text

    # What waited is void, and nobody frozen does more than look.
    assert (await somebody(home, "Mia")).freeze_reason is FreezeReason.RESTORED
    seen = await home.say("Mia", "/newcert another")
    assert "frozen" in seen[-1].text
    before = len(home.live())
    await home.tap("Anna", "Unfreeze all")
    assert (await somebody(home, "Mia")).standing is Standing.OK
    assert any(text.startswith("Lifted the freeze of Mia.") for text in home.texts("Anna"))
    await home.tap("Ben", "Unfreeze all")
    assert len(home.live()) == before
    async with home.bot.app.parts.store.read() as tx:
        assert await tx.requests.outstanding() == ()


@pytest.mark.parametrize(("refused", "detour"), [((), 403), (("raw.http.request.uri.path",), 404)])
async def test_a_path_that_may_be_sent_in_its_own_spelling_stays_open(
    home: Household, refused: tuple[str, ...], detour: int
) -> None:
    home.world.cloudflare.refused_fields = list(refused)
    written = HOOK.replace("abc", "ab%63")
    await home.say("Anna", f"/openpath {written} 2h")
    await home.clock(seconds=10)
    before = [await home.opens(None, url) for url in (HOOK, written, HOOK.replace("abc", "%61bc"))]
    assert before == [200, 404, detour]
    await restored(home, backup(home))
    assert [await home.opens(None, url) for url in (HOOK, written, HOOK.replace("abc", "%61bc"))] == before


@pytest.mark.parametrize("damaged", [False, True])
async def test_the_rule_goes_on_turning_away_whom_the_backup_does_not_know(home: Household, damaged: bool) -> None:
    pixel8 = await working(home, "Anna", "pixel8")
    data = backup(home)
    laptop = await working(home, "Anna", "laptop")
    # Cloudflare takes its time: only the rule keeps them out.
    home.world.cloudflare.pending_seconds = 3600
    for name in ("pixel8", "laptop"):
        await home.say("Anna", f"/revoke {name}")
    await home.clock(seconds=10)
    assert [await home.opens(key) for key in (pixel8, laptop)] == [403, 403]
    await restored(home, data, damaged=damaged)
    assert [await home.opens(key) for key in (pixel8, laptop)] == [403, 403]
    expression = our_rule(home)["expression"]
    assert all(fingerprint(home, name) in expression for name in ("pixel8", "laptop"))
    assert "turns away certificates nobody here knows, and goes on with it: 1." in await told(home)
    await home.clock(hours=2)
    await home.say("Anna", f"/openpath {HOOK} 2h")
    assert fingerprint(home, "laptop") in our_rule(home)["expression"]


async def test_nothing_is_written_at_cloudflare_before_it_was_asked(home: Household) -> None:
    await working(home, "Anna", "pixel8")
    data = backup(home)
    await protect(home, PHOTOS_HOST)
    await restored(home, data, start=False)
    home.world.cloudflare.faults.append(Fault(call="GET *client_certificates*", when="instead", status=500, times=0))
    writes = home.calls("PATCH")
    await home.world.start_bot()
    await home.until(lambda: home.calls("GET") > 0)
    for _ in range(3):
        home.phone("Anna").send("/protect www.example.com")
        await home.clock(seconds=20)
    assert home.calls("PATCH") == writes
    assert await home.opens(None, PHOTOS) == 403
    home.world.end_trouble()
    await home.clock(minutes=2)
    assert home.calls("PATCH") > writes
    assert await home.opens(None, PHOTOS) == 403
    assert f"Protected since, and so it stays: {PHOTOS_HOST}." in await told(home)


async def test_a_key_under_way_is_taken_up_again(home: Household) -> None:
    sign = Fault(call="POST *client_certificates*", when="after", hold=True)
    home.world.cloudflare.faults.append(sign)
    home.phone("Anna").send("/newcert pixel8")
    await sign.reached.wait()
    data = backup(home)
    home.world.end_trouble()
    await home.settle()
    await home.tap("Anna", "Password")
    await home.tap("Anna", "It works")
    await home.say("Anna", "/newcert given-up")
    home.world.cloudflare.revoke_by_hand(certificate(home, "given-up").id)
    await restored(home, data)
    assert "found at Cloudflare and taken up again: Anna/pixel8." in await told(home)
    async with home.bot.app.parts.store.read() as tx:
        (known,) = await tx.certificates.in_state(State.ACTIVE)
    assert known.cloudflare_id == certificate(home).id
    assert "pixel8" in home.live()
    await home.say("Anna", "/revoke pixel8")
    assert "pixel8" not in home.live()


async def test_revoked_here_and_active_there_is_revoked_again(home: Household) -> None:
    await working(home, "Anna", "pixel8")
    await home.say("Anna", "/revoke pixel8")
    data = backup(home)
    await home.world.stop_bot()
    home.world.cloudflare.reactivate_by_hand(certificate(home).id)
    await home.world.start_bot()
    await restored(home, data)
    assert "pixel8" not in home.live()
    assert "revoked again: Anna/pixel8." in await told(home)
    await home.tap("Anna", "Undo")
    await home.clock(seconds=10)
    assert "pixel8" not in home.live(), "what was revoked then is not given back by the button of then"


async def test_who_is_out_since_stays_out_although_an_admin_of_the_settings(home: Household) -> None:
    await home.say("Ben", "/whoami")
    data = backup(home)
    await home.say("Ben", "/lost")
    await home.tap("Ben", "Freeze my account")
    await restored(home, data)
    assert (await somebody(home, "Ben")).standing is Standing.FROZEN
    assert not [text for text in home.texts("Ben") if text.startswith("A backup was restored")]


async def test_a_lockdown_of_everybody_stays(home: Household) -> None:
    pixel8 = await working(home, "Anna", "pixel8")
    data = backup(home)
    await home.say("Anna", "/lockdown")
    await home.tap("Anna", "Block everything")
    await home.clock(seconds=10)
    assert await home.opens(pixel8) == 403
    await restored(home, data)
    assert await home.opens(pixel8) == 403
    assert "Everybody is turned away by a lockdown, and so it stays." in await told(home)
    await home.say("Anna", "/lockdown off")
    await home.clock(seconds=10)
    await home.tap("Anna", "End the lockdown")
    await home.clock(seconds=10)
    assert await home.opens(pixel8) == 200


async def test_an_update_handled_since_is_not_handled_twice(home: Household) -> None:
    data = backup(home)
    await working(home, "Anna", "pixel8")
    handled = home.bot.settings.database
    with closing(sqlite3.connect(handled)) as connection:
        numbers = {row[0] for row in connection.execute("select update_id from inbox")}
    await restored(home, data)
    with closing(sqlite3.connect(handled)) as connection:
        known = {row[0] for row in connection.execute("select update_id from inbox where handled_at is not null")}
    assert numbers <= known


async def test_the_command_line(home: Household, tmp_path: Path) -> None:
    program = Process(home.world)
    secret, plain, sealed = tmp_path / "secret", tmp_path / "plain", tmp_path / "sealed"
    secret.write_text("some words in a row\n")
    home.phone("Anna").send("/newcert pixel8")
    # Beside the running bot, which goes on meanwhile.
    code, said = await program.run("backup", str(plain))
    assert code == 0, said
    code, said = await program.run("backup", str(sealed), "--encrypt", "--passphrase-file", str(secret))
    assert (code, "Encrypted." in said) == (0, True), said
    assert {stat.S_IMODE(file.stat().st_mode) for file in (plain, sealed)} == {0o600}
    assert b"SQLite format 3" not in sealed.read_bytes()
    code, said = await program.run("restore-backup", str(plain))
    assert (code, said.strip()) == (2, "latchkey: Another Latchkey runs on this database: stop it first.")

    await home.settle()
    await home.world.stop_bot()
    code, said = await program.run("restore-backup", str(sealed), "--passphrase-file", str(secret))
    assert code == 0, said
    assert "The database of before is kept as" in said
    code, said = await program.run("audit", "--verify")
    assert (code, "each fits the one before it" in said) == (0, True), said
    await home.world.start_bot()
    await home.settle()
    assert await told(home)


async def test_where_no_admin_is_left_the_server_says_whom_to_trust(tmp_path: Path) -> None:
    """An admin by ``latchkey claim`` stands in no setting: frozen too, until whoever has the server has spoken."""
    async with World(tmp_path, bot=SandboxBot, people=(Person("Anna"),), preset="empty") as world:
        home = Household(world)
        await home.say("Anna", "/whoami")
        store, anna = home.bot.app.parts.store, home.phone("Anna").user_id
        await operator_people.make_admin(store, anna)
        await home.say("Anna", "/whoami")
        said = await restored(home, backup(home))
        assert "No admin can act now. Whom you trust: latchkey unfreeze ID." in said
        assert f"  Anna ({anna})" in said
        assert not any(text.startswith("A backup was restored") for text in home.texts("Anna"))
        await operator_people.unfreeze(home.bot.app.parts.store, anna)
        await home.clock(seconds=31)
        assert "Nobody is frozen for that." in await told(home)
