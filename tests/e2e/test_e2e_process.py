"""The program as people start it: a process of its own, its command line, its signals, the installed wheel."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings import Settings
from sandbox.bot import settings_for
from sandbox.edge.client import visit
from sandbox.world import Person, World
from tests import preloaded
from tests.children import spawned
from tests.household import Household
from tests.patience import LAST_RESORT_SECONDS
from tests.preloaded import Running

ROOT = Path(__file__).parents[2]


@pytest.fixture
async def botless(tmp_path: Path) -> AsyncIterator[World]:
    """The stand-ins without the bot; Anna is to be an admin."""
    async with World(tmp_path / "world", people=(Person("Anna", frozenset({"admin"})),)) as world:
        yield world


def environment(settings: Settings, **more: str) -> dict[str, str]:
    """What a process needs to run with these settings."""
    plain = {k: v for k, v in os.environ.items() if not k.startswith("LATCHKEY_")}
    return plain | {
        "PYTHONPATH": str(ROOT),
        "LATCHKEY_TELEGRAM_TOKEN": settings.telegram_token.get_secret_value(),
        "LATCHKEY_TELEGRAM_API": settings.telegram_api,
        "LATCHKEY_CLOUDFLARE_TOKEN": settings.cloudflare_token.get_secret_value(),
        "LATCHKEY_CLOUDFLARE_API": settings.cloudflare_api,
        "LATCHKEY_ZONE": settings.zone,
        "LATCHKEY_ADMINS": " ".join(map(str, settings.admins)),
        "LATCHKEY_DATABASE": str(settings.database),
        **more,
    }


class Process:
    """The bot in a process of its own: forked from one with all imports done, or ``fresh``, as an interpreter."""

    def __init__(self, world: World, **more: str) -> None:
        self.environment = environment(settings_for(world.directory, world.admins), **more)
        self._is_fresh = False
        self._directory = world.directory

    @classmethod
    def fresh(cls, world: World, **more: str) -> "Process":
        process = cls(world, **more)
        process._is_fresh = True
        return process

    async def start(self, *words: str, typing: bool = False) -> Running:
        if not self._is_fresh:
            return await preloaded.start(*words, env=self.environment, cwd=self._directory, typing=typing)
        return await spawned(
            *(sys.executable, "-m", "bot", *words),
            env=self.environment,
            cwd=self._directory,
            stdin=asyncio.subprocess.PIPE if typing else asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    async def run(self, *words: str) -> tuple[int, str]:
        process = await self.start(*words)
        out, err = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
        return process.returncode or 0, (out + err).decode()


async def shown(home: Household, words: str) -> str:
    """Wait for a message with these words on Anna's phone."""
    await home.until(lambda: any(words in text for text in home.texts("Anna")))
    return next(text for text in reversed(home.texts("Anna")) if words in text)


async def test_first_day_with_a_kill_in_the_middle(botless: World) -> None:
    home, program = Household(botless), Process.fresh(botless)
    process = await program.start("run")
    home.phone("Anna").send("/newcert pixel8")
    await shown(home, "its certificate is here")
    home.phone("Anna").tap(home.newest("Anna").message_id, "Password")
    password = re.findall(r"\n(\w+(?:-\w+){5})\n", await shown(home, "tap it to copy"))[0]
    _, p12 = home.file("Anna")
    assert (await visit(botless.edge, "https://ha.example.com/", p12=(p12, password))).status == 200

    process.send_signal(signal.SIGKILL)
    await process.communicate()
    home.phone("Anna").send("/revoke pixel8")
    process = await program.start("run")
    await shown(home, "revoked at Cloudflare")
    assert (await visit(botless.edge, "https://ha.example.com/", p12=(p12, password))).status == 403

    code, line = await program.run("health")
    assert (code, line.split(",")[0].startswith("alive: Telegram last answered")) == (0, True)
    second, line = await program.run("run")
    assert (second, line.count("\n")) == (2, 1)
    assert "Another Latchkey runs on this database" in line
    process.send_signal(signal.SIGTERM)
    _, heard = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    assert process.returncode == 0
    assert b"Traceback" not in heard


async def test_a_bot_that_hears_nothing_is_told_by_the_exit_code(botless: World) -> None:
    program, settings = Process(botless), settings_for(botless.directory, botless.admins)
    code, line = await program.run("health")
    assert (code, line) == (1, "not alive: Telegram last answered never.\n")
    heartbeat = settings.database.with_name(settings.database.name + ".heartbeat")
    heartbeat.parent.mkdir(parents=True, exist_ok=True)
    heartbeat.write_text((datetime.now(UTC) - timedelta(minutes=4)).isoformat(), encoding="ascii")
    code, line = await program.run("health")
    assert (code, line.startswith("not alive: Telegram last answered 24")) == (1, True)
    assert await program.run("health", "--quiet") == (1, "")


