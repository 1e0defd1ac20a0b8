"""The log of a bot that runs in this process, in a file."""

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import structlog

from bot import log


@contextlib.contextmanager
def logged_to(file: Path) -> Iterator[None]:
    """The bot's log goes to a file, as JSON, without a redaction that the running bot would not have."""
    root = logging.getLogger()
    before, level, ours = root.handlers[:], root.level, structlog.get_config()
    with file.open("a", encoding="utf-8") as stream:
        log.set_up("json", level=logging.INFO)
        handler = root.handlers[0]
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
        try:
            yield
        finally:
            root.handlers[:] = before
            root.setLevel(level)
            structlog.configure(**ours)
