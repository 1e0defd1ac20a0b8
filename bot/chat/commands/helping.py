"""It does not work."""

from bot.chat.messages import helping
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.symptoms import Symptom
from bot.services import helping as help_


async def does_not(turn: Turn) -> None:
    """It does not work: what do you see?"""
    certificate = await help_.symptom(turn.parts, turn.actor, turn.press.subject)
    await turn.answer()
    question = helping.what_do_you_see(certificate, turn.actor, turn.voice)
    await (turn.change(question) if turn.press.arg == helping.MORE else turn.say(question))


async def sees(turn: Turn) -> None:
    """That is what I see."""
    certificate = await help_.symptom(turn.parts, turn.actor, turn.press.subject)
    await turn.answer()
    await turn.change(helping.advice(certificate, _symptom(turn), turn.actor, turn.voice))


async def ask(turn: Turn) -> None:
    """An admin shall help."""
    result = await help_.ask(turn.parts, turn.actor, turn.press.subject, _symptom(turn), turn.cause)
    await turn.answer()
    await turn.change(helping.asked(result, turn.voice))


async def send_steps(turn: Turn) -> None:
    """Send somebody the steps."""
    result = await help_.send_steps(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(helping.steps_sent(result, turn.voice))


async def send_new(turn: Turn) -> None:
    """Allow somebody a new key for the same device."""
    result = await help_.send_new(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer()
    await turn.change(helping.new_sent(result, turn.voice))


def _symptom(turn: Turn) -> Symptom:
    if turn.press.arg not in set(Symptom):
        raise Gone
    return Symptom(turn.press.arg)
