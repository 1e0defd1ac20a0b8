"""The heartbeat beside the database."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest

from bot.heartbeat import STALE, Heartbeat
from sandbox.clock import SandboxClock


@pytest.fixture
def clock(tmp_path: Path) -> SandboxClock:
    return SandboxClock(tmp_path / "clock")


@pytest.fixture
def heartbeat(tmp_path: Path, clock: SandboxClock) -> Heartbeat:
    return Heartbeat(tmp_path / "latchkey.sqlite3", clock)


def test_before_the_first_beat(heartbeat: Heartbeat) -> None:
    assert heartbeat.age() is None
    assert not heartbeat.is_alive()


def test_alive_until_stale(heartbeat: Heartbeat, clock: SandboxClock) -> None:
    heartbeat.beat()
    assert heartbeat.is_alive()
    clock.plus(STALE - timedelta(seconds=5))
    assert heartbeat.is_alive()
    clock.plus(timedelta(seconds=5))
    assert not heartbeat.is_alive()
    heartbeat.beat()
    assert heartbeat.is_alive()


def test_another_process_reads_it(tmp_path: Path, clock: SandboxClock, heartbeat: Heartbeat) -> None:
    heartbeat.beat()
    assert Heartbeat(tmp_path / "latchkey.sqlite3", SandboxClock(tmp_path / "clock")).is_alive()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["clock", "latchkey.sqlite3.heartbeat"]


@pytest.mark.parametrize("content", [b"", b"yesterday", b"\xff\xfe", b"2026-11-24T12:00:00", b"2026-11-24"])
def test_a_file_that_is_no_heartbeat(tmp_path: Path, heartbeat: Heartbeat, content: bytes) -> None:
    (tmp_path / "latchkey.sqlite3.heartbeat").write_bytes(content)
    assert heartbeat.age() is None
    assert not heartbeat.is_alive()


def test_nobody_else_may_read_or_write_it(tmp_path: Path, heartbeat: Heartbeat, clock: SandboxClock) -> None:
    file = tmp_path / "latchkey.sqlite3.heartbeat"
    loose = tmp_path / "latchkey.sqlite3.heartbeat.new"
    for left_behind in (file, loose):
        left_behind.touch(mode=0o644)
    before = os.umask(0)
    try:
        heartbeat.beat()
        clock.plus(timedelta(seconds=2))
        heartbeat.beat()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert not loose.exists()
