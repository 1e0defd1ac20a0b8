"""The way to a key that was allowed, by buttons only."""

from bot.chat.messages import wizard
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.certificates import DeviceKind
from bot.model.requests import Via
from bot.model.wizard import NextStep
from bot.services import permissions


async def resume(turn: Turn) -> None:
    """Go on where it was left."""
    await _show(turn, await permissions.look(turn.parts, turn.actor, turn.press.subject))


async def later(turn: Turn) -> None:
    """Not now."""
    await _show(turn, await permissions.later(turn.parts, turn.actor, turn.press.subject))


async def computer(turn: Turn) -> None:
    """Which computer?"""
    await _show(turn, await permissions.computer(turn.parts, turn.actor, turn.press.subject))


async def hold(turn: Turn) -> None:
    """This is what I am holding."""
    if turn.press.arg not in set(DeviceKind):
        raise Gone
    kind = DeviceKind(turn.press.arg)
    await _show(turn, await permissions.choose_kind(turn.parts, turn.actor, turn.press.subject, kind, turn.cause))


async def via(turn: Turn) -> None:
    """Here I shall use it."""
    if turn.press.arg not in set(Via):
        raise Gone
    where = Via(turn.press.arg)
    await _show(turn, await permissions.choose_via(turn.parts, turn.actor, turn.press.subject, where, turn.cause))


async def call_it(turn: Turn) -> None:
    """Take the proposed name."""
    await _show(turn, await permissions.take_proposed_name(turn.parts, turn.actor, turn.press.subject, turn.cause))


async def other_name(turn: Turn) -> None:
    """Type another name."""
    result = await permissions.ask_for_name(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer()
    await turn.change(wizard.name_wanted(result, turn.voice))


async def get(turn: Turn) -> None:
    """Make the key now; the worker says the rest, the steps stay."""
    before = await permissions.look(turn.parts, turn.actor, turn.press.subject)
    await permissions.get_it_now(turn.parts, turn.actor, turn.press.subject, turn.cause)
    await turn.answer()
    await turn.change(wizard.steps_to_keep(before, turn.voice))


async def _show(turn: Turn, next_step: NextStep) -> None:
    await turn.answer()
    await turn.change(wizard.step(next_step, turn.voice))
