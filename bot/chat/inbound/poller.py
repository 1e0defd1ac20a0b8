"""Fetching updates: stored first, confirmed by the next call, handled in lanes.

The library's own updater confirms a batch before its handlers have run: what was under way in a crash is lost.
"""

import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, TypeVar

import structlog
from telegram.error import Conflict

from bot.boundary import boundary
from bot.chat.inbound.dispatcher import Dispatcher
from bot.chat.inbound.ordering import PATIENCE_SECONDS, PATIENCE_TAKING_AWAY_SECONDS, Place, SubjectOrder, subject_of
from bot.chat.inbound.poll_conflicts import Conflicts
from bot.chat.inbound.priority import takes_away
from bot.chat.inbound.queues import PerUserQueues
from bot.chat.inbound.updates import ALLOWED_UPDATES, read, sender
from bot.chat.outbound.connection import LONG_POLL_SECONDS, RedactedBot, our_errors
from bot.errors import ChatTrouble, StoreTrouble
from bot.services.context import AppContext
from bot.services.inbox import receive
from bot.services.inbox.receive import IncomingUpdate, PendingUpdate
from bot.store.engine.database import Cause
from bot.store.jobs.inbox import StoredUpdate

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_STORE_AGAIN_SECONDS = 5.0
_T = TypeVar("_T")


class Poller:
    """Asks Telegram for updates until cancelled. ``alive`` is called after each call that Telegram answered."""

    def __init__(
        self, app: AppContext, bot: RedactedBot, gate: Dispatcher, lanes: PerUserQueues, alive: Callable[[], None]
    ) -> None:
        self._parts = app
        self._bot = bot
        self._gate = gate
        self._lanes = lanes
        self._alive = alive
        self._conflicts = Conflicts(app, bot)
        self._under_way: set[int] = set()
        self._order = SubjectOrder()

    async def requeue_in_flight(self) -> None:
        """After all was cancelled: no update is to blame for that.

        Raises:
            StoreTrouble: it stays counted as an attempt.
        """
        await receive.not_tried(self._parts, self._under_way)

    async def run(self) -> None:
        """Take up what an earlier run left, then poll.

        Raises:
            SettingWrong: Telegram does not accept the token any more. (The library's own polling would die
                silently of that, with everything else still looking alive.)
        """
        for left in await receive.unhandled(self._parts):
            self._enqueue(left)
        pause = _FIRST_PAUSE
        offset = await receive.next_offset(self._parts)
        while True:
            try:
                updates = await self._fetch(offset)
            except ChatTrouble as trouble:
                await self._parts.clock.wait(getattr(trouble, "retry_after", pause))
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            try:
                offset = await self._kept(updates)
            except StoreTrouble as trouble:
                # Not confirmed, so Telegram keeps them: they come again.
                await self._gate.say_stuck(updates, trouble)
                await self._wait_for_store(trouble)
                continue
            self._alive()

    async def _fetch(self, offset: int | None) -> list[dict[str, Any]]:
        with our_errors():
            try:
                found = await self._bot.raw_updates(offset=offset, seconds=LONG_POLL_SECONDS, kinds=ALLOWED_UPDATES)
            except Conflict as conflict:
                await self._conflicts.met(conflict)
                raise ChatTrouble from None
        return found

    async def _kept(self, updates: list[dict[str, Any]]) -> int | None:
        """Store a batch and hand it in; the offset that confirms it."""
        if not updates:
            return await receive.next_offset(self._parts)
        await self._keep(updates)
        return int(max(update["update_id"] for update in updates)) + 1

    async def _written(self, call: Callable[[], Awaitable[_T]]) -> _T:
        """What the call answers, as soon as the database does it: a full disk loses nothing that was stored."""
        while True:
            try:
                return await call()
            except StoreTrouble as trouble:
                await self._wait_for_store(trouble)

    async def _wait_for_store(self, trouble: StoreTrouble) -> None:
        if not trouble.again_helps:
            raise trouble
        _log.error("nothing can be stored", line=trouble.line)
        await self._parts.clock.wait(_STORE_AGAIN_SECONDS)

    async def _keep(self, updates: list[dict[str, Any]]) -> None:
        kept = await receive.store_updates(self._parts, [_arrived(update) for update in updates], self._lanes.is_free)
        for each in kept.to_handle:
            self._enqueue(each)
        for update in kept.too_fast:
            lane = update.telegram_id or 0
            self._lanes.put(lane, partial(self._ask_to_slow_down, update, self._order.enter(lane, None)))

    async def _ask_to_slow_down(self, update: IncomingUpdate, place: Place) -> None:
        await place.come(PATIENCE_SECONDS)
        try:
            await self._gate.ask_to_slow_down(update.body, Cause(update.update_id))
        finally:
            place.end()

    def _enqueue(self, waiting: PendingUpdate) -> None:
        place = self._order.enter(waiting.lane, subject_of(waiting.received.body))
        self._lanes.put(waiting.lane, partial(self._process, waiting, place))

    async def _process(self, waiting: PendingUpdate, place: Place) -> None:
        number = waiting.received.update_id
        if waiting.begun:
            self._under_way.add(number)
        await place.come(PATIENCE_TAKING_AWAY_SECONDS if waiting.takes_away else PATIENCE_SECONDS)
        self._under_way.add(number)
        try:
            with self._parts.store.goes_first(really=waiting.takes_away, alone=waiting.takes_away):
                await self._handle(waiting.received, Cause(number, place.leave), begun=waiting.begun)
        finally:
            place.end()
        # Not so where it was cancelled.
        self._under_way.discard(number)

    async def _handle(self, received: StoredUpdate, cause: Cause, *, begun: bool) -> None:
        """Handle it, and empty its place whatever came of that: what breaks once would break again at each start."""
        number = received.update_id
        with boundary("inbox broke", update_id=number):
            if not begun and not await self._written(partial(receive.begin, self._parts, number)):
                error_id = secrets.token_hex(4)
                _log.error("update set aside", update_id=number, error_id=error_id)
                await self._written(partial(receive.set_aside, self._parts, number, error_id))
                return
            if received.body is not None:
                await self._gate.handle(read(received.body), cause, received.received_at)
        with boundary("inbox not emptied", update_id=number):
            if not cause.handled:
                await self._written(partial(receive.done, self._parts, number))


def _arrived(raw: dict[str, Any]) -> IncomingUpdate:
    return IncomingUpdate(raw["update_id"], sender(raw), raw, takes_away=takes_away(raw))
