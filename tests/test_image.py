"""The container's files: what the image leaves out is not missed, and compose says what the image says."""

import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SITE = Path(pytest.__file__).parents[1]
PLAYED = ("first_day", "german", "spanish", "french")
superfluous: Callable[[Path], Iterator[Path]] = runpy.run_path(str(ROOT / "packaging" / "slim.py"))["superfluous"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
COMPOSE = (ROOT / "compose.yaml").read_text(encoding="utf-8")


def slim(site: Path) -> None:
    """The packages of these tests without what the image leaves out, as links."""
    gone = set(superfluous(SITE))
    holding = {parent for path in gone for parent in path.parents}

    def link(source: Path, target: Path) -> None:
        if source in gone:
            return
        if source not in holding:
            target.symlink_to(source)
            return
        target.mkdir(exist_ok=True)
        for each in source.iterdir():
            link(each, target / each.name)

    link(SITE, site)


def test_the_bot_runs_in_every_language_on_what_the_image_keeps(tmp_path: Path) -> None:
    slim(tmp_path)
    assert not (tmp_path / "cloudflare" / "resources").exists()
    assert not (tmp_path / "pip").exists()
    files = [str(ROOT / "tests" / "transcripts" / f"{name}.txt") for name in PLAYED]
    played = subprocess.run(
        [sys.executable, "-S", "-P", "-m", "sandbox", "play", *files],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": f"{tmp_path}:{ROOT}", "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert played.returncode == 0, played.stdout[-2000:] + played.stderr[-2000:]


def test_every_language_of_the_bot_is_kept() -> None:
    kept = {path.stem for path in (SITE / "babel" / "locale-data").glob("*.dat")} - {
        path.stem for path in superfluous(SITE)
    }
    languages = {"en", *(path.stem for path in (ROOT / "bot" / "chat" / "locales").glob("*.po"))}
    assert languages | {"root"} <= kept


def test_compose_asks_for_the_health_as_the_image_does() -> None:
    options = dict(re.findall(r"--(\S+)=(\S+)", DOCKERFILE.partition("HEALTHCHECK")[2].partition("CMD")[0]))
    command = re.search(r"HEALTHCHECK.*CMD (\[.*\])", DOCKERFILE)
    assert command is not None
    assert f'test: ["CMD", {command[1][1:]}' in COMPOSE
    for name, value in options.items():
        assert re.search(rf"^      {name.replace('-', '_')}: {value}$", COMPOSE, re.MULTILINE), name
    assert len(options) == 4


def test_the_image_runs_as_a_number_and_no_crash_writes_memory_to_a_disk() -> None:
    assert re.search(r"^USER \d+:\d+$", DOCKERFILE, re.MULTILINE)
    assert re.search(r"^    ulimits:\n      core: 0$", COMPOSE, re.MULTILINE)


def test_what_the_build_copies_is_sent_to_it() -> None:
    sent = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[0] == "!"}
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE) for name in line.split()
    }
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)
