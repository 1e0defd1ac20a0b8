"""Who writes next: one at a time, and whoever takes something away is let in before all others who wait.

SQLite has one writer, and all of us one interpreter. Fifty orders at once are some three hundred transactions: a
revoke that queued behind them would come seconds late, and one that was let in first but shared every step with
them would still take three times as long as alone.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_first: ContextVar[bool] = ContextVar("goes_first", default=False)
_PATIENCE_SECONDS = 0.1


class _Waiter:
    """Somebody's place in a queue."""

    def __init__(self) -> None:
        self.come: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.waits_no_longer = False


class PriorityWriteLock:
    """A lock with two queues. Within a queue the oldest is next.

    While somebody is at work alone the others are not let in, but never longer than ``_PATIENCE_SECONDS`` each:
    Cloudflare or Telegram may let a revoke wait for half a minute.
    """

    def __init__(self) -> None:
        self._busy = False
        self._alone = 0
        self._nobody_alone = asyncio.Event()
        self._first: deque[_Waiter] = deque()
        self._others: deque[_Waiter] = deque()

    @contextmanager
    def goes_first(self, *, really: bool = True, alone: bool = False) -> Iterator[None]:
        """Within this block, and in tasks begun in it, transactions are let in before others; not if not ``really``.

        ``alone``: nobody else is let in until the block has ended.
        """
        token = _first.set(really)
        self._alone += alone
        self._nobody_alone.clear()
        try:
            yield
        finally:
            self._alone -= alone
            _first.reset(token)
            if not self._alone:
                self._nobody_alone.set()
            self._let_in_next()

    async def when_nobody_is_alone(self) -> None:
        """Return at once for whoever goes first; for others once nobody is at work alone, or they waited enough."""
        if self._alone and not _first.get():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_PATIENCE_SECONDS):
                    await self._nobody_alone.wait()

    async def __aenter__(self) -> None:
        turn = _Waiter()
        if _first.get():
            self._first.append(turn)
            patience = None
        else:
            self._others.append(turn)
            patience = asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._wait_no_longer, turn)
        self._let_in_next()
        try:
            await turn.come
        except asyncio.CancelledError:
            if not turn.come.cancelled():
                # It was let in at the very moment it gave up: the next one is let in instead.
                self._busy = False
            self._let_in_next()
            raise
        finally:
            if patience is not None:
                patience.cancel()

    async def __aexit__(self, *_: object) -> None:
        self._busy = False
        self._let_in_next()

    def _wait_no_longer(self, turn: _Waiter) -> None:
        turn.waits_no_longer = True
        self._let_in_next()

    def _let_in_next(self) -> None:
        if self._busy:
            return
        for queue in (self._first, self._others):
            while queue and queue[0].come.done():
                queue.popleft()
            if queue and (queue is self._first or not self._alone or queue[0].waits_no_longer):
                self._busy = True
                queue.popleft().come.set_result(None)
                return
