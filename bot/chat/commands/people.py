"""/people: everybody, and what admins change about them."""

from bot.chat.messages import people as words
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.roster import Departure, PersonCard
from bot.services import leaving, members, roster

_ON = {words.ON: True, words.OFF: False}


async def people(turn: Turn) -> None:
    """List everybody."""
    await turn.say(words.page(await roster.page(turn.parts, turn.actor), turn.voice))


async def page(turn: Turn) -> None:
    """Turn to another page."""
    number = int(turn.press.arg) if turn.press.arg.isdigit() else 0
    await turn.change(words.page(await roster.page(turn.parts, turn.actor, number), turn.voice))


async def person(turn: Turn) -> None:
    """Show somebody."""
    await _show(turn, await roster.card(turn.parts, turn.actor, turn.press.subject))


async def trust(turn: Turn) -> None:
    """Trust with own devices, or no longer."""
    await _show(turn, await members.trust(turn.parts, turn.actor, turn.press.subject, turn.cause, trusted=_is_on(turn)))


async def limit(turn: Turn) -> None:
    """How many devices."""
    arg = turn.press.arg
    if arg != words.USUAL and not arg.isdigit():
        raise Gone
    devices = None if arg == words.USUAL else int(arg)
    await _show(turn, await members.limit(turn.parts, turn.actor, turn.press.subject, devices, turn.cause))


async def ends(turn: Turn) -> None:
    """Until when."""
    arg = turn.press.arg
    if arg == words.ASK:
        asked = await members.ask_end(turn.parts, turn.actor, turn.press.subject, turn.cause)
        await turn.change(words.end_asked(asked, turn.voice))
        return
    if arg != words.NEVER and not arg.isdigit():
        raise Gone
    days = None if arg == words.NEVER else int(arg)
    await _show(turn, await members.end_after(turn.parts, turn.actor, turn.press.subject, days, turn.cause))


async def make_admin(turn: Turn) -> None:
    """Make an admin, or a member again."""
    result = await members.make_admin(turn.parts, turn.actor, turn.press.subject, turn.cause, admin=_is_on(turn))
    await _show(turn, result)


async def freeze(turn: Turn) -> None:
    """Freeze."""
    await _show(turn, await members.freeze_account(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def unfreeze(turn: Turn) -> None:
    """Lift the freeze."""
    await _show(turn, await members.unfreeze(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def out(turn: Turn) -> None:
    """Block or remove: the first tap."""
    result = await leaving.begin(turn.parts, turn.actor, turn.press.subject, _how(turn), turn.cause)
    if isinstance(result, PersonCard):
        await _show(turn, result)
    else:
        await turn.change(words.leaving(result, turn.voice))


async def out_sure(turn: Turn) -> None:
    """Block or remove: the second tap."""
    await _show(turn, await leaving.finish(turn.parts, turn.actor, turn.press.subject, _how(turn), turn.cause))


async def take_back(turn: Turn) -> None:
    """Have somebody back."""
    await _show(turn, await leaving.take_back(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def _show(turn: Turn, result: PersonCard) -> None:
    await turn.change(words.card(result, turn.voice))


def _is_on(turn: Turn) -> bool:
    if turn.press.arg not in _ON:
        raise Gone
    return _ON[turn.press.arg]


def _how(turn: Turn) -> Departure:
    if turn.press.arg not in set(Departure):
        raise Gone
    return Departure(turn.press.arg)
