"""/prove and *Try again*."""

from bot.chat.messages import proving as words
from bot.chat.turn import Turn
from bot.services import proof_orders


async def prove(turn: Turn) -> None:
    """Try the lock; the message becomes what comes of it."""
    shown = await turn.say(words.starting(turn.voice))
    await proof_orders.order(turn.parts, turn.actor, shown, turn.cause)


async def again(turn: Turn) -> None:
    """Try it again, in the same message."""
    await turn.change(words.starting(turn.voice))
    await proof_orders.order(turn.parts, turn.actor, turn.pressed, turn.cause)
