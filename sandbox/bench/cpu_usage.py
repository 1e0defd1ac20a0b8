"""What the bot spends its time on: SQLite and calls, counted from outside of its code."""

import time
from collections import Counter
from typing import Any

import httpx
from sqlalchemy import event
from sqlalchemy.engine import Engine

WAITED_FOR = "getUpdates"
"""A long poll is no work."""


class Spent:
    """Seconds and numbers since ``begin``; what runs side by side counts for each."""

    def __init__(self) -> None:
        self._sums: Counter[str] = Counter()
        self._send = httpx.AsyncClient.send
        httpx.AsyncClient.send = self._timed_send  # type: ignore[method-assign]
        event.listen(Engine, "before_cursor_execute", self._statement_begins)
        event.listen(Engine, "after_cursor_execute", self._statement_ends)
        event.listen(Engine, "begin", self._transaction_begins)
        event.listen(Engine, "commit", self._commits)

    def begin(self) -> None:
        """Forget what was."""
        self._sums.clear()

    def told(self) -> dict[str, float]:
        """What was counted."""
        return dict(self._sums)

    @property
    def _timed_send(self) -> Any:
        async def send(client: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
            begun = time.perf_counter()
            answer = await self._send(client, request, **options)
            if WAITED_FOR not in request.url.path:
                self._sums["calls"] += 1
                self._sums["calling"] += time.perf_counter() - begun  # type: ignore[assignment]
            return answer

        return send

    def _statement_begins(self, connection: Any, *_: object) -> None:
        connection.info["begun"] = time.perf_counter()

    def _statement_ends(self, connection: Any, *_: object) -> None:
        self._sums["statements"] += 1
        self._sums["executing"] += time.perf_counter() - connection.info["begun"]

    def _transaction_begins(self, _connection: object) -> None:
        self._sums["transactions"] += 1

    def _commits(self, _connection: object) -> None:
        self._sums["commits"] += 1
