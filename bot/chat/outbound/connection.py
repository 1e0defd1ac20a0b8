"""The connection to Telegram: one bot, its time-outs, and its errors in our tree."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import telegram
from telegram import error as theirs

from bot.chat.outbound.results import OddAnswer, StrictRequest, checked, is_number
from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, InvalidSetting, LatchkeyError, Unreachable
from bot.tls import public_authorities

# RetryAfter.retry_after becomes a timedelta; building it the old way warns (python-telegram-bot 22.8).
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONG_POLL_SECONDS = 30
# A send that times out may have arrived: better wait a little longer than not know.
_READ_SECONDS = 20.0
_MEDIA_SECONDS = 40.0
_NOT_SENT_SECONDS = 2.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_HOST = re.compile(r"[a-z0-9.:-]{1,253}")
_NOT_THERE = ("chat not found", "user is deactivated", "bot can't initiate conversation")


class RedactedBot(telegram.Bot):
    """The library's bot, but its ``repr`` does not hold the token."""

    def __repr__(self) -> str:
        return "QuietBot()"

    async def raw_updates(self, *, offset: int | None, seconds: int, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        """``getUpdates`` as JSON. Under a flood the library would spend most of the time on building its objects,
        of which none is needed here.
        """
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)}
        found = await self._post("getUpdates", asked, read_timeout=_READ_SECONDS + seconds)
        return [update for update in found if isinstance(update, dict) and is_number(update.get("update_id"))]

    async def fetch_file(self, file_id: str) -> bytes:
        """A file's content. (The library would read a file of this machine, were there one of that path.)"""
        path = await self._post("getFile", {"file_id": file_id})
        try:
            return await self._request[1].retrieve(f"{self._base_file_url}/{quote(path)}")
        except theirs.InvalidToken:
            # What the library makes of every 404: the token was good a moment ago, so the file is gone.
            raise theirs.BadRequest("the file is not there any more") from None

    async def webhook_host(self) -> str:
        """The host of the webhook that gets the bot's messages in our place; empty when none is set, ``?`` when it
        cannot be told. Never the whole address: what stands behind the host is often a secret.
        """
        url = (await self.get_webhook_info()).url
        return _host_of(url) if url else ""

    async def _do_post(self, endpoint: str, data: dict[str, Any], **times: Any) -> Any:
        return checked(endpoint, await super()._do_post(endpoint, data, **times))


def connect(token: str, api: str) -> RedactedBot:
    """A bot for the API at ``api``; nothing is sent yet."""
    trusting = {"verify": public_authorities()}
    return RedactedBot(
        token=token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=StrictRequest(
            read_timeout=_READ_SECONDS,
            write_timeout=_READ_SECONDS,
            media_write_timeout=_MEDIA_SECONDS,
            httpx_kwargs=trusting,
        ),
        get_updates_request=StrictRequest(connection_pool_size=2, read_timeout=_READ_SECONDS, httpx_kwargs=trusting),
    )


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the library's errors of one call into ours.

    A time-out is no answer: the message may be there. Neither is what nobody at Telegram can have written, whatever
    its status: the page of a proxy does not say that somebody blocked the bot.

    Raises:
        CannotShow, Unreachable, ChatBusy, DeliveryUnknown: see ``bot.errors``.
        SettingWrong: the token is not accepted (any more).
    """
    try:
        yield
    except theirs.TelegramError as error:
        raise _ours(error) from None


def is_webhooks_conflict(error: theirs.Conflict) -> bool:
    """Whether ``getUpdates`` was refused because of a webhook, and not because another program polls."""
    return "webhook" in str(error).lower()


def _ours(error: theirs.TelegramError) -> LatchkeyError:
    """``BadRequest`` is a ``NetworkError`` in the library's tree, so it comes first."""
    if _is_odd(error):
        return DeliveryUnknown()
    match error:
        case theirs.BadRequest():
            words = str(error).lower()
            return Unreachable() if any(sign in words for sign in _NOT_THERE) else CannotShow(words)
        case theirs.Forbidden():
            return Unreachable()
        case theirs.RetryAfter():
            return ChatBusy(_seconds(error.retry_after))
        case theirs.InvalidToken() | theirs.EndPointNotFound():
            # The library's error holds the token.
            return InvalidSetting("LATCHKEY_TELEGRAM_TOKEN is not accepted by Telegram: ask BotFather for it.")
        case theirs.NetworkError() if isinstance(error.__cause__, _NOT_SENT):
            return ChatBusy(_NOT_SENT_SECONDS)
        case _:
            return DeliveryUnknown()


def _is_odd(error: BaseException | None) -> bool:
    """Whether it goes back to an answer that was none of Telegram's."""
    while error is not None and not isinstance(error, OddAnswer):
        error = error.__cause__
    return error is not None


def _seconds(span: int | timedelta) -> float:
    return span.total_seconds() if isinstance(span, timedelta) else float(span)


def _host_of(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return host if _HOST.fullmatch(host) else "?"