async def test_a_revoked_token_ends_the_program(botless: World) -> None:
    process = await Process(botless).start("run")
    await asyncio.wait_for(botless.telegram.account.updates.polled.wait(), LAST_RESORT_SECONDS)
    botless.telegram.revoke_token()
    _, heard = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    assert process.returncode == 2
    assert heard.decode().splitlines()[-1].startswith("latchkey: LATCHKEY_TELEGRAM_TOKEN is not accepted")
    assert botless.telegram.token not in heard.decode()


async def test_check_says_a_line_for_each_thing(botless: World) -> None:
    code, said = await Process(botless).run("check")
    assert code == 0, said
    assert [line.split(":")[0].split() for line in said.splitlines()] == [
        ["ok", *name.split()]
        for name in ("settings", "database", "telegram", "zone", "certificates", "rules", "past the rule")
    ]


@pytest.mark.parametrize(
    ("right", "line"),
    [
        ("ssl:edit", "WRONG  certificates: the Cloudflare token lacks “Zone: SSL and Certificates: Edit”"),
        ("waf:read waf:edit", "WRONG  rules: the Cloudflare token lacks “Zone: Zone WAF: Edit”"),
        ("zone:read", "WRONG  zone: the token does not see example.com"),
    ],
)
async def test_check_names_the_missing_right(botless: World, right: str, line: str) -> None:
    botless.cloudflare.permissions.difference_update(right.split())
    code, said = await Process(botless).run("check")
    assert code == 1
    assert line in said


async def test_check_tells_a_rule_that_does_not_look_at_revocation(botless: World) -> None:
    rule = botless.cloudflare.rules[0]
    botless.cloudflare.edit_rule_by_hand(
        rule["id"], expression=rule["expression"].replace(" or cf.tls_client_auth.cert_revoked", "")
    )
    code, said = await Process(botless).run("check")
    assert code == 1
    assert "WRONG  rules: the rule does not look at revocation" in said


async def test_check_without_admins(botless: World) -> None:
    program = Process(botless, LATCHKEY_ADMINS="")
    code, said = await program.run("check")
    assert code == 1
    assert "WRONG  database: nobody is an admin, so nobody can use the bot: run latchkey claim." in said
    await program.run("admin", "add", "42")
    assert (await program.run("check"))[0] == 0


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"LATCHKEY_ZONE": ""}, "latchkey: LATCHKEY_ZONE is missing"),
        ({"LATCHKEY_ADMINS": "anna"}, "latchkey: LATCHKEY_ADMINS is wrong"),
        ({"LATCHKEY_TELEGRAM_API": "http://telegram.example.com"}, "latchkey: LATCHKEY_TELEGRAM_API is wrong"),
        ({"LATCHKEY_TYPO": "1"}, "latchkey: LATCHKEY_TYPO is no setting"),
        (
            {"LATCHKEY_TELEGRAM_TOKEN": "123456:not-the-token-of-anybody-at-all-here"},
            "latchkey: LATCHKEY_TELEGRAM_TOKEN is not accepted",
        ),
    ],
)
async def test_what_is_wrong_stops_the_start_with_one_line(botless: World, change: dict[str, str], line: str) -> None:
    code, said = await Process(botless, **change).run("run")
    assert code == 2
    assert said.splitlines()[-1].startswith(line)
    assert "Traceback" not in said


async def test_the_installed_wheel_runs_without_the_checkout(botless: World, tmp_path: Path) -> None:
    """As in the image: the wheel alone, its migrations inside, started from elsewhere."""
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md"):
        (source / name).write_bytes((ROOT / name).read_bytes())
    for name in ("bot", "migrations"):
        for file in (ROOT / name).rglob("*"):
            if file.is_file() and file.suffix in {".py", ".mako", ".md"}:
                copy = source / file.relative_to(ROOT)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(file.read_bytes())
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", wheels, source], check=True)
    wheel = next(wheels.glob("latchkey-*.whl"))
    subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)
    program = Process.fresh(botless, PYTHONPATH=str(site))
    code, said = await program.run("migrate")
    assert (code, said.strip().endswith("is up to date.")) == (0, True)
    code, said = await program.run("check")
    assert code == 0, said
    assert not list(site.glob("sandbox*")) + list(site.glob("tests*"))
    assert (site / "bin" / "latchkey").exists()
    assert (site / "bot" / "chat" / "guides" / "en" / "android.md").exists()
