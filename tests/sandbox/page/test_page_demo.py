"""The demonstration as a process of its own; the log lines and the record on their own."""

import asyncio
import logging
import os
import re
import signal
import sys
from pathlib import Path

import aiohttp
import structlog

from sandbox.page.loglines import LogLines
from sandbox.page.record import read_record
from tests.children import spawned
from tests.patience import LAST_RESORT_SECONDS

_START = "import asyncio; from sandbox.demo import demo; asyncio.run(demo(open_browser=False))"


async def test_it_prints_one_address_and_leaves_nothing_behind(tmp_path: Path) -> None:
    process = await spawned(
        *(sys.executable, "-c", _START),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path), "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert process.stdout is not None
    try:
        told = b""
        while b"Ctrl-C" not in told:
            line = await process.stdout.readline()
            assert line
            told += line
        addresses = re.findall(r"http://127\.0\.0\.1:\d+/", told.decode())
        assert len(addresses) == 1
        async with aiohttp.ClientSession() as session, session.get(addresses[0]) as answer:
            assert "Latchkey" in await answer.text()
        assert list(tmp_path.iterdir())
        process.send_signal(signal.SIGINT)
        _, errors = await asyncio.wait_for(process.communicate(), LAST_RESORT_SECONDS)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert (process.returncode, errors) == (0, b"")
    assert list(tmp_path.iterdir()) == []


def test_log_lines_are_redacted_and_logging_comes_back() -> None:
    before = list(logging.getLogger().handlers)
    with LogLines(("a secret",)) as lines:
        structlog.get_logger().info("told", word="a secret")
        assert len(lines.lines) == lines.written == 1
        assert "told" in lines.lines[0]
        assert "[redacted]" in lines.lines[0]
        assert "a secret" not in lines.lines[0]
    assert logging.getLogger().handlers == before


def test_there_is_no_record_without_a_database(tmp_path: Path) -> None:
    assert read_record(tmp_path / "none.sqlite3").events == []
    (tmp_path / "empty.sqlite3").touch()
    assert read_record(tmp_path / "empty.sqlite3").events == []
