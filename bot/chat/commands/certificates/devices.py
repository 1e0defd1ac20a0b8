"""/certs, /devices, /revoke, Undo."""

from bot.chat.context import RequestContext
from bot.chat.messages.certificates import devices
from bot.chat.messages.certificates import revoke as certificates_revoke
from bot.model.certificates.certificates import State
from bot.services.certificates import queries
from bot.services.certificates import revoke as revokes


async def certs(context: RequestContext) -> None:
    """List devices."""
    everybody = context.words == (devices.ALL,)
    result = await queries.devices(context.app, context.actor, of_everybody=everybody)
    await context.say(devices.page(result, context.actor, context.locale))


async def page(context: RequestContext) -> None:
    """Turn to another page."""
    whose, _, number = context.callback.arg.partition("-")
    result = await queries.devices(
        context.app, context.actor, int(number) if number.isdigit() else 0, of_everybody=whose == devices.ALL
    )
    await context.change(devices.page(result, context.actor, context.locale))


async def card(context: RequestContext) -> None:
    """Show one device."""
    result = await queries.card(context.app, context.actor, context.callback.subject)
    await context.change(devices.card(result, context.locale))


async def revoke(context: RequestContext) -> None:
    """Revoke by name; the worker says the rest, unless there is nothing for it to do."""
    name = " ".join(context.words)
    if not name:
        await certs(context)
        return
    result = await revokes.revoke_named(context.app, context.actor, name, context.cause)
    if result.already or result.certificate.state is State.FAILED:
        await context.say(certificates_revoke.started_message(result, context.locale))


async def revoke_pressed(context: RequestContext) -> None:
    """Revoke by button; the pressed message becomes the outcome."""
    result = await revokes.revoke(context.app, context.actor, context.callback.subject, context.message, context.cause)
    await context.answer(certificates_revoke.started(result, context.locale))


async def undo(context: RequestContext) -> None:
    """Take a revoke back."""
    await revokes.undo(context.app, context.actor, context.callback.subject, context.pressed, context.cause)
