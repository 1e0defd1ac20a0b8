"""/start, /help, /whoami, /cancel and plain text."""

from bot.chat.messages import greetings, issuing
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.services import issuing as orders


async def start(turn: Turn) -> None:
    """Say hello."""
    await turn.say(greetings.start(turn.actor, turn.voice))


async def help_(turn: Turn) -> None:
    """Say what this person can do."""
    await turn.say(greetings.help_text(turn.actor, turn.voice))


async def whoami(turn: Turn) -> None:
    """Tell somebody their own id."""
    await turn.say(greetings.whoami(turn.actor, turn.voice))


async def cancel(turn: Turn) -> None:
    """Forget the open question."""
    try:
        await orders.forget_question(turn.parts, turn.actor, turn.cause)
        message = issuing.question_forgotten(turn.voice)
    except Gone:
        message = issuing.nothing_asked(turn.voice)
    await (turn.say(message) if turn.message is None else turn.change(message))


async def plain_text(turn: Turn) -> None:
    """A text: the answer to the open question, or nothing we know."""
    try:
        await orders.answer_name(turn.parts, turn.actor, turn.text, turn.cause)
    except Gone:
        await turn.say(greetings.plain_text(turn.voice))
