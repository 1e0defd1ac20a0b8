"""Lanes: what one person sends is handled in order, and nobody waits for another person."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Work = Callable[[], Awaitable[None]]


class PerUserQueues:
    """One queue a key, each worked off by a task that ends with it."""

    def __init__(self) -> None:
        self._queues: dict[int, deque[Work]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()

    def put(self, key: int, work: Work) -> None:
        """Add work to a lane. ``work`` answers for its own errors."""
        if key in self._queues:
            self._queues[key].append(work)
            return
        self._queues[key] = deque([work])
        task = asyncio.create_task(self._drain(key), name=f"lane:{key}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def is_free(self, key: int) -> bool:
        """Whether a lane has nothing to do."""
        return key not in self._queues

    @property
    def is_idle(self) -> bool:
        """Whether every lane is empty."""
        return not self._queues

    async def idle(self) -> None:
        """Return when every lane is empty."""
        while self._queues:
            self._changed.clear()
            await self._changed.wait()

    async def stop(self) -> None:
        """Stop at once; what was not finished is still in the inbox."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._queues.clear()
        self._changed.set()

    async def _drain(self, key: int) -> None:
        queue = self._queues[key]
        while queue:
            await queue[0]()
            queue.popleft()
        del self._queues[key]
        self._changed.set()
