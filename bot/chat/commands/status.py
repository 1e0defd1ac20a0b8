"""/status, what its buttons do, and certificates that nobody ordered here."""

from bot.chat.commands import devices, hosts, paths, proving
from bot.chat.messages import devices as device_words
from bot.chat.messages import status as words
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.services import looking, unknown_certificates
from bot.services import status as orders

_COMMANDS = {"prove": proving.prove, "protect": hosts.protect, "paths": paths.paths, "certs": devices.certs}
"""What a button of the status starts beside it, as if it had been typed."""


async def status(turn: Turn) -> None:
    """Look at everything; the message becomes what comes of it."""
    shown = await turn.say(words.looking(turn.voice))
    await orders.order(turn.parts, turn.actor, shown, turn.cause)


async def again(turn: Turn) -> None:
    """Look again, in the same message."""
    await turn.answer(words.looking_again(turn.voice))
    await orders.order(turn.parts, turn.actor, turn.pressed, turn.cause)


async def mend(turn: Turn) -> None:
    """Put one thing right; the message then shows how everything is."""
    await orders.mend(turn.parts, turn.actor, turn.press.arg, turn.pressed, turn.cause)
    await turn.answer(words.mending(turn.voice))


async def command(turn: Turn) -> None:
    """Start a command beside the status."""
    if turn.press.arg not in _COMMANDS:
        raise Gone
    await turn.answer()
    turn.words = (device_words.ALL,) if turn.press.arg == "certs" else ()
    await _COMMANDS[turn.press.arg](turn)


async def card(turn: Turn) -> None:
    """Show a device beside the status."""
    await turn.answer()
    result = await looking.card(turn.parts, turn.actor, turn.press.subject)
    await turn.say(device_words.card(result, turn.voice))


async def unknown(turn: Turn) -> None:
    """Show a certificate that nobody ordered here: beside the status, or in place of another one."""
    await turn.answer()
    number, _, beside = turn.press.arg.partition("-")
    at = await turn.say(words.looking(turn.voice)) if beside else turn.pressed
    wanted = int(number) if number.isdigit() else 0
    await unknown_certificates.show(turn.parts, turn.actor, wanted, at, turn.cause)


async def adopt(turn: Turn) -> None:
    """Give it an owner."""
    await unknown_certificates.adopt(
        turn.parts, turn.actor, turn.press.arg, turn.press.subject, turn.pressed, turn.cause
    )
    await turn.answer()


async def revoke_unknown(turn: Turn) -> None:
    """Revoke it."""
    await unknown_certificates.revoke(turn.parts, turn.actor, turn.press.arg, turn.pressed, turn.cause)
    await turn.answer()
