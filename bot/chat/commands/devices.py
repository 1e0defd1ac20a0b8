"""/certs, /devices, /revoke, Undo."""

from bot.chat.messages import devices, revoking
from bot.chat.turn import Turn
from bot.model.certificates import State
from bot.services import looking
from bot.services import revoking as revokes


async def certs(turn: Turn) -> None:
    """List devices."""
    everybody = turn.words == (devices.ALL,)
    result = await looking.devices(turn.parts, turn.actor, of_everybody=everybody)
    await turn.say(devices.page(result, turn.actor, turn.voice))


async def page(turn: Turn) -> None:
    """Turn to another page."""
    whose, _, number = turn.press.arg.partition("-")
    result = await looking.devices(
        turn.parts, turn.actor, int(number) if number.isdigit() else 0, of_everybody=whose == devices.ALL
    )
    await turn.change(devices.page(result, turn.actor, turn.voice))


async def card(turn: Turn) -> None:
    """Show one device."""
    result = await looking.card(turn.parts, turn.actor, turn.press.subject)
    await turn.change(devices.card(result, turn.voice))


async def revoke(turn: Turn) -> None:
    """Revoke by name; the worker says the rest, unless there is nothing for it to do."""
    name = " ".join(turn.words)
    if not name:
        await certs(turn)
        return
    result = await revokes.revoke_named(turn.parts, turn.actor, name, turn.cause)
    if result.already or result.certificate.state is State.FAILED:
        await turn.say(revoking.started_message(result, turn.voice))


async def revoke_pressed(turn: Turn) -> None:
    """Revoke by button; the pressed message becomes the outcome."""
    result = await revokes.revoke(turn.parts, turn.actor, turn.press.subject, turn.message, turn.cause)
    await turn.answer(revoking.started(result, turn.voice))


async def undo(turn: Turn) -> None:
    """Take a revoke back."""
    await revokes.undo(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)
