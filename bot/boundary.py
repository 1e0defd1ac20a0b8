"""The one place where the unexpected is caught: it becomes a short id, told to the person and written to the log."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

_log = structlog.get_logger()


@dataclass
class CaughtError:
    """``error_id`` is set when something unexpected happened; the log has its traceback under the same id."""

    error_id: str | None = None


@contextmanager
def boundary(event: str, **facts: object) -> Iterator[CaughtError]:
    """Run a block of work that nobody above can answer for. Cancellation goes through."""
    caught = CaughtError()
    try:
        yield caught
    except Exception:  # noqa: BLE001 -- the boundary itself
        caught.error_id = secrets.token_hex(4)
        _log.exception(event, error_id=caught.error_id, **facts)
