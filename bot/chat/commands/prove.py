"""/prove and *Try again*."""

from bot.chat.context import RequestContext
from bot.chat.messages.proofs import report as words
from bot.services.protection import proof_schedule


async def prove(context: RequestContext) -> None:
    """Try the lock; the message becomes what comes of it."""
    shown = await context.say(words.starting(context.locale))
    await proof_schedule.order(context.app, context.actor, shown, context.cause)


async def again(context: RequestContext) -> None:
    """Try it again, in the same message."""
    await context.change(words.starting(context.locale))
    await proof_schedule.order(context.app, context.actor, context.pressed, context.cause)
