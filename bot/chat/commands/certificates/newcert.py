"""/newcert and the buttons on its file."""

import re
from itertools import takewhile

from bot.chat.context import RequestContext
from bot.chat.messages.certificates import issue, order
from bot.pki.contents import look_into
from bot.services.certificates import handover, request_or_order
from bot.services.certificates import order as orders

_REQUEST_BEGINS = re.compile(r"[-–—`]{2}|—|M[A-P][A-Za-z0-9+/]{30}")


def _is_word(text: str) -> bool:
    """Not the beginning of a CSR."""
    return _REQUEST_BEGINS.match(text) is None


async def newcert(context: RequestContext) -> None:
    """Order a certificate, or ask for what is missing; the worker says the rest. A CSR may stand behind the words."""
    request = context.text.encode() if look_into(context.text.encode()).is_request else None
    words = context.words if request is None else tuple(takewhile(_is_word, context.words))
    await say(context, await request_or_order.order(context.app, context.actor, words, context.cause, request))


async def validity(context: RequestContext) -> None:
    """That is how long it lasts; or it is no time, but part of the name."""
    chosen, result = await request_or_order.choose_validity(
        context.app, context.actor, context.callback.subject, context.callback.arg, context.cause
    )
    await context.answer()
    await context.change(order.understood(chosen, context.locale))
    await say(context, result)


async def say(context: RequestContext, result: request_or_order.Wanted) -> None:
    """What came of an order, where the worker does not say it."""
    message = order.said(result, context.locale)
    if message is not None:
        await context.say(message)


async def reissue(context: RequestContext) -> None:
    """Make a certificate again."""
    await orders.reissue(context.app, context.actor, context.callback.subject, context.cause)


async def password(context: RequestContext) -> None:
    """Show the password in a message."""
    await context.answer()
    await handover.show_password(context.app, context.actor, context.callback.subject, context.pressed, context.cause)


async def password_popup(context: RequestContext) -> None:
    """Show the password in a pop-up."""
    shown = await handover.password_without_trace(
        context.app, context.actor, context.callback.subject, context.pressed, context.cause
    )
    await context.answer(issue.password_popup(shown, context.locale), popup=True)


async def hide(context: RequestContext) -> None:
    """Remove the password's message."""
    await handover.hide_password(context.app, context.actor, context.callback.subject, context.pressed, context.cause)


async def confirm_installed(context: RequestContext) -> None:
    """It works."""
    result = await handover.confirm_installed(
        context.app, context.actor, context.callback.subject, context.pressed, context.cause
    )
    await context.answer()
    await context.say(issue.works(result, context.locale))
