"""/lost, and what follows a report."""

from bot.chat.messages import loss, loss_choice
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.losses import LastHeld
from bot.services import losing, loss_answers


async def lost(turn: Turn) -> None:
    """Show what can be reported, or report the device of that name; the worker says the rest."""
    name = " ".join(turn.words)
    if name:
        await losing.report_named(turn.parts, turn.actor, name, turn.cause)
    else:
        await turn.say(loss_choice.choice(await losing.own(turn.parts, turn.actor), turn.voice))


async def device(turn: Turn) -> None:
    """This one is lost."""
    result = await losing.report(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(loss.reported(result, turn.voice))


async def everything(turn: Turn) -> None:
    """All of somebody's are lost."""
    result = await losing.report_all(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(loss.reported(result, turn.voice))


async def whose(turn: Turn) -> None:
    """Whose phone is lost?"""
    number = int(turn.press.arg) if turn.press.arg.isdigit() else 0
    await turn.change(loss_choice.whose(await losing.people(turn.parts, turn.actor, number), turn.voice))


async def of_person(turn: Turn) -> None:
    """Which of their devices is lost?"""
    result = await losing.of_person(turn.parts, turn.actor, turn.press.subject)
    await turn.change(loss_choice.choice(result, turn.voice))


async def last_held(turn: Turn) -> None:
    """When it was last in good hands."""
    if turn.press.arg not in set(LastHeld):
        raise Gone
    said = LastHeld(turn.press.arg)
    await loss_answers.last_held(turn.parts, turn.actor, turn.press.subject, said, turn.cause)


async def tick(turn: Turn) -> None:
    """That one was all right; or was not."""
    await loss_answers.tick(turn.parts, turn.actor, turn.press.subject, turn.press.arg, turn.cause)


async def the_rest(turn: Turn) -> None:
    """Revoke these too."""
    result = await loss_answers.take_the_rest_back(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(loss.rest_taken_back(result, turn.voice))


async def not_on_it(turn: Turn) -> None:
    """Telegram was not on it."""
    result = await loss_answers.not_on_it(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(loss.lifted(result, turn.voice))


async def stays(turn: Turn) -> None:
    """The freeze stays."""
    result = await loss_answers.stays(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(loss.stays(result, turn.voice))


async def dispute(turn: Turn) -> None:
    """I have my phone: whoever reported it is frozen too, until an admin has looked."""
    await loss_answers.dispute(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(loss.disputed(turn.voice))
