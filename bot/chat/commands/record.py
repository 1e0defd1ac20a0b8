"""/audit: the record in words, by person, as a file."""

from bot.chat.messages import record
from bot.chat.turn import Turn
from bot.services import recording
from bot.services.courier import ChatFile


async def audit(turn: Turn) -> None:
    """Show what happened last."""
    result = await recording.page(turn.parts, turn.actor)
    await turn.say(record.page(result, turn.voice))


async def page(turn: Turn) -> None:
    """Turn to another page, about everybody or about the person pressed."""
    result = await recording.page(turn.parts, turn.actor, _number(turn.press.arg), turn.press.subject)
    await turn.change(record.page(result, turn.voice))


async def people(turn: Turn) -> None:
    """Show about whom the record can be asked."""
    result = await recording.people(turn.parts, turn.actor, _number(turn.press.arg))
    await turn.change(record.people(result, turn.voice))


async def file(turn: Turn) -> None:
    """Send all of it as a file."""
    result = await recording.as_file(turn.parts, turn.actor)
    name = f"latchkey-audit-{turn.voice.now:%Y-%m-%d}.jsonl"
    await turn.send(ChatFile(name, result.content), record.file(result, turn.voice))


def _number(arg: str) -> int:
    return int(arg) if arg.isdecimal() else 0
