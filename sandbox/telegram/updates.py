"""The queue of updates: offsets, what was asked for, how long things wait, and who may wait."""

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sandbox.clock import SandboxClock
from sandbox.telegram.errors import BadRequestError, BotApiError
from sandbox.telegram.methods import ORDINARY_UPDATES, UPDATE_KINDS

# Telegram's Bot API server: a press is kept 150 s, everything else a day.
PRESS_LASTS = timedelta(seconds=150)
UPDATE_LASTS = timedelta(hours=24)

_MAX_BATCH = 100
_MAX_WAIT_SECONDS = 50
_LOOK_AGAIN_SECONDS = 0.05
_FIRST_ID = 700_000_001
_WEBHOOK_IS_SET = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass(frozen=True)
class _Waiting:
    update: dict[str, Any]
    until: datetime


class UpdateQueue:
    """Updates from when they happen until an offset confirms them.

    ``polled`` is set while a ``getUpdates`` waits.
    """

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._queue: deque[_Waiting] = deque()
        self._first_end: datetime | None = None
        self._next_id = _FIRST_ID
        self._asked: frozenset[str] = ORDINARY_UPDATES
        self._explicit: list[str] | None = None
        self._poll: asyncio.Future[None] | None = None
        self._webhook = ""
        self._changed = asyncio.Event()
        self.polled = asyncio.Event()

    @property
    def pending(self) -> int:
        """How many updates no offset has confirmed yet; what waited too long is gone."""
        self._forget_old()
        return len(self._queue)

    @property
    def allowed(self) -> list[str] | None:
        """The kinds the bot asked for, None when it never said."""
        return self._explicit

    @property
    def webhook(self) -> str:
        """Where updates go instead of to ``getUpdates``; empty when nowhere."""
        return self._webhook

    @webhook.setter
    def webhook(self, url: str) -> None:
        self._webhook = url
        if url:
            self.end_poll(BotApiError(409, "Conflict: terminated by setWebhook request"))

    def add(self, update: dict[str, Any]) -> int:
        """Queue an update and wake who waits; returns its id, 0 for a kind the bot does not want."""
        kind = next((key for key in update if key != "update_id"), "")
        if kind not in UPDATE_KINDS:
            raise ValueError(f"an update has one of {', '.join(UPDATE_KINDS)}")
        if kind not in self._asked:
            return 0
        update_id, self._next_id = self._next_id, self._next_id + 1
        lasts = PRESS_LASTS if kind == "callback_query" else UPDATE_LASTS
        until = self._clock.now() + lasts
        self._queue.append(_Waiting({**update, "update_id": update_id}, until))
        self._first_end = until if self._first_end is None else min(self._first_end, until)
        self._wake(None)
        return update_id

    async def get(
        self, *, offset: int = 0, limit: int = _MAX_BATCH, wait: int = 0, allowed: Sequence[str] | None = None
    ) -> list[dict[str, Any]]:
        """One ``getUpdates``; waits ``wait`` real seconds for the first update.

        Raises:
            BotApiError: 409 when another call came meanwhile, or a webhook is set.
        """
        if not 1 <= limit <= _MAX_BATCH or not 0 <= wait <= _MAX_WAIT_SECONDS:
            raise BadRequestError(f"limit must be 1-{_MAX_BATCH}, timeout 0-{_MAX_WAIT_SECONDS}")
        if self._webhook:
            raise BotApiError(409, _WEBHOOK_IS_SET)
        self._ask(allowed)
        self.end_poll(
            BotApiError(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        )
        self._confirm(offset)
        loop = asyncio.get_running_loop()
        until = loop.time() + wait
        while not self.pending and (left := until - loop.time()) > 0:
            await self._wait(loop.create_future(), left)
        return [waiting.update for waiting in islice(self._queue, limit)]

    def drop(self) -> None:
        """Forget everything that waits."""
        self._queue.clear()
        self._tell()

    def end_poll(self, error: BotApiError) -> None:
        """End a waiting ``getUpdates`` with an error."""
        self._wake(error)

    async def quiet(self) -> None:
        """Return when nothing is pending."""
        while self.pending:
            # The clock may also move what waits out of the queue, and then nobody tells.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_AGAIN_SECONDS):
                    await self._changed.wait()

    async def _wait(self, poll: asyncio.Future[None], seconds: float) -> None:
        self._poll = poll
        self.polled.set()
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await poll
        finally:
            if self._poll is poll:
                self._poll = None
            if self._poll is None:
                self.polled.clear()

    def _wake(self, error: BotApiError | None) -> None:
        poll, self._poll = self._poll, None
        if poll is None or poll.done():
            return
        if error is None:
            poll.set_result(None)
        else:
            poll.set_exception(error)

    def _ask(self, allowed: Sequence[str] | None) -> None:
        if allowed is None:
            return
        if unknown := set(allowed) - set(UPDATE_KINDS):
            raise BadRequestError(f"unknown kinds in allowed_updates: {', '.join(sorted(unknown))}")
        self._explicit = list(allowed)
        self._asked = frozenset(allowed) or ORDINARY_UPDATES

    def _confirm(self, offset: int) -> None:
        self._forget_old()
        if offset < 0:
            self._queue = deque(list(self._queue)[offset:])
        while offset > 0 and self._queue and self._queue[0].update["update_id"] < offset:
            self._queue.popleft()
        self._tell()

    def _forget_old(self) -> None:
        now = self._clock.now()
        if self._first_end is None or now < self._first_end:
            return
        self._queue = deque(waiting for waiting in self._queue if waiting.until > now)
        self._first_end = min((waiting.until for waiting in self._queue), default=None)

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
