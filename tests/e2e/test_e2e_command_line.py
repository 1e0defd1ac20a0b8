"""The command line beside a running bot and without one: claim, admin, freeze, audit."""

import asyncio
import json
import re
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path

import pytest

from sandbox.world import Person, World
from tests.e2e.test_e2e_process import Process
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.preloaded import Running

WHOLE = "events, each fits the one before it."


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[Household]:
    """The stand-ins without the bot and without any admin."""
    async with World(tmp_path / "world", people=(Person("Anna"), Person("Eve"), Person("Kim"))) as world:
        yield Household(world)


@pytest.fixture
def program(bare: Household) -> Process:
    return Process(bare.world)


class Claim:
    """``latchkey claim`` at work."""

    def __init__(self, process: Running) -> None:
        self.process = process
        self.said = ""

    async def says(self, words: str) -> str:
        """Read on until these words; answers all that was said so far."""
        assert self.process.stdout is not None
        async with asyncio.timeout(LAST_RESORT_SECONDS):
            while words not in self.said:
                more = await self.process.stdout.read(200)
                assert more, f"it ended with {self.said!r}"
                self.said += more.decode()
        return self.said

    async def token(self) -> str:
        """The token of the link it printed."""
        said = await self.says("?start=")
        await self.says("\n\n")
        found = re.search(r"https://t\.me/latchkey_sandbox_bot\?start=([\w-]{43})\n", self.said)
        assert found is not None, said
        return found[1]

    async def answered(self, line: str) -> int:
        """Answer the question; the exit code."""
        await self.says("[y/N]")
        out, _ = await asyncio.wait_for(self.process.communicate(line.encode()), LAST_RESORT_SECONDS)
        self.said += out.decode()
        return self.process.returncode or 0


async def claiming(program: Process) -> Claim:
    return Claim(await program.start("claim", typing=True))


async def newest(home: Household, who: str, words: str) -> None:
    await home.until(lambda: any(words in text for text in home.texts(who)))


async def test_the_first_admin(bare: Household, program: Process) -> None:
    running = await program.start("run")
    claim = await claiming(program)
    token = await claim.token()
    bare.phone("Anna").send(f"/start {token}")
    await newest(bare, "Anna", "look at the terminal")
    said = await claim.says("[y/N]")
    assert f"Opened by Anna, Telegram id {bare.phone('Anna').user_id}." in said
    # Somebody else with the same link gets nothing, and is not what the terminal asks about.
    bare.phone("Eve").send(f"/start {token}")
    await newest(bare, "Eve", "link")
    assert await claim.answered("y\n") == 0
    assert "Anna is an admin now" in claim.said
    await newest(bare, "Anna", "You are an admin now.")
    await bare.until(lambda: ("newcert", "A certificate for a device") in bare.phone("Anna").menu)
    bare.phone("Anna").send("/newcert pixel8")
    await newest(bare, "Anna", "its certificate is here")
    # The link is over, for Anna as well.
    bare.phone("Eve").send(f"/start {token}")
    running.terminate()
    _, log = await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)
    assert b"run latchkey claim" in log
    assert token.encode() not in log
    code, said = await program.run("audit")
    assert code == 0
    assert "Anna became an admin by a link from the server" in said
    files = [f for f in Path(program.environment["LATCHKEY_DATABASE"]).parent.iterdir() if f.is_file()]
    assert not any(token.encode() in f.read_bytes() for f in files)


async def test_a_claim_waits_for_a_bot_that_does_not_run_yet(bare: Household, program: Process) -> None:
    claim = await claiming(program)
    token = await claim.token()
    await claim.says("The bot does not run")
    running = await program.start("run")
    bare.phone("Anna").send(f"/start {token}")
    assert await claim.answered("y\n") == 0
    await newest(bare, "Anna", "You are an admin now.")
    running.terminate()
    await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)


async def test_a_no_in_the_terminal_changes_nothing(bare: Household, program: Process) -> None:
    running = await program.start("run")
    claim = await claiming(program)
    bare.phone("Eve").send(f"/start {await claim.token()}")
    assert await claim.answered("\n") == 1
    assert "Nothing changed" in claim.said
    await newest(bare, "Eve", "The answer at the terminal was no")
    bare.phone("Eve").send("/newcert pixel8")
    claim = await claiming(program)
    bare.phone("Eve").send(f"/start {await claim.token()}")
    # The terminal is closed without an answer.
    assert await claim.answered("") == 1
    running.terminate()
    await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)
    code, said = await program.run("audit")
    assert code == 0
    assert "became an admin" not in said


async def test_a_claim_that_is_given_up_leaves_a_worthless_link(bare: Household, program: Process) -> None:
    claim = await claiming(program)
    token = await claim.token()
    claim.process.send_signal(2)
    await asyncio.wait_for(claim.process.communicate(), LAST_RESORT_SECONDS)
    assert claim.process.returncode == 1
    running = await program.start("run")
    bare.phone("Eve").send(f"/start {token}")
    await newest(bare, "Eve", "link")
    running.terminate()
    await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)


async def test_claim_without_telegram_says_so_in_one_line(bare: Household) -> None:
    program = Process(bare.world, LATCHKEY_TELEGRAM_API="http://127.0.0.1:9")
    code, said = await program.run("claim")
    assert (code, said) == (
        2,
        "latchkey: Telegram does not answer as it should: check this machine's way to the internet, then try again.\n",
    )


