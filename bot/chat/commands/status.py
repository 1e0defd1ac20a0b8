"""/status, what its buttons do, and certificates that nobody ordered here."""

from bot.chat.commands import paths, prove
from bot.chat.commands.certificates import devices
from bot.chat.commands.protection import hosts
from bot.chat.context import RequestContext
from bot.chat.messages.certificates import devices as device_words
from bot.chat.messages.status import report as words
from bot.errors import StaleAction
from bot.services.certificates import queries, unmanaged
from bot.services.status import actions as orders

_COMMANDS = {"prove": prove.prove, "protect": hosts.protect, "paths": paths.paths, "certs": devices.certs}
"""What a button of the status starts beside it, as if it had been typed."""


async def status(context: RequestContext) -> None:
    """Look at everything; the message becomes what comes of it."""
    shown = await context.say(words.looking(context.locale))
    await orders.order(context.app, context.actor, shown, context.cause)


async def again(context: RequestContext) -> None:
    """Look again, in the same message."""
    await context.answer(words.looking_again(context.locale))
    await orders.order(context.app, context.actor, context.pressed, context.cause)


async def mend(context: RequestContext) -> None:
    """Put one thing right; the message then shows how everything is."""
    await orders.mend(context.app, context.actor, context.callback.arg, context.pressed, context.cause)
    await context.answer(words.mending(context.locale))


async def command(context: RequestContext) -> None:
    """Start a command beside the status."""
    if context.callback.arg not in _COMMANDS:
        raise StaleAction
    await context.answer()
    context.words = (device_words.ALL,) if context.callback.arg == "certs" else ()
    await _COMMANDS[context.callback.arg](context)


async def card(context: RequestContext) -> None:
    """Show a device beside the status."""
    await context.answer()
    result = await queries.card(context.app, context.actor, context.callback.subject)
    await context.say(device_words.card(result, context.locale))


async def unknown(context: RequestContext) -> None:
    """Show a certificate that nobody ordered here: beside the status, or in place of another one."""
    await context.answer()
    number, _, beside = context.callback.arg.partition("-")
    at = await context.say(words.looking(context.locale)) if beside else context.pressed
    wanted = int(number) if number.isdigit() else 0
    await unmanaged.show(context.app, context.actor, wanted, at, context.cause)


async def adopt(context: RequestContext) -> None:
    """Give it an owner."""
    await unmanaged.adopt(
        context.app, context.actor, context.callback.arg, context.callback.subject, context.pressed, context.cause
    )
    await context.answer()


async def revoke_unknown(context: RequestContext) -> None:
    """Revoke it."""
    await unmanaged.revoke(context.app, context.actor, context.callback.arg, context.pressed, context.cause)
    await context.answer()
