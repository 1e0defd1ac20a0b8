"""Who writes next: one at a time, and whoever takes something away is let in before all others who wait.

SQLite has one writer. Fifty orders at once are some three hundred transactions; a revoke that queued behind
them would come seconds late.
"""

import asyncio
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_first: ContextVar[bool] = ContextVar("goes_first", default=False)


@contextmanager
def goes_first(*, really: bool = True) -> Iterator[None]:
    """Within this block, and in tasks begun in it, transactions are let in before others; not with ``really=False``."""
    token = _first.set(really)
    try:
        yield
    finally:
        _first.reset(token)


class Writers:
    """A lock with two queues. Within a queue the oldest is next."""

    def __init__(self) -> None:
        self._busy = False
        self._first: deque[asyncio.Future[None]] = deque()
        self._others: deque[asyncio.Future[None]] = deque()

    async def __aenter__(self) -> None:
        if not self._busy:
            self._busy = True
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        (self._first if _first.get() else self._others).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # It was let in at the very moment it gave up: the next one is let in instead.
                self._let_in_next()
            raise

    async def __aexit__(self, *_: object) -> None:
        self._let_in_next()

    def _let_in_next(self) -> None:
        for queue in (self._first, self._others):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._busy = False
