"""*Put back*."""

from bot.chat.context import RequestContext
from bot.chat.messages.protection import rule
from bot.services import desired_rule


async def put_back(context: RequestContext) -> None:
    """Write the rule as it should be."""
    await desired_rule.restore_rule(context.app, context.actor, context.cause)
    await context.answer(rule.put_back(context.locale))
