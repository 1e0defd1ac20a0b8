"""/openpath, /paths, and the buttons of a path."""

from bot.chat.messages import path_list
from bot.chat.messages import paths as words
from bot.chat.turn import Turn
from bot.model.path_reading import read_wanted_path
from bot.services import openpath as opening


async def openpath(turn: Turn) -> None:
    """Open a path; the worker says the rest."""
    policy = turn.parts.policy
    now = turn.parts.clock.now().astimezone(policy.time_zone)
    wanted = read_wanted_path(turn.words, policy.zone, policy.most_open, now)
    await opening.open_path(turn.parts, turn.actor, wanted, turn.cause)


async def paths(turn: Turn) -> None:
    """List what is open."""
    await turn.say(path_list.listed(await opening.open_paths(turn.parts, turn.actor), turn.voice))


async def card(turn: Turn) -> None:
    """Show a path."""
    result = await opening.card(turn.parts, turn.actor, turn.press.subject, turn.pressed)
    await turn.change(words.card(result, turn.voice))


async def confirm(turn: Turn) -> None:
    """The second yes."""
    result = await opening.confirm(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(words.toast(result, turn.voice))


async def longer(turn: Turn) -> None:
    """An hour more."""
    until = int(turn.press.arg) if turn.press.arg.isdigit() else 0
    result = await opening.prolong(turn.parts, turn.actor, turn.press.subject, until, turn.message, turn.cause)
    await turn.answer(words.toast(result, turn.voice))


async def close(turn: Turn) -> None:
    """Close it now."""
    result = await opening.close(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(words.toast(result, turn.voice))


async def keep(turn: Turn) -> None:
    """It is still needed."""
    result = await opening.keep(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(words.toast(result, turn.voice))


async def try_now(turn: Turn) -> None:
    """Try it although the service may act on it."""
    result = await opening.try_now(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(words.toast(result, turn.voice))
