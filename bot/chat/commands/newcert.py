"""/newcert and the buttons on its file."""

import re
from dataclasses import dataclass
from itertools import takewhile

from bot.chat.messages import issuing, own_keys
from bot.chat.turn import Turn
from bot.errors import BadName
from bot.model.certificates import KeyType
from bot.model.durations import looks_like_duration, validity_days
from bot.model.results import RequestAsked
from bot.pki.contents import look_into
from bot.services import handover, wanting
from bot.services import issuing as orders
from bot.services.issuing import Wishes

_KEY_TYPES = {"rsa": KeyType.RSA2048, "p256": KeyType.P256}
_OWN_KEY = "csr"
_REQUEST_BEGINS = re.compile(r"[-–—`]{2}|—|M[A-P][A-Za-z0-9+/]{30}")


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


def _is_word(text: str) -> bool:
    """Not the beginning of a CSR."""
    return _REQUEST_BEGINS.match(text) is None


async def newcert(turn: Turn) -> None:
    """Order a certificate, or ask for it; the worker says the rest. A CSR may stand behind the words."""
    request = look_into(turn.text.encode()).is_request
    asked = read(tuple(takewhile(_is_word, turn.words)) if request else turn.words)
    if not asked.name:
        await turn.say(
            issuing.name_asked(await wanting.ask_name(turn.parts, turn.actor, asked.wishes, turn.cause), turn.voice)
        )
    elif asked.own_key or request:
        result = await orders.order_with_own_key(
            turn.parts, turn.actor, asked.name, asked.wishes, turn.cause, turn.text.encode() if request else None
        )
        if isinstance(result, RequestAsked):
            await turn.say(own_keys.request_asked(result, turn.voice))
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
