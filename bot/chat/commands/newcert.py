"""/newcert and the buttons on its file."""

from datetime import timedelta

from bot.chat.connection import our_errors
from bot.chat.messages import greetings, issuing, ordering
from bot.chat.turn import Turn
from bot.errors import BadRequestFile, PrivateKeySent
from bot.pki.requests import MOST_BYTES
from bot.services import handover, wanting
from bot.services import issuing as orders
from bot.services.removal import forget_later


async def newcert(turn: Turn) -> None:
    """Order a certificate, or ask for what is missing; the worker says the rest."""
    await _say(turn, await wanting.order(turn.parts, turn.actor, turn.words, turn.cause))


async def validity(turn: Turn) -> None:
    """That is how long it lasts; or it is no time, but part of the name."""
    chosen, result = await wanting.choose_validity(
        turn.parts, turn.actor, turn.press.subject, turn.press.arg, turn.cause
    )
    await turn.answer()
    await turn.change(ordering.understood(chosen, turn.voice))
    await _say(turn, result)


async def _say(turn: Turn, result: wanting.Wanted) -> None:
    message = ordering.said(result, turn.voice)
    if message is not None:
        await turn.say(message)


async def again(turn: Turn) -> None:
    """Make a certificate again."""
    await orders.again(turn.parts, turn.actor, turn.press.subject, turn.cause)


async def password(turn: Turn) -> None:
    """Show the password in a message."""
    await turn.answer()
    await handover.show_password(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)


async def password_popup(turn: Turn) -> None:
    """Show the password in a pop-up."""
    shown = await handover.password_without_trace(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)
    await turn.answer(issuing.password_popup(shown, turn.voice), popup=True)


async def hide(turn: Turn) -> None:
    """Remove the password's message."""
    await handover.hide_password(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)


async def works(turn: Turn) -> None:
    """It works."""
    result = await handover.works(turn.parts, turn.actor, turn.press.subject, turn.pressed, turn.cause)
    await turn.answer()
    await turn.say(issuing.works(result, turn.voice))


async def file(turn: Turn, file_id: str, size: int | None) -> None:
    """A file: the CSR that was asked for, or nothing we open."""
    if not await orders.request_is_awaited(turn.parts, turn.actor):
        await turn.say(greetings.unexpected_file(turn.voice))
        return
    if size is None or size > MOST_BYTES:
        raise BadRequestFile("size")
    with our_errors():
        content = bytes(await (await turn.bot.get_file(file_id)).download_as_bytearray())
    try:
        await orders.take_request_file(turn.parts, turn.actor, content, turn.cause)
    except PrivateKeySent:
        await forget_later(turn.parts, turn.pressed, timedelta(0))
        raise
