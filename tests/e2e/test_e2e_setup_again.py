"""What ``latchkey setup`` makes of an .env that is there already, and of the environment."""

import stat
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from sandbox.world import Person, World
from tests.e2e.set_up import ROOT, WRONG_BOT_TOKEN, WRONG_CLOUDFLARE_TOKEN, SetUp


@pytest.fixture
async def set_up(tmp_path: Path) -> AsyncIterator[SetUp]:
    async with World(tmp_path / "world", people=(Person("Anna"),)) as world:
        yield SetUp(world, tmp_path / "latchkey")


async def test_again_changes_only_what_is_answered(set_up: SetUp) -> None:
    before = (
        "# my own words\r\n"
        'LATCHKEY_TIMEZONE="Europe/Madrid"\n'
        "\n"
        "export OTHER='two\nlines'\n"
        f"  LATCHKEY_TELEGRAM_TOKEN={set_up.bot_token}\n"
        "LATCHKEY_ZONE=old.example\n"
        f"LATCHKEY_CLOUDFLARE_TOKEN={WRONG_CLOUDFLARE_TOKEN} # expired\n"
        "#LATCHKEY_P12=modern\n"
        "LATCHKEY_ADMINS=1 2"
    )
    set_up.file.write_bytes(before.encode())
    set_up.file.chmod(0o644)
    code, said = await set_up.run("", set_up.cloudflare_token, "example.com")
    assert code == 0
    assert "Bot token (Enter keeps the one that is there)" in said
    assert "The bot has an admin already" in said
    after = before.replace("old.example", "example.com").replace(
        f"{WRONG_CLOUDFLARE_TOKEN} # expired", set_up.cloudflare_token
    )
    assert set_up.file.read_bytes().decode() == after
    assert stat.S_IMODE(set_up.file.stat().st_mode) == 0o600
    code, _ = await set_up.run("", "", "")
    assert code == 0
    assert set_up.file.read_bytes().decode() == after


async def test_a_token_in_a_file_of_its_own(set_up: SetUp) -> None:
    secret = set_up.folder / "token"
    secret.write_text(set_up.bot_token + "\n")
    set_up.file.write_text(f"LATCHKEY_TELEGRAM_TOKEN_FILE={secret}\n")
    await set_up.run("", set_up.cloudflare_token, "", "n")
    assert set_up.settings()["LATCHKEY_TELEGRAM_TOKEN_FILE"] == str(secret)
    assert "LATCHKEY_TELEGRAM_TOKEN" not in set_up.settings()
    secret.write_text(WRONG_BOT_TOKEN)
    code, _ = await set_up.run(set_up.bot_token, "", "", "n")
    assert code == 0
    assert set_up.settings()["LATCHKEY_TELEGRAM_TOKEN"] == set_up.bot_token
    assert f"# LATCHKEY_TELEGRAM_TOKEN_FILE={secret}" in set_up.file.read_text()


async def test_what_stands_in_the_environment_goes_first_and_is_told(set_up: SetUp) -> None:
    code, said = await set_up.run("", set_up.cloudflare_token, "", "n", LATCHKEY_TELEGRAM_TOKEN=set_up.bot_token)
    assert code == 0
    assert "Careful: LATCHKEY_TELEGRAM_TOKEN is also set in the environment" in said
    assert "LATCHKEY_TELEGRAM_TOKEN" not in set_up.settings()


async def test_it_begins_with_the_example_where_there_is_one(set_up: SetUp) -> None:
    example = (ROOT / ".env.example").read_text()
    (set_up.folder / ".env.example").write_text(example)
    await set_up.run(set_up.bot_token, set_up.cloudflare_token, "", "n")
    kept = [line for line in example.splitlines() if line.startswith("#")]
    assert [line for line in set_up.file.read_text().splitlines() if line.startswith("#")] == kept


async def test_the_end_of_the_input_stops_it_and_keeps_what_was_accepted(set_up: SetUp) -> None:
    code, said = await set_up.run(set_up.bot_token)
    assert code == 1
    assert said.splitlines()[-1].startswith("Stopped. What was accepted so far is kept")
    assert set_up.settings() == {"LATCHKEY_TELEGRAM_TOKEN": set_up.bot_token}


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"LATCHKEY_TYPO=1\n", "latchkey: LATCHKEY_TYPO is no setting"),
        (b"LATCHKEY_P12=other\n", "latchkey: LATCHKEY_P12 is wrong"),
        (b"\xff\xfe\n", "latchkey: .env cannot be read"),
    ],
)
async def test_another_setting_that_is_wrong_stops_it_with_one_line(set_up: SetUp, content: bytes, line: str) -> None:
    set_up.file.write_bytes(content)
    code, said = await set_up.run()
    assert (code, said.count("\n")) == (2, 1)
    assert said.startswith(line)
    assert set_up.file.read_bytes() == content


async def test_a_file_that_cannot_be_written(set_up: SetUp) -> None:
    set_up.file.symlink_to(set_up.folder / "missing" / ".env")
    code, said = await set_up.run(set_up.bot_token)
    assert code == 2
    assert said.splitlines()[-1].startswith("latchkey: .env cannot be written: ")
