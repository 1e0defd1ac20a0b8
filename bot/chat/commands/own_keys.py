"""A key that is made, and stays, on somebody's computer: where, and its request, as a file or as text."""

from datetime import timedelta

from bot.chat.commands import newcert
from bot.chat.connection import our_errors
from bot.chat.incoming import CaptionSent, FileSent, TextSent
from bot.chat.messages import greetings
from bot.chat.messages import own_keys as words
from bot.chat.turn import Turn
from bot.errors import BadRequestFile, Gone, PrivateKeySent
from bot.model.own_keys import Place
from bot.pki.contents import Private, look_into
from bot.pki.requests import MOST_BYTES
from bot.services import issuing, own_keys, wanting
from bot.services.removal import forget_later

_ORDER = "/newcert"
_STORES = (".p12", ".pfx", ".jks", ".jceks", ".bks", ".keystore", ".ppk")
"""How files end that hold private keys, whatever else. Not .key: a Mac's presentations end so too."""


async def place(turn: Turn) -> None:
    """There it is made: what to run. Without a place, the question once more."""
    where = turn.press.arg
    if not where:
        asked = await own_keys.awaited(turn.parts, turn.actor, turn.press.subject)
        await turn.change(words.request_asked(asked, turn.voice))
        return
    if where not in set(Place):
        raise Gone
    shown = await own_keys.lines_for(turn.parts, turn.actor, turn.press.subject, Place(where))
    await turn.change(words.request_lines(shown, turn.voice))


def is_request(text: str) -> bool:
    """Whether a text is a CSR, or means to be one."""
    return look_into(text.encode()).is_request


async def pasted(turn: Turn) -> None:
    """A CSR as text."""
    await issuing.take_request_file(turn.parts, turn.actor, turn.text.encode(), turn.cause)


async def key_in_words(turn: Turn, sent: TextSent | FileSent | CaptionSent) -> PrivateKeySent | None:
    """A private key among the words of a message, or a file that cannot be opened and by its name holds keys: the
    message goes from the chat, whoever sent it. Answers what is to be said of it.
    """
    words = sent.caption if isinstance(sent, FileSent) else sent.text
    found = look_into(words.encode()).private if words else None
    if found is None and isinstance(sent, FileSent) and sent.name.lower().endswith(_STORES):
        # Whoever does not belong here has no file of theirs opened; whoever does is heard by its content below.
        found = None if turn.actor.belongs and _is_small(sent) else Private.STORE
    if found is None:
        return None
    await forget_later(turn.parts, sent.message, timedelta(0))
    return PrivateKeySent(found)


async def opened(turn: Turn, sent: FileSent) -> bytes | None:
    """What is in a file; ``None`` where it is too big to be looked into.

    Raises:
        PrivateKeySent: a private key. The message goes from the chat.
    """
    if not _is_small(sent):
        return None
    with our_errors():
        content = await turn.bot.fetch_file(sent.file_id)
    found = look_into(content).private
    if found is not None:
        await forget_later(turn.parts, sent.message, timedelta(0))
        raise PrivateKeySent(found)
    return content


async def file(turn: Turn, sent: FileSent, content: bytes | None) -> None:
    """A file without a private key: the CSR that was asked for or is ordered with it, or nothing we have a use for."""
    ordered = sent.caption.split()
    if ordered[:1] == [_ORDER] and content is not None:
        result = await wanting.order(turn.parts, turn.actor, tuple(ordered[1:]), turn.cause, content)
        await newcert.say(turn, result)
    elif await issuing.request_is_awaited(turn.parts, turn.actor):
        if content is None:
            raise BadRequestFile("size")
        await issuing.take_request_file(turn.parts, turn.actor, content, turn.cause)
    elif content is None:
        await turn.say(greetings.big_file(turn.voice))
    elif look_into(content).is_request:
        raise BadRequestFile("unasked")
    else:
        await turn.say(greetings.unexpected_file(turn.voice))


def _is_small(sent: FileSent) -> bool:
    return sent.size is not None and sent.size <= MOST_BYTES
