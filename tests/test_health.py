"""Asking a running bot from outside whether it is well, with next to nothing imported."""

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.health import database
from bot.heartbeat import STALE
from bot.settings import load

ROOT = Path(__file__).parents[1]
LIGHT = frozenset({"bot", "bot.health", "bot.heartbeat"})
NEEDED = {"LATCHKEY_TELEGRAM_TOKEN": "1:a", "LATCHKEY_CLOUDFLARE_TOKEN": "b", "LATCHKEY_ZONE": "example.com"}
PLACES: list[Mapping[str, str]] = [
    {},
    {"LATCHKEY_DATABASE": ""},
    {"LATCHKEY_DATABASE": "here/one.sqlite3"},
    {"LATCHKEY_DATABASE_FILE": "named"},
]


def asked(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot.health", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "LATCHKEY_DATABASE": str(directory / "latchkey.sqlite3")},
        cwd=directory,
        capture_output=True,
        text=True,
        check=False,
    )


def beat(directory: Path, ago: timedelta) -> None:
    (directory / "latchkey.sqlite3.heartbeat").write_text((datetime.now(UTC) - ago).isoformat(), encoding="ascii")


def test_alive_not_alive_and_never(tmp_path: Path) -> None:
    never = asked(tmp_path)
    assert (never.returncode, never.stdout) == (1, "not alive: Telegram last answered never.\n")
    beat(tmp_path, timedelta(seconds=0))
    alive = asked(tmp_path)
    assert alive.returncode == 0
    assert alive.stdout.startswith("alive: Telegram last answered ")
    beat(tmp_path, STALE + timedelta(seconds=1))
    late = asked(tmp_path, "--quiet")
    assert (late.returncode, late.stdout, late.stderr) == (1, "", "")


def test_it_imports_next_to_nothing() -> None:
    told = "import json, sys, bot.health; print(json.dumps(sorted(sys.modules)))"
    out = subprocess.run(
        [sys.executable, "-S", "-c", told], env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    modules = {name.partition(".")[0] for name in json.loads(out.stdout)}
    assert {name for name in json.loads(out.stdout) if name.startswith("bot")} == LIGHT
    assert modules - {"bot"} <= sys.stdlib_module_names | {"__main__"}
    assert "asyncio" not in modules


@pytest.mark.parametrize(("environment", "env_file"), list(itertools.product(PLACES, PLACES)))
def test_it_looks_where_the_settings_say(
    environment: Mapping[str, str], env_file: Mapping[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("named").write_text("in/a/file.sqlite3\n", encoding="utf-8")
    Path(".env").write_text("".join(f"{name}={value}\n" for name, value in env_file.items()), encoding="utf-8")
    both = {**environment, "HOME": "/"}
    assert database(both) == load({**both, **NEEDED}).database
