"""/start, /help, /whoami, /cancel and plain text."""

from collections.abc import Callable
from typing import Any

from bot.chat.commands import own_keys
from bot.chat.messages import asking, greetings, hosts, inviting, issuing, ordering, people, requests, wizard
from bot.chat.messages.form import Message
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.host_results import SureAboutHosts
from bot.model.order_reading import NameAsked, ValidityAsked
from bot.model.people import Role
from bot.model.results import Asked, HostsChanging, Invitation, LineTaken, Ordered, RequestAsked
from bot.model.roster import PersonCard
from bot.model.wizard import NextStep
from bot.services import answering, deciding, opening, permissions, wanting
from bot.services.answering import Answered


async def start(turn: Turn) -> None:
    """Say hello, or open the link that the word behind /start is the token of."""
    if turn.words:
        try:
            await opening.open_link(turn.parts, turn.actor, turn.words[0], turn.cause)
            return
        except Gone:
            if turn.actor.role in {Role.NONE, Role.GUEST}:
                await turn.say(inviting.link_over(turn.voice))
                return
    await turn.say(greetings.start(turn.actor, turn.voice))
    for waiting in await permissions.waiting(turn.parts, turn.actor):
        await turn.say(wizard.step(waiting, turn.voice))


async def help_(turn: Turn) -> None:
    """Say what this person can do."""
    await turn.say(greetings.help_text(turn.actor, turn.voice))


async def whoami(turn: Turn) -> None:
    """Tell somebody their own id."""
    await turn.say(greetings.whoami(turn.actor, turn.voice))


async def cancel(turn: Turn) -> None:
    """Forget the open question."""
    try:
        await wanting.forget_question(turn.parts, turn.actor, turn.cause)
        message = issuing.question_forgotten(turn.voice)
    except Gone:
        message = issuing.nothing_asked(turn.voice)
    await (turn.say(message) if turn.message is None else turn.change(message))


async def plain_text(turn: Turn) -> None:
    """A text: a CSR, a reply to a card, the answer to the open question, or nothing we know."""
    if turn.actor.belongs and own_keys.is_request(turn.text):
        await own_keys.pasted(turn)
        return
    try:
        if turn.reply_to is not None and turn.actor.is_admin:
            taken = await deciding.take_reason(turn.parts, turn.actor, turn.reply_to, turn.text, turn.cause)
            await turn.say(requests.reason_taken(taken, turn.voice))
            return
    except Gone:
        pass
    try:
        answered = await answering.answer(turn.parts, turn.actor, turn.text, turn.cause)
    except Gone:
        await turn.say(greetings.plain_text(turn.voice))
        return
    message = _ANSWERED[type(answered)](turn, answered)
    if message is not None:
        await turn.say(message)


_ANSWERED: dict[type[Answered], Callable[[Turn, Any], Message | None]] = {
    Ordered: lambda turn, result: ordering.said(result, turn.voice),
    Asked: lambda turn, result: ordering.said(result, turn.voice),
    NameAsked: lambda turn, result: ordering.said(result, turn.voice),
    ValidityAsked: lambda turn, result: ordering.said(result, turn.voice),
    RequestAsked: lambda turn, result: ordering.said(result, turn.voice),
    HostsChanging: lambda _turn, _result: None,
    SureAboutHosts: lambda turn, result: hosts.sure_to_protect(result, turn.voice),
    LineTaken: lambda turn, result: asking.line_taken(result, turn.voice),
    NextStep: lambda turn, result: wizard.step(result, turn.voice),
    PersonCard: lambda turn, result: people.card(result, turn.voice),
    Invitation: lambda turn, result: inviting.invitation(result, turn.bot.username, turn.voice),
}
