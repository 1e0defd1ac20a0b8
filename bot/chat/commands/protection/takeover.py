"""Taking over a lock made by hand, and putting it back."""

from bot.chat.context import RequestContext
from bot.chat.messages.protection import takeover
from bot.services.protection import takeover as protection_takeover


async def show(context: RequestContext) -> None:
    """Show what was understood."""
    await context.answer()
    await context.say(
        takeover.sure(
            await protection_takeover.find_existing_rules(context.app, context.actor, context.cause), context.locale
        )
    )


async def sure(context: RequestContext) -> None:
    """Take it over."""
    await protection_takeover.confirm(
        context.app, context.actor, context.callback.subject, context.pressed, context.cause
    )


async def undo(context: RequestContext) -> None:
    """Put it back as it was."""
    await protection_takeover.undo(context.app, context.actor, context.callback.subject, context.pressed, context.cause)
