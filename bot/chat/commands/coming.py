"""Coming in, and what admins decide about it."""

from bot.chat.messages import asking, people, requests
from bot.chat.turn import Turn
from bot.model.results import RequestDecided
from bot.services import deciding, requesting, roster


async def ask(turn: Turn) -> None:
    """Ask to come in; the worker says the rest."""
    await requesting.ask_to_come_in(turn.parts, turn.actor, turn.cause)
    await turn.answer(asking.asked(turn.voice))


async def withdraw(turn: Turn) -> None:
    """Take the own request back."""
    result = await requesting.withdraw(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(asking.withdrawn(result, turn.voice))


async def remind(turn: Turn) -> None:
    """Remind the admins."""
    result = await requesting.remind(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(asking.reminded(result, turn.voice))


async def ask_again(turn: Turn) -> None:
    """Ask anew."""
    await requesting.ask_again(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(asking.asked(turn.voice))


async def let_in(turn: Turn) -> None:
    """Say yes."""
    await _decided(turn, await deciding.approve(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def deny(turn: Turn) -> None:
    """Say no."""
    await _decided(turn, await deciding.deny(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def block(turn: Turn) -> None:
    """Say no for good."""
    result = await deciding.block(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(requests.decided(result, turn.voice))


async def trust_asker(turn: Turn) -> None:
    """Trust whoever was let in with own devices."""
    result = await deciding.trust_asker(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer(requests.trusted(result, turn.voice))


async def _decided(turn: Turn, result: RequestDecided) -> None:
    await turn.answer(requests.decided(result, turn.voice))
    if turn.press.arg == people.FROM_CARD:
        card = await roster.card(turn.parts, turn.actor, result.request.person.public_id)
        await turn.change(people.card(card, turn.voice))
