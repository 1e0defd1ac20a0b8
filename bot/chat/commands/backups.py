"""After a backup was restored."""

from bot.chat.messages import backups as words
from bot.chat.turn import Turn
from bot.services import unfreezing


async def unfreeze_all(turn: Turn) -> None:
    """Lift the freeze of all whom the restore froze."""
    await turn.change(words.unfrozen(await unfreezing.unfreeze_all(turn.parts, turn.actor, turn.cause), turn.voice))