async def test_admins_by_the_command_line(bare: Household, program: Process) -> None:
    anna, kim = bare.phone("Anna"), bare.phone("Kim")
    assert await program.run("admin", "add", str(anna.user_id)) == (
        0,
        f"{anna.user_id} is an admin now. The bot has not met this account yet: it is an admin from its first word.\n",
    )
    running = await program.start("run")
    anna.send("/start")
    await newest(bare, "Anna", "Hello Anna")
    await bare.until(lambda: ("audit", "What happened here") in anna.menu)
    code, said = await program.run("admin", "add", str(anna.user_id))
    assert (code, said) == (1, f"{anna.user_id} is an admin already.\n")

    assert (await program.run("admin", "add", str(kim.user_id)))[0] == 0
    kim.send("/start")
    await newest(bare, "Kim", "Hello Kim")
    await newest(bare, "Anna", f"{kim.user_id} is an admin now: whoever has the server said so.")
    assert await program.run("admin", "remove", str(kim.user_id)) == (0, f"Kim ({kim.user_id}) is a member now.\n")
    await newest(bare, "Kim", "You are no admin any more")
    await newest(bare, "Anna", "Kim is no admin any more")
    await bare.until(lambda: ("devices", "My devices") in kim.menu)
    code, said = await program.run("admin", "remove", str(kim.user_id))
    assert (code, said) == (1, f"{kim.user_id} is no admin.\n")

    assert await program.run("freeze", str(kim.user_id)) == (
        0,
        f"Kim ({kim.user_id}) is frozen. Undo: latchkey unfreeze {kim.user_id}\n",
    )
    await newest(bare, "Kim", "Your account was frozen on the server")
    assert (await program.run("freeze", str(kim.user_id)))[0] == 1
    assert (await program.run("unfreeze", str(kim.user_id)))[0] == 0
    await newest(bare, "Kim", "Your account is no longer frozen")
    assert (await program.run("unfreeze", str(kim.user_id)))[0] == 1
    assert await program.run("freeze", "4242") == (
        1,
        "The bot does not know 4242. /whoami in the chat shows an id.\n",
    )
    code, said = await program.run("admin", "remove", str(anna.user_id))
    assert (code, "Nobody is an admin: run latchkey claim." in said) == (0, True)
    running.terminate()
    await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)
    code, said = await program.run("audit", "--verify")
    assert (code, said.endswith(f"{WHOLE}\n")) == (0, True)


async def test_an_admin_of_the_settings_is_removed_in_the_settings(bare: Household) -> None:
    anna = bare.phone("Anna").user_id
    program = Process(bare.world, LATCHKEY_ADMINS=str(anna))
    code, said = await program.run("admin", "remove", str(anna))
    assert (code, said) == (1, f"{anna} stands in LATCHKEY_ADMINS: take it out there and start the bot again.\n")


async def test_whoever_leaves_the_settings_is_a_member_unless_the_server_made_them_admin(bare: Household) -> None:
    """At the next start, and for good; an admin of both stays one."""
    anna, kim = bare.phone("Anna"), bare.phone("Kim")
    both = Process(bare.world, LATCHKEY_ADMINS=f"{anna.user_id}, {kim.user_id}")
    for program in (both, Process(bare.world)):
        running = await program.start("run")
        for who in ("Anna", "Kim"):
            bare.phone(who).send("/start")
            await newest(bare, who, f"Hello {who}")
        await bare.until(lambda: bare.world.telegram.pending == 0)
        running.terminate()
        await asyncio.wait_for(running.communicate(), LAST_RESORT_SECONDS)
        if program is both:
            assert (await program.run("admin", "add", str(anna.user_id)))[0] == 0
    with closing(sqlite3.connect(both.environment["LATCHKEY_DATABASE"])) as database:
        roles = dict(database.execute("select telegram_id, role from person").fetchall())
    assert roles == {anna.user_id: "admin", kim.user_id: "member"}


async def test_the_record_in_the_terminal_and_in_a_file(bare: Household, program: Process, tmp_path: Path) -> None:
    anna, written = bare.phone("Anna").user_id, tmp_path / "audit.jsonl"
    assert (await program.run("audit")) == (0, "")
    assert await program.run("audit", "--verify") == (0, f"0 {WHOLE}\n")
    await program.run("admin", "add", str(anna))
    code, said = await program.run("audit")
    assert code == 0
    assert re.fullmatch(
        rf"[\d: -]{{19}}  {anna} wrote to me for the first time\n"
        rf"[\d: -]{{19}}  Somebody at the server made {anna} an admin\n",
        said,
    )
    assert await program.run("audit", "--json", str(written)) == (0, f"2 events written to {written}.\n")
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    events = [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()]
    assert [(e["tag"], e["actor"], e["subject_name"]) for e in events] == [
        ("chat:person:met", "server", str(anna)),
        ("server:person:made-admin", "server", str(anna)),
    ]
    code, said = await program.run("audit", "--json", "-", "--verify")
    assert (code, said) == (0, written.read_text(encoding="utf-8") + f"2 {WHOLE}\n")
    code, said = await program.run("audit", "--json", str(tmp_path / "no" / "such"))
    assert (code, said.count("\n")) == (2, 1)

    with closing(sqlite3.connect(program.environment["LATCHKEY_DATABASE"])) as database, database:
        database.execute("update audit_event set actor = 'person:evilevil' where id = 1")
    code, said = await program.run("audit", "--verify")
    assert code == 1
    assert said.startswith("BROKEN at event 1 of 2: it does not fit the one before it. chat:person:met: ")


async def test_a_database_that_is_none_is_said_in_one_line(bare: Household, program: Process) -> None:
    file = Path(program.environment["LATCHKEY_DATABASE"])
    file.parent.mkdir(parents=True)
    file.write_bytes(b"this is no database at all" * 100)
    for words in (["audit"], ["admin", "add", "42"], ["claim"], ["freeze", "42"]):
        code, said = await program.run(*words)
        assert (code, said.count("\n"), "Traceback" in said) == (2, 1, False), said
