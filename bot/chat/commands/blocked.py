"""/blocked."""

from bot.chat.context import RequestContext
from bot.chat.messages.status import blocked_requests as words
from bot.services.status import blocked_requests


async def blocked(context: RequestContext) -> None:
    """Ask Cloudflare; the message becomes what it tells."""
    shown = await context.say(words.looking(context.locale))
    await blocked_requests.order(context.app, context.actor, shown, context.cause)


async def again(context: RequestContext) -> None:
    """Ask again, in the same message."""
    await context.change(words.looking(context.locale))
    await blocked_requests.order(context.app, context.actor, context.pressed, context.cause)
