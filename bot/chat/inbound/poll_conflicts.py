"""Why Telegram does not give the bot its messages: another program polls for them, or a webhook gets them."""

from datetime import datetime, timedelta

import structlog
from telegram.error import Conflict

from bot.boundary import boundary
from bot.chat.outbound.connection import RedactedBot, is_webhooks_conflict, our_errors
from bot.errors import ChatTrouble
from bot.services.context import AppContext
from bot.services.inbox import receive

_log = structlog.get_logger()
_IS_OVER = timedelta(hours=1)
_GOES_ON = 3
"""Conflicts in a row that are more than a moment's."""

_NOBODY_KNOWS = "?"


class Conflicts:
    """Says each kind once, until there was none of it for a while: two programs that take turns each succeed now and
    then.

    The log hears of the first. The admins hear of a webhook at once, for nothing sets one by accident, and of another
    poller when it goes on, for one conflict alone comes of a quick restart too.
    """

    def __init__(self, app: AppContext, bot: RedactedBot) -> None:
        self._parts = app
        self._bot = bot
        self._last: dict[bool, datetime] = {}
        self._count: dict[bool, int] = {}
        self._webhook_told = False

    async def met(self, error: Conflict) -> None:
        """Say what is in the way, if that is news."""
        is_webhook = is_webhooks_conflict(error)
        last, now = self._last.get(is_webhook), self._parts.clock.now()
        self._last[is_webhook] = now
        if last is None or abs(now - last) > _IS_OVER:
            self._count[is_webhook] = 0
        self._count[is_webhook] += 1
        if is_webhook:
            await self._say_webhook(self._count[is_webhook])
        else:
            await self._say_poller(self._count[is_webhook])

    async def _say_poller(self, count: int) -> None:
        if count == 1:
            _log.error("another program fetches this bot's messages: stop it, or give it a token of its own")
        if count == _GOES_ON:
            with boundary("conflict not told"):
                await receive.notify_poll_conflict(self._parts)

    async def _say_webhook(self, count: int) -> None:
        if count == 1:
            self._webhook_told = False
        if self._webhook_told:
            return
        host = await self._host()
        if not host and count < _GOES_ON:
            # It may have been ended in this very moment.
            return
        self._webhook_told, host = True, host or _NOBODY_KNOWS
        _log.error(
            "a webhook gets this bot's messages, so the bot hears nothing: "
            "if nothing of yours needs it, run latchkey check --end-webhook",
            webhook_at=host,
        )
        with boundary("conflict not told"):
            await receive.tell_of_webhook(self._parts, host)

    async def _host(self) -> str:
        try:
            with our_errors():
                return await self._bot.webhook_host()
        except ChatTrouble:
            return _NOBODY_KNOWS
