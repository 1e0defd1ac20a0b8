"""Coming in, and what admins decide about it."""

from bot.chat.context import RequestContext
from bot.chat.messages.people import own_requests, people, request_cards
from bot.model.results import RequestDecided
from bot.services.people import decisions, directory
from bot.services.people import requests as people_requests


async def ask(context: RequestContext) -> None:
    """Ask to come in; the worker says the rest."""
    await people_requests.ask_to_come_in(context.app, context.actor, context.cause)
    await context.answer(own_requests.asked(context.locale))


async def withdraw(context: RequestContext) -> None:
    """Take the own request back."""
    result = await people_requests.withdraw(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(own_requests.withdrawn(result, context.locale))


async def remind(context: RequestContext) -> None:
    """Remind the admins."""
    result = await people_requests.remind(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(own_requests.reminded(result, context.locale))


async def ask_again(context: RequestContext) -> None:
    """Ask anew."""
    await people_requests.ask_again(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(own_requests.asked(context.locale))


async def let_in(context: RequestContext) -> None:
    """Say yes."""
    await _decided(
        context, await decisions.approve(context.app, context.actor, context.callback.subject, context.cause)
    )


async def deny(context: RequestContext) -> None:
    """Say no."""
    await _decided(context, await decisions.deny(context.app, context.actor, context.callback.subject, context.cause))


async def block(context: RequestContext) -> None:
    """Say no for good."""
    result = await decisions.block(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(request_cards.decided(result, context.locale))


async def trust_asker(context: RequestContext) -> None:
    """Trust whoever was let in with own devices."""
    result = await decisions.trust_asker(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(request_cards.trusted(result, context.locale))


async def _decided(context: RequestContext, result: RequestDecided) -> None:
    await context.answer(request_cards.decided(result, context.locale))
    if context.callback.arg == people.FROM_CARD:
        card = await directory.card(context.app, context.actor, result.request.person.public_id)
        await context.change(people.card(card, context.locale))
