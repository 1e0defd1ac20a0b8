"""/start, /help, /whoami, /cancel and plain text."""

from collections.abc import Callable
from typing import Any

from bot.chat.commands.certificates import own_keys
from bot.chat.context import RequestContext
from bot.chat.messages.certificates import enrolment, issue, order
from bot.chat.messages.message import Message
from bot.chat.messages.people import greetings, invitations, own_requests, people, request_cards
from bot.chat.messages.protection import hosts
from bot.errors import StaleAction
from bot.model.certificates.order_input import NameAsked, ValidityAsked
from bot.model.people.directory import PersonCard
from bot.model.people.enrolment import EnrolmentStep
from bot.model.people.people import Role
from bot.model.protection.host_results import ConfirmHosts
from bot.model.results import Asked, HostsChanging, Invitation, LineTaken, Ordered, RequestAsked
from bot.services import links, prompt_answers
from bot.services.certificates import enrolment as certificates_enrolment
from bot.services.certificates import request_or_order
from bot.services.people import decisions
from bot.services.prompt_answers import Answered


async def start(context: RequestContext) -> None:
    """Say hello, or open the link that the word behind /start is the token of."""
    if context.words:
        try:
            await links.open_link(context.app, context.actor, context.words[0], context.cause)
            return
        except StaleAction:
            if context.actor.role in {Role.NONE, Role.GUEST}:
                await context.say(invitations.link_over(context.locale))
                return
    await context.say(greetings.start(context.actor, context.locale))
    for waiting in await certificates_enrolment.waiting(context.app, context.actor):
        await context.say(enrolment.step(waiting, context.locale))


async def help_(context: RequestContext) -> None:
    """Say what this person can do."""
    await context.say(greetings.help_text(context.actor, context.locale))


async def whoami(context: RequestContext) -> None:
    """Tell somebody their own id."""
    await context.say(greetings.whoami(context.actor, context.locale))


async def cancel(context: RequestContext) -> None:
    """Forget the open question."""
    try:
        await request_or_order.forget_question(context.app, context.actor, context.cause)
        message = issue.question_forgotten(context.locale)
    except StaleAction:
        message = issue.nothing_asked(context.locale)
    await (context.say(message) if context.message is None else context.change(message))


async def plain_text(context: RequestContext) -> None:
    """A text: a CSR, a reply to a card, the answer to the open question, or nothing we know."""
    if context.actor.belongs and own_keys.is_request(context.text):
        await own_keys.pasted(context)
        return
    try:
        if context.reply_to is not None and context.actor.is_admin:
            taken = await decisions.take_reason(
                context.app, context.actor, context.reply_to, context.text, context.cause
            )
            await context.say(request_cards.reason_taken(taken, context.locale))
            return
    except StaleAction:
        pass
    try:
        answered = await prompt_answers.answer(context.app, context.actor, context.text, context.cause)
    except StaleAction:
        await context.say(greetings.plain_text(context.locale))
        return
    message = _ANSWERED[type(answered)](context, answered)
    if message is not None:
        await context.say(message)


_ANSWERED: dict[type[Answered], Callable[[RequestContext, Any], Message | None]] = {
    Ordered: lambda turn, result: order.said(result, turn.locale),
    Asked: lambda turn, result: order.said(result, turn.locale),
    NameAsked: lambda turn, result: order.said(result, turn.locale),
    ValidityAsked: lambda turn, result: order.said(result, turn.locale),
    RequestAsked: lambda turn, result: order.said(result, turn.locale),
    HostsChanging: lambda _turn, _result: None,
    ConfirmHosts: lambda turn, result: hosts.sure_to_protect(result, turn.locale),
    LineTaken: lambda turn, result: own_requests.line_taken(result, turn.locale),
    EnrolmentStep: lambda turn, result: enrolment.step(result, turn.locale),
    PersonCard: lambda turn, result: people.card(result, turn.locale),
    Invitation: lambda turn, result: invitations.invitation(result, turn.bot.username, turn.locale),
}
