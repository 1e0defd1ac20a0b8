"""Taking over a lock made by hand, and putting it back."""

from bot.chat.messages import take_over
from bot.chat.turn import Turn
from bot.services import handmade


async def show(turn: Turn) -> None:
    """Show what was understood."""
    await turn.answer()
    await turn.say(take_over.sure(await handmade.look(turn.parts, turn.actor, turn.cause), turn.voice))


async def sure(turn: Turn) -> None:
    """Take it over."""
    await handmade.confirm(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)


async def undo(turn: Turn) -> None:
    """Put it back as it was."""
    await handmade.undo(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)
