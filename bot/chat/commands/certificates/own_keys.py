"""A key that is made, and stays, on somebody's computer: where, and its request, as a file or as text."""

from datetime import timedelta

from bot.chat.commands.certificates import newcert
from bot.chat.context import RequestContext
from bot.chat.inbound.updates import CaptionSent, FileSent, TextSent
from bot.chat.messages.certificates import own_keys as words
from bot.chat.messages.people import greetings
from bot.chat.outbound.connection import our_errors
from bot.errors import InvalidRequestFile, PrivateKeySent, StaleAction
from bot.model.certificates.own_keys import Place
from bot.pki.contents import Private, look_into
from bot.pki.requests import MAX_BYTES
from bot.services.certificates import order, own_keys, request_or_order
from bot.services.notifications.message_removal import schedule_message_deletion_later

_ORDER = "/newcert"
_STORES = (".p12", ".pfx", ".jks", ".jceks", ".bks", ".keystore", ".ppk")
"""How files end that hold private keys, whatever else. Not .key: a Mac's presentations end so too."""


async def place(context: RequestContext) -> None:
    """There it is made: what to run. Without a place, the question once more."""
    where = context.callback.arg
    if not where:
        asked = await own_keys.awaited(context.app, context.actor, context.callback.subject)
        await context.change(words.request_asked(asked, context.locale))
        return
    if where not in set(Place):
        raise StaleAction
    shown = await own_keys.lines_for(context.app, context.actor, context.callback.subject, Place(where))
    await context.change(words.request_lines(shown, context.locale))


def is_request(text: str) -> bool:
    """Whether a text is a CSR, or means to be one."""
    return look_into(text.encode()).is_request


async def pasted(context: RequestContext) -> None:
    """A CSR as text."""
    await order.take_request_file(context.app, context.actor, context.text.encode(), context.cause)


async def key_in_words(context: RequestContext, sent: TextSent | FileSent | CaptionSent) -> PrivateKeySent | None:
    """A private key among the words of a message, or a file that cannot be opened and by its name holds keys: the
    message goes from the chat, whoever sent it. Answers what is to be said of it.
    """
    words = sent.caption if isinstance(sent, FileSent) else sent.text
    found = look_into(words.encode()).private if words else None
    if found is None and isinstance(sent, FileSent) and sent.name.lower().endswith(_STORES):
        # Whoever does not belong here has no file of theirs opened; whoever does is heard by its content below.
        found = None if context.actor.belongs and _is_small(sent) else Private.STORE
    if found is None:
        return None
    await schedule_message_deletion_later(context.app, sent.message, timedelta(0))
    return PrivateKeySent(found)


async def opened(context: RequestContext, sent: FileSent) -> bytes | None:
    """What is in a file; ``None`` where it is too big to be looked into.

    Raises:
        PrivateKeySent: a private key. The message goes from the chat.
    """
    if not _is_small(sent):
        return None
    with our_errors():
        content = await context.bot.fetch_file(sent.file_id)
    found = look_into(content).private
    if found is not None:
        await schedule_message_deletion_later(context.app, sent.message, timedelta(0))
        raise PrivateKeySent(found)
    return content


async def file(context: RequestContext, sent: FileSent, content: bytes | None) -> None:
    """A file without a private key: the CSR that was asked for or is ordered with it, or nothing we have a use for."""
    ordered = sent.caption.split()
    if ordered[:1] == [_ORDER] and content is not None:
        result = await request_or_order.order(context.app, context.actor, tuple(ordered[1:]), context.cause, content)
        await newcert.say(context, result)
    elif await order.request_is_awaited(context.app, context.actor):
        if content is None:
            raise InvalidRequestFile("size")
        await order.take_request_file(context.app, context.actor, content, context.cause)
    elif content is None:
        await context.say(greetings.big_file(context.locale))
    elif look_into(content).is_request:
        raise InvalidRequestFile("unasked")
    else:
        await context.say(greetings.unexpected_file(context.locale))


def _is_small(sent: FileSent) -> bool:
    return sent.size is not None and sent.size <= MAX_BYTES
