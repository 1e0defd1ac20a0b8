"""/timezone."""

from bot.chat.messages import time_zone as words
from bot.chat.turn import Turn
from bot.services import time_zones


async def timezone(turn: Turn) -> None:
    """Take the place behind the command; without one say which zone it is."""
    place = " ".join(turn.words)
    if place:
        result = await time_zones.choose(turn.parts, turn.actor, place, turn.cause)
    else:
        result = await time_zones.now(turn.parts, turn.actor)
    await turn.say(words.now(result, turn.voice))
