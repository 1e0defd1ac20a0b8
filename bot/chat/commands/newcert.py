"""/newcert and the buttons on its file."""

import re
from itertools import takewhile

from bot.chat.messages import issuing, ordering
from bot.chat.turn import Turn
from bot.pki.contents import look_into
from bot.services import handover, wanting
from bot.services import issuing as orders

_REQUEST_BEGINS = re.compile(r"[-–—`]{2}|—|M[A-P][A-Za-z0-9+/]{30}")


def _is_word(text: str) -> bool:
    """Not the beginning of a CSR."""
    return _REQUEST_BEGINS.match(text) is None


async def newcert(turn: Turn) -> None:
    """Order a certificate, or ask for what is missing; the worker says the rest. A CSR may stand behind the words."""
    request = turn.text.encode() if look_into(turn.text.encode()).is_request else None
    words = turn.words if request is None else tuple(takewhile(_is_word, turn.words))
    await say(turn, await wanting.order(turn.parts, turn.actor, words, turn.cause, request))


async def validity(turn: Turn) -> None:
    """That is how long it lasts; or it is no time, but part of the name."""
    chosen, result = await wanting.choose_validity(
        turn.parts, turn.actor, turn.press.subject, turn.press.arg, turn.cause
    )
    await turn.answer()
    await turn.change(ordering.understood(chosen, turn.voice))
    await say(turn, result)


async def say(turn: Turn, result: wanting.Wanted) -> None:
    """What came of an order, where the worker does not say it."""
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
