"""*Put back*."""

from bot.chat.messages import rule
from bot.chat.turn import Turn
from bot.services import ruling


async def put_back(turn: Turn) -> None:
    """Write the rule as it should be."""
    await ruling.put_back(turn.parts, turn.actor, turn.cause)
    await turn.answer(rule.put_back(turn.voice))
