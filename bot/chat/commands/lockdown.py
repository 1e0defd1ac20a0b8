"""/lockdown, and what its buttons do. The worker says how far it is, to all admins."""

from bot.chat.messages import lockdown as words
from bot.chat.turn import Turn
from bot.errors import NotLockedDown
from bot.services import lockdown as orders


async def lockdown(turn: Turn) -> None:
    """Begin one; ``off`` asks before it ends one."""
    if turn.words and turn.words[0].lower() == words.OFF:
        if not await orders.is_on(turn.parts):
            raise NotLockedDown
        await turn.say(words.sure_to_end(turn.voice))
        return
    await orders.begin(turn.parts, turn.actor, turn.cause)


async def everything(turn: Turn) -> None:
    """Turn everybody away."""
    await orders.block_everything(turn.parts, turn.actor, turn.message, turn.cause)


async def end(turn: Turn) -> None:
    """End it."""
    await orders.end(turn.parts, turn.actor, turn.message, turn.cause)
