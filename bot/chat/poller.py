"""Fetching updates: stored first, confirmed by the next call, handled in lanes.

The library's own updater confirms a batch before its handlers have run: what was under way in a crash is lost.
"""

import secrets
from collections.abc import Callable
from functools import partial

import structlog
from telegram import Update
from telegram.error import Conflict

from bot.boundary import boundary
from bot.chat.connection import LONG_POLL_SECONDS, QuietBot, our_errors
from bot.chat.gate import Gate
from bot.chat.incoming import ALLOWED_UPDATES, read, sender
from bot.chat.lanes import Lanes
from bot.errors import ChatTrouble
from bot.services import intake
from bot.services.intake import Arrived
from bot.services.parts import Parts
from bot.store.database import Cause
from bot.store.inbox import Received

_log = structlog.get_logger()
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 30.0
_NOBODYS_LANE = 0


class Poller:
    """Asks Telegram for updates until cancelled. ``alive`` is called after each call that Telegram answered."""

    def __init__(self, parts: Parts, bot: QuietBot, gate: Gate, lanes: Lanes, alive: Callable[[], None]) -> None:
        self._parts = parts
        self._bot = bot
        self._gate = gate
        self._lanes = lanes
        self._alive = alive
        self._in_conflict = False

    async def run(self) -> None:
        """Take up what an earlier run left, then poll.

        Raises:
            SettingWrong: Telegram does not accept the token any more. (The library's own polling would die
                silently of that, with everything else still looking alive.)
        """
        for left in await intake.unhandled(self._parts):
            self._hand_in(left)
        pause = _FIRST_PAUSE
        while True:
            try:
                updates = await self._fetch(await intake.next_offset(self._parts))
            except ChatTrouble as trouble:
                await self._parts.clock.wait(getattr(trouble, "retry_after", pause))
                pause = min(pause * 2, _LONGEST_PAUSE)
                continue
            pause = _FIRST_PAUSE
            self._alive()
            if updates:
                await self._keep(updates)

    async def _fetch(self, offset: int | None) -> tuple[Update, ...]:
        with our_errors():
            try:
                found = await self._bot.get_updates(
                    offset=offset, timeout=LONG_POLL_SECONDS, allowed_updates=list(ALLOWED_UPDATES)
                )
            except Conflict:
                self._say_conflict()
                raise ChatTrouble from None
        self._in_conflict = False
        return found

    def _say_conflict(self) -> None:
        if not self._in_conflict:
            _log.error("another program fetches this bot's messages: stop it, or give it a token of its own")
        self._in_conflict = True

    async def _keep(self, updates: tuple[Update, ...]) -> None:
        arrived = [_arrived(update) for update in updates]
        fresh = await intake.keep(self._parts, arrived)
        now = self._parts.clock.now()
        for update in arrived:
            if update.update_id in fresh:
                self._hand_in(Received(update.update_id, update.telegram_id, update.body, now, 0))

    def _hand_in(self, received: Received) -> None:
        self._lanes.put(received.telegram_id or _NOBODYS_LANE, partial(self._process, received))

    async def _process(self, received: Received) -> None:
        with boundary("inbox broke", update_id=received.update_id):
            if not await intake.begin(self._parts, received.update_id):
                error_id = secrets.token_hex(4)
                _log.error("update set aside", update_id=received.update_id, error_id=error_id)
                await intake.set_aside(self._parts, received.update_id, error_id)
                return
            if received.body is not None:
                await self._gate.handle(read(received.body), Cause(received.update_id), received.received_at)
            await intake.done(self._parts, received.update_id)


def _arrived(update: Update) -> Arrived:
    raw = update.to_dict()
    return Arrived(update.update_id, sender(raw), update.to_json().encode())
