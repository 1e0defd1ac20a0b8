"""Plays every transcript against a fresh sandbox with the real bot."""

import shutil
from pathlib import Path

import pytest

from sandbox.bot import SandboxBot
from sandbox.transcript import play

ALL = sorted(Path(__file__).parent.glob("*.txt"))


@pytest.mark.parametrize("file", ALL, ids=lambda file: file.stem)
async def test_as_told(file: Path) -> None:
    if " runs " in file.read_text(encoding="utf-8") and shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: apt-get install openssl")
    await play(file, SandboxBot)
