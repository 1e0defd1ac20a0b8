"""/newcert and the buttons on its file."""

from dataclasses import dataclass
from datetime import timedelta

from bot.chat.connection import our_errors
from bot.chat.messages import greetings, issuing
from bot.chat.turn import Turn
from bot.errors import BadName, BadRequestFile, PrivateKeySent
from bot.model.certificates import KeyType
from bot.model.durations import looks_like_duration, validity_days
from bot.pki.requests import MOST_BYTES
from bot.services import handover, wanting
from bot.services import issuing as orders
from bot.services.issuing import Wishes
from bot.services.removal import forget_later

_KEY_TYPES = {"rsa": KeyType.RSA2048, "p256": KeyType.P256}
_OWN_KEY = "csr"


@dataclass(frozen=True)
class Asked:
    """What stands after ``/newcert``: a name, and options behind it."""

    name: str
    wishes: Wishes
    own_key: bool


def read(words: tuple[str, ...]) -> Asked:
    """Read the words. Options stand behind the name; options alone leave the name to be asked for.

    Raises:
        BadValidity: a duration out of bounds.
        BadName: ``csr`` without a name.
    """
    rest = list(words)
    days, key_type, own_key = None, None, False
    while rest:
        word = rest[-1].lower()
        if word == _OWN_KEY:
            own_key = True
        elif word in _KEY_TYPES:
            key_type = _KEY_TYPES[word]
        elif looks_like_duration(word):
            days = validity_days(word)
        else:
            break
        rest.pop()
    if own_key and not rest:
        raise BadName("empty")
    return Asked(" ".join(rest), Wishes(days, key_type), own_key)


async def newcert(turn: Turn) -> None:
    """Order a certificate, or ask for it; the worker says the rest."""
    asked = read(turn.words)
    if not asked.name:
        await turn.say(
            issuing.name_asked(await wanting.ask_name(turn.parts, turn.actor, asked.wishes, turn.cause), turn.voice)
        )
    elif asked.own_key:
        waiting = await orders.order_with_own_key(turn.parts, turn.actor, asked.name, asked.wishes, turn.cause)
        await turn.say(issuing.request_asked(waiting, turn.voice))
    else:
        await wanting.want(turn.parts, turn.actor, asked.name, asked.wishes, turn.cause)


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
        content = await turn.bot.fetch_file(file_id)
    try:
        await orders.take_request_file(turn.parts, turn.actor, content, turn.cause)
    except PrivateKeySent:
        await forget_later(turn.parts, turn.pressed, timedelta(0))
        raise
