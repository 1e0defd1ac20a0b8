"""The buttons of a reminder that a certificate ends."""

from datetime import date

from bot.chat.messages import own_keys
from bot.chat.messages import renewing as words
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.renewal import RenewalStarted
from bot.services import renewing


async def renew(turn: Turn) -> None:
    """Make a new certificate for the device; the worker sends the file."""
    result = await renewing.renew(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer()
    if isinstance(result, RenewalStarted):
        await turn.change(words.started(result, turn.voice))
    else:
        await turn.change(own_keys.request_asked(result, turn.voice))


async def remind_on(turn: Turn) -> None:
    """Not now: on that day."""
    try:
        day = date.fromisoformat(turn.press.arg)
    except ValueError:
        raise Gone from None
    result = await renewing.remind_later(turn.parts, turn.actor, turn.press.subject, day, turn.cause)
    await turn.change(words.reminded_later(result, turn.voice))
