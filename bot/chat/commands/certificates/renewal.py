"""The buttons of a reminder that a certificate ends."""

from datetime import date

from bot.chat.context import RequestContext
from bot.chat.messages.certificates import own_keys
from bot.chat.messages.certificates import renewal as words
from bot.errors import StaleAction
from bot.model.certificates.renewal import RenewalStarted
from bot.services.certificates import renewal


async def renew(context: RequestContext) -> None:
    """Make a new certificate for the device; the worker sends the file."""
    result = await renewal.renew(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer()
    if isinstance(result, RenewalStarted):
        await context.change(words.started(result, context.locale))
    else:
        await context.change(own_keys.request_asked(result, context.locale))


async def remind_on(context: RequestContext) -> None:
    """Not now: on that day."""
    try:
        day = date.fromisoformat(context.callback.arg)
    except ValueError:
        raise StaleAction from None
    result = await renewal.remind_later(context.app, context.actor, context.callback.subject, day, context.cause)
    await context.change(words.reminded_later(result, context.locale))
