"""The processes that tests start: each dies with whoever started it, and none outlives its test."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from multiprocessing import forkserver, resource_tracker
from pathlib import Path
from typing import Any

from tests.patience import LAST_RESORT_SECONDS

_PR_SET_PDEATHSIG = 1
"""prctl(2), Linux alone: elsewhere what is started lives on when its tests are killed, and ends with them else."""

_PRCTL: Callable[..., int] | None = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
_LOOK_SECONDS = 0.01


def die_with(parent: int) -> None:
    """Called in a child: from now on the system kills it (SIGKILL) when ``parent``, which started it, has ended."""
    if _PRCTL is not None:
        _PRCTL(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(9)


def die_with_the_tests() -> None:
    """Called in a process that the server of ``multiprocessing`` forked: the same, though that server started it.

    The server ends when nobody holds its pipe any more, and it gives that pipe to each child; who starts no process
    needs none.
    """
    die_with(os.getppid())
    os.close(forkserver._forkserver._forkserver_alive_fd)  # type: ignore[attr-defined]


async def spawned(*command: str | Path, **options: Any) -> asyncio.subprocess.Process:
    """``asyncio.create_subprocess_exec`` for a process that dies with this one."""
    # Between fork and exec nothing happens but one system call that was looked up before.
    dies = partial(die_with, os.getpid())
    return await asyncio.create_subprocess_exec(*command, **options, preexec_fn=dies)


def now() -> set[int]:
    """The children of this process, and those that were forked for it; without the servers of ``multiprocessing``."""
    servers = {getattr(forkserver._forkserver, "_forkserver_pid", None), getattr(_tracker(), "_pid", None)}
    theirs = [child for server in servers if server for child in _children(server)]
    return {*_children(os.getpid()), *theirs} - servers


def end(those: set[int]) -> None:
    """Kill children, with the group of whoever leads one, and wait until they are dead. Who started one reaps it."""
    for child in those:
        with suppress(ProcessLookupError):
            if os.getpgid(child) == child:
                os.killpg(child, signal.SIGKILL)
            else:
                os.kill(child, signal.SIGKILL)
    until = time.monotonic() + LAST_RESORT_SECONDS
    while any(is_alive(child) for child in those):
        assert time.monotonic() < until, f"{those} cannot be killed"
        time.sleep(_LOOK_SECONDS)


def is_alive(process: int) -> bool:
    """Whether it runs. One that has ended and was not reaped yet does not."""
    try:
        told = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return told.rpartition(")")[2].split()[0] not in {"Z", "X"}


def _tracker() -> object:
    return resource_tracker._resource_tracker


def _children(process: int) -> Iterator[int]:
    # proc(5): what each thread of it has started.
    for file in Path(f"/proc/{process}/task").glob("*/children"):
        with suppress(FileNotFoundError, ProcessLookupError):
            yield from (int(child) for child in file.read_text(encoding="ascii").split())
