"""/blocked."""

from bot.chat.messages import knocks as words
from bot.chat.turn import Turn
from bot.services import knocks


async def blocked(turn: Turn) -> None:
    """Ask Cloudflare; the message becomes what it tells."""
    shown = await turn.say(words.looking(turn.voice))
    await knocks.order(turn.parts, turn.actor, shown, turn.cause)


async def again(turn: Turn) -> None:
    """Ask again, in the same message."""
    await turn.change(words.looking(turn.voice))
    await knocks.order(turn.parts, turn.actor, turn.pressed, turn.cause)
