"""The connection to Telegram: one bot, its time-outs, and its errors in our tree."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import telegram
from telegram import error as theirs
from telegram.request import HTTPXRequest

from bot.errors import CannotShow, ChatBusy, DeliveryUnknown, SettingWrong, Unreachable
from bot.tls import public_authorities

# RetryAfter.retry_after becomes a timedelta; building it the old way warns (python-telegram-bot 22.8).
os.environ.setdefault("PTB_TIMEDELTA", "true")

LONG_POLL_SECONDS = 30
# A send that times out may have arrived: better wait a little longer than not know.
_READ_SECONDS = 20.0
_MEDIA_SECONDS = 40.0
_NOT_SENT_SECONDS = 2.0
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_NOT_THERE = ("chat not found", "user is deactivated", "bot can't initiate conversation")


class QuietBot(telegram.Bot):
    """The library's bot, but its ``repr`` does not hold the token."""

    def __repr__(self) -> str:
        return "QuietBot()"

    async def raw_updates(self, *, offset: int | None, seconds: int, kinds: tuple[str, ...]) -> list[dict[str, Any]]:
        """``getUpdates`` as JSON. Under a flood the library would spend most of the time on building its objects,
        of which none is needed here.
        """
        asked = {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)}
        found = await self._post("getUpdates", asked, read_timeout=_READ_SECONDS + seconds)
        return [update for update in found if isinstance(update, dict) and isinstance(update.get("update_id"), int)]


def connect(token: str, api: str) -> QuietBot:
    """A bot for the API at ``api``; nothing is sent yet."""
    trusting = {"verify": public_authorities()}
    return QuietBot(
        token=token,
        base_url=f"{api}/bot",
        base_file_url=f"{api}/file/bot",
        request=HTTPXRequest(
            read_timeout=_READ_SECONDS,
            write_timeout=_READ_SECONDS,
            media_write_timeout=_MEDIA_SECONDS,
            httpx_kwargs=trusting,
        ),
        get_updates_request=HTTPXRequest(connection_pool_size=2, read_timeout=_READ_SECONDS, httpx_kwargs=trusting),
    )


@contextmanager
def our_errors() -> Iterator[None]:
    """Turn the library's errors of one call into ours.

    ``BadRequest`` is a ``NetworkError`` in the library's tree, so it comes first. A time-out is no answer: the
    message may be there.

    Raises:
        CannotShow, Unreachable, ChatBusy, DeliveryUnknown: see ``bot.errors``.
        SettingWrong: the token is not accepted (any more).
    """
    try:
        yield
    except theirs.BadRequest as error:
        words = str(error).lower()
        raise (Unreachable() if any(sign in words for sign in _NOT_THERE) else CannotShow(words)) from None
    except theirs.Forbidden:
        raise Unreachable from None
    except theirs.RetryAfter as error:
        raise ChatBusy(_seconds(error.retry_after)) from None
    except (theirs.InvalidToken, theirs.EndPointNotFound):
        # The library's error holds the token.
        raise SettingWrong("LATCHKEY_TELEGRAM_TOKEN is not accepted by Telegram: ask BotFather for it.") from None
    except theirs.NetworkError as error:
        raise (ChatBusy(_NOT_SENT_SECONDS) if isinstance(error.__cause__, _NOT_SENT) else DeliveryUnknown()) from None
    except (theirs.TelegramError, KeyError):
        # KeyError: a 200 whose JSON has no "result", which the library does not expect.
        raise DeliveryUnknown from None


def _seconds(span: int | timedelta) -> float:
    return span.total_seconds() if isinstance(span, timedelta) else float(span)
