"""The program in a process of its own, forked from one that has imported it already: imports take seconds, a fork
takes milliseconds. Whatever is told about a fresh interpreter belongs into ``tests/e2e/test_e2e_process.py``.
"""

import asyncio
import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Protocol

from bot.__main__ import main
from tests.children import die_with_the_tests

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["bot.__main__", "sandbox.bot", "tests.preloaded"])


class Running(Protocol):
    """What a test does with a process, whoever started it: that part of ``asyncio.subprocess.Process``."""

    stdin: asyncio.StreamWriter | None
    stdout: asyncio.StreamReader | None

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    async def wait(self) -> int: ...

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]: ...  # noqa: A002 -- as there

    def send_signal(self, signal: int, /) -> None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...


class Forked:
    """See ``Running``."""

    stdin: asyncio.StreamWriter | None = None
    stdout: asyncio.StreamReader | None = None
    stderr: asyncio.StreamReader | None = None

    def __init__(self, process: "multiprocessing.context.ForkServerProcess") -> None:
        self._process = process
        self.pid = process.pid or 0

    @property
    def returncode(self) -> int | None:
        """Its exit code, or minus the signal that ended it, once it has ended."""
        return self._process.exitcode

    async def wait(self) -> int:
        """Wait for its end."""
        ended, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(self._process.sentinel, ended.set)
        try:
            await ended.wait()
        finally:
            loop.remove_reader(self._process.sentinel)
        await asyncio.to_thread(self._process.join)
        return self._process.exitcode or 0

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:  # noqa: A002 -- as in asyncio
        """Write, close, read all there comes, wait for the end."""
        if self.stdin is not None:
            self.stdin.write(input or b"")
            self.stdin.close()
        out, err, _ = await asyncio.gather(_all_of(self.stdout), _all_of(self.stderr), self.wait())
        return out, err

    def send_signal(self, signal: int) -> None:
        """Send a signal, if it has not ended."""
        if self._process.exitcode is None:
            os.kill(self.pid, signal)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send SIGKILL."""
        self.send_signal(signal.SIGKILL)


async def start(
    *words: str, env: Mapping[str, str], cwd: Path, typing: bool = False, one_stream: bool = False
) -> Forked:
    """Start ``latchkey WORDS``. With ``typing`` it reads what the test writes, else nothing; with ``one_stream``
    its errors come where all else comes.
    """
    keys_read, keys_write = os.pipe() if typing else (os.open(os.devnull, os.O_RDONLY), None)
    out_read, out_write = os.pipe()
    err_read, err_write = (None, os.dup(out_write)) if one_stream else os.pipe()
    theirs = [Connection(keys_read, writable=False)]
    theirs += [Connection(file, readable=False) for file in (out_write, err_write)]
    process = FORKS.Process(target=_main, args=(words, dict(env), str(cwd), *theirs), daemon=True)
    await asyncio.to_thread(process.start)
    for connection in theirs:
        connection.close()
    forked = Forked(process)
    forked.stdout = await _reader(out_read)
    forked.stderr = None if err_read is None else await _reader(err_read)
    forked.stdin = None if keys_write is None else await _writer(keys_write)
    return forked


def _main(words: tuple[str, ...], env: dict[str, str], cwd: str, *streams: Connection) -> None:
    die_with_the_tests()
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    for number, stream in enumerate(streams):
        os.dup2(stream.fileno(), number)
        stream.close()
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    sys.stdout, sys.stderr = _text(1), _text(2)
    sys.argv = ["latchkey", *words]
    # What an interpreter does by itself and a fork of a multi-processing server does not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    main()


def _text(number: int) -> IO[str]:
    return io.TextIOWrapper(os.fdopen(number, "wb", closefd=False), encoding="utf-8", line_buffering=number == 2)


async def _all_of(stream: asyncio.StreamReader | None) -> bytes:
    return b"" if stream is None else await stream.read()


async def _reader(file: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(file, "rb", buffering=0)
    )
    return reader


async def _writer(file: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(
        asyncio.streams.FlowControlMixin, os.fdopen(file, "wb", buffering=0)
    )
    return asyncio.StreamWriter(transport, protocol, None, loop)
