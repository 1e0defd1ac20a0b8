"""After a backup was restored."""

from bot.chat.context import RequestContext
from bot.chat.messages import backups as words
from bot.services.backups import unfreeze


async def unfreeze_all(context: RequestContext) -> None:
    """Lift the freeze of all whom the restore froze."""
    await context.change(
        words.unfrozen(await unfreeze.unfreeze_all(context.app, context.actor, context.cause), context.locale)
    )
