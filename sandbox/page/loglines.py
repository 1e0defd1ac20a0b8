"""The bot's log lines, kept for the page while the terminal stays quiet."""

import logging
import re
from collections import deque
from types import TracebackType
from typing import Self

import structlog

from bot.log import set_up

_KEPT = 300
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class LogLines(logging.Handler):
    """Used as ``with LogLines(secrets) as lines``: collects what the bot would print, redacted as there.

    ``terminal`` is the level from which lines also go to standard error. What logging was before comes back
    at the end.
    """

    def __init__(self, secrets: tuple[str, ...] = (), *, terminal: int = logging.ERROR) -> None:
        super().__init__()
        self._secrets = secrets
        self._terminal = terminal
        self._lines: deque[str] = deque(maxlen=_KEPT)
        self.written = 0

    @property
    def lines(self) -> list[str]:
        """The latest lines, oldest first."""
        return list(self._lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._lines.append(self.format(record))
        self.written += 1

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._before = (list(root.handlers), root.level, structlog.get_config())
        set_up("console", self._secrets)
        printing = root.handlers[0]
        printing.setLevel(self._terminal)
        plain = printing.formatter
        self.setFormatter(_Plain(plain) if plain else None)
        root.addHandler(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        root = logging.getLogger()
        handlers, level, config = self._before
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.configure(**config)


class _Plain(logging.Formatter):
    """The terminal's formatter without its colours."""

    def __init__(self, formatter: logging.Formatter) -> None:
        super().__init__()
        self._formatter = formatter

    def format(self, record: logging.LogRecord) -> str:
        """The line as text."""
        return _COLOUR.sub("", self._formatter.format(record))
