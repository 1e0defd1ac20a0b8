"""/protect, /unprotect, and their second taps."""

from bot.chat.context import RequestContext
from bot.chat.messages.protection import hosts
from bot.model.protection.host_results import ConfirmHosts
from bot.services.protection import hosts as protection_hosts
from bot.store.protection.confirmations import Confirmation


async def protect(context: RequestContext) -> None:
    """Lock the hosts behind the command; without one offer those there are. The worker says how far it is."""
    if not context.words:
        await context.say(
            hosts.choice(await protection_hosts.offer(context.app, context.actor, context.cause), context.locale)
        )
        return
    result = await protection_hosts.want_protected(context.app, context.actor, context.words, context.cause)
    if isinstance(result, ConfirmHosts):
        await context.say(hosts.sure_to_protect(result, context.locale))


async def protect_pressed(context: RequestContext) -> None:
    """Lock the host on the button."""
    await context.answer()
    result = await protection_hosts.want_protected(context.app, context.actor, (_pressed_host(context),), context.cause)
    if isinstance(result, ConfirmHosts):
        await context.say(hosts.sure_to_protect(result, context.locale))


async def protect_sure(context: RequestContext) -> None:
    """Lock them all the same."""
    await _confirm(context, Confirmation.PROTECT)


async def unprotect(context: RequestContext) -> None:
    """Ask once more before hosts are opened to everybody; without one offer those that are locked."""
    if not context.words:
        await context.say(hosts.choice_to_open(await protection_hosts.protected_hosts(context.app), context.locale))
        return
    result = await protection_hosts.want_open(context.app, context.actor, context.words, context.cause)
    await context.say(hosts.sure_to_open(result, context.locale))


async def unprotect_pressed(context: RequestContext) -> None:
    """Ask once more before the host on the button is opened."""
    result = await protection_hosts.want_open(context.app, context.actor, (_pressed_host(context),), context.cause)
    await context.say(hosts.sure_to_open(result, context.locale))


async def unprotect_sure(context: RequestContext) -> None:
    """Open them."""
    await _confirm(context, Confirmation.UNPROTECT)


async def _confirm(context: RequestContext, what: Confirmation) -> None:
    await protection_hosts.confirm(
        context.app, context.actor, what, context.callback.subject, context.pressed, context.cause
    )
    await context.answer()


def _pressed_host(context: RequestContext) -> str:
    return f"{context.callback.arg}.{context.app.policy.zone}"
