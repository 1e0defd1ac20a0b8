"""``latchkey prove`` as a process of its own: the running bot does it, or the process itself where none runs."""

import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import cli
from sandbox.edge.authority import ROOT_NAME
from tests.e2e.test_e2e_process import Process
from tests.household import Household
from tests.locked_household import HA_HOST, PHOTOS_HOST, household, locked, our_rule
from tests.tunnel import tunnel_to


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Household]:
    async with locked(tmp_path) as home:
        await home.clock(seconds=5)
        yield home


@pytest.fixture
async def program(home: Household) -> AsyncIterator[Process]:
    """The process reaches the sandbox's edge by the ways in which anybody tells a program of a proxy and a CA."""
    async with tunnel_to(home.world.edge.port) as port:
        roots = str(home.world.edge.directory / ROOT_NAME)
        yield Process(home.world, HTTPS_PROXY=f"http://127.0.0.1:{port}", SSL_CERT_FILE=roots, NO_PROXY="")


def probes_alive(home: Household) -> list[str]:
    return [name for name in home.live() if name == "Latchkey probe"]


async def test_beside_a_running_bot(home: Household, program: Process) -> None:
    before = len(home.world.cloudflare.certificates)
    code, said = await program.run("prove")
    assert code == 0, said
    assert f"🟢 {HA_HOST}, {PHOTOS_HOST}: turned away without a certificate, let in with a valid one" in said
    assert said.endswith("Locked.\n")
    assert len(home.world.cloudflare.certificates) == before, "the bot's own certificates were at hand"
    home.world.cloudflare.edit_rule_by_hand(our_rule(home)["id"], enabled=False)
    code, said = await program.run("prove")
    assert code == 1, said
    assert f"🔴 {HA_HOST}\n• Without a certificate I got in: the service answered (200). So does everybody." in said
    assert "latchkey lock --all writes the rule again" in said
    await home.settle()
    for who in ("Anna", "Ben"):
        assert any("got in where nobody should" in text for text in home.texts(who)), "all admins are told at once"
    assert "Traceback" not in said


async def test_without_a_bot_and_without_telegram(home: Household, program: Process) -> None:
    await home.world.stop_bot()
    await home.world.telegram.stop()
    code, said = await program.run("prove")
    assert code == 0, said
    assert said.endswith("Locked.\n")
    assert probes_alive(home) == [], "nothing that was made for it stays valid"
    home.world.cloudflare.delete_ruleset_by_hand()
    code, said = await program.run("prove")
    assert code == 1, said
    assert f"🔴 {PHOTOS_HOST}" in said
    assert probes_alive(home) == []


async def test_without_a_certificate_to_try_with_it_is_not_sure(home: Household, program: Process) -> None:
    await home.world.stop_bot()
    home.world.cloudflare.permissions.discard("ssl:edit")
    code, said = await program.run("prove", "--wait", "5")
    assert code == 3, said
    assert f"🟡 {HA_HOST}" in said
    assert "• With a valid certificate: not tried, I have no certificate for it yet." in said
    assert "Locked." not in said


async def test_broken_off_it_leaves_nothing_behind(home: Household, program: Process) -> None:
    await home.world.stop_bot()
    knocks = len(home.world.edge.calls)
    home.world.edge.fault(call=f"GET {HA_HOST}/", hold=True)
    process = await program.start("prove")
    await home.until(lambda: len(home.world.edge.calls) > knocks)
    process.send_signal(signal.SIGINT)
    _, said = await process.communicate()
    assert b"Traceback" not in said
    assert probes_alive(home) == []
    home.world.end_trouble()


async def test_a_bot_that_does_not_get_to_it(home: Household, program: Process) -> None:
    home.world.edge.fault(call=f"GET {HA_HOST}/", hold=True)
    code, said = await program.run("prove", "--wait", "1")
    assert code == 4, said
    assert "the running bot did not get to it within 1 s" in said
    home.world.end_trouble()
    await home.settle()


async def test_nothing_to_try(tmp_path: Path) -> None:
    async with household(tmp_path) as home:
        code, said = await Process(home.world).run("prove")
        assert code == 4, said
        assert "no host is locked" in said
        assert not home.world.cloudflare.certificates, "none is made for nothing"


def test_help_says_what_the_exit_codes_mean() -> None:
    shown = CliRunner().invoke(cli, ["prove", "--help"])
    assert shown.exit_code == 0
    said = " ".join(shown.output.replace("│", " ").split())
    for word in ("0 all is green", "1 somebody gets in", "2 it cannot start", "3 not sure", "4 nothing was"):
        assert word in said
