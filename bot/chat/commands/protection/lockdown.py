"""/lockdown, and what its buttons do. The worker says how far it is, to all admins."""

from bot.chat.context import RequestContext
from bot.chat.messages.protection import lockdown as words
from bot.errors import NotLockedDown
from bot.services.protection import lockdown as orders


async def lockdown(context: RequestContext) -> None:
    """Begin one; ``off`` asks before it ends one."""
    if context.words and context.words[0].lower() == words.OFF:
        if not await orders.is_on(context.app):
            raise NotLockedDown
        await context.say(words.sure_to_end(context.locale))
        return
    await orders.begin(context.app, context.actor, context.cause)


async def everything(context: RequestContext) -> None:
    """Turn everybody away."""
    await orders.block_everything(context.app, context.actor, context.message, context.cause)


async def end(context: RequestContext) -> None:
    """End it."""
    await orders.end(context.app, context.actor, context.message, context.cause)
