"""/people: everybody, and what admins change about them."""

from bot.chat.context import RequestContext
from bot.chat.messages.people import people as words
from bot.errors import StaleAction
from bot.model.people.directory import OffboardingKind, PersonCard
from bot.services.membership import members, offboarding
from bot.services.people import directory

_ON = {words.ON: True, words.OFF: False}


async def people(context: RequestContext) -> None:
    """List everybody."""
    await context.say(words.page(await directory.page(context.app, context.actor), context.locale))


async def page(context: RequestContext) -> None:
    """Turn to another page."""
    number = int(context.callback.arg) if context.callback.arg.isdigit() else 0
    await context.change(words.page(await directory.page(context.app, context.actor, number), context.locale))


async def person(context: RequestContext) -> None:
    """Show somebody."""
    await _show(context, await directory.card(context.app, context.actor, context.callback.subject))


async def trust(context: RequestContext) -> None:
    """Trust with own devices, or no longer."""
    await _show(
        context,
        await members.trust(
            context.app, context.actor, context.callback.subject, context.cause, trusted=_is_on(context)
        ),
    )


async def limit(context: RequestContext) -> None:
    """How many devices."""
    arg = context.callback.arg
    if arg != words.USUAL and not arg.isdigit():
        raise StaleAction
    devices = None if arg == words.USUAL else int(arg)
    await _show(
        context, await members.limit(context.app, context.actor, context.callback.subject, devices, context.cause)
    )


async def ends(context: RequestContext) -> None:
    """Until when."""
    arg = context.callback.arg
    if arg == words.ASK:
        asked = await members.ask_end(context.app, context.actor, context.callback.subject, context.cause)
        await context.change(words.end_asked(asked, context.locale))
        return
    if arg != words.NEVER and not arg.isdigit():
        raise StaleAction
    days = None if arg == words.NEVER else int(arg)
    await _show(
        context, await members.end_after(context.app, context.actor, context.callback.subject, days, context.cause)
    )


async def make_admin(context: RequestContext) -> None:
    """Make an admin, or a member again."""
    result = await members.make_admin(
        context.app, context.actor, context.callback.subject, context.cause, admin=_is_on(context)
    )
    await _show(context, result)


async def freeze(context: RequestContext) -> None:
    """Freeze."""
    await _show(
        context, await members.freeze_account(context.app, context.actor, context.callback.subject, context.cause)
    )


async def unfreeze(context: RequestContext) -> None:
    """Lift the freeze."""
    await _show(context, await members.unfreeze(context.app, context.actor, context.callback.subject, context.cause))


async def out(context: RequestContext) -> None:
    """Block or remove: the first tap."""
    result = await offboarding.begin(context.app, context.actor, context.callback.subject, _how(context), context.cause)
    if isinstance(result, PersonCard):
        await _show(context, result)
    else:
        await context.change(words.leaving(result, context.locale))


async def out_sure(context: RequestContext) -> None:
    """Block or remove: the second tap."""
    await _show(
        context,
        await offboarding.finish(context.app, context.actor, context.callback.subject, _how(context), context.cause),
    )


async def take_back(context: RequestContext) -> None:
    """Have somebody back."""
    await _show(
        context, await offboarding.take_back(context.app, context.actor, context.callback.subject, context.cause)
    )


async def _show(context: RequestContext, result: PersonCard) -> None:
    await context.change(words.card(result, context.locale))


def _is_on(context: RequestContext) -> bool:
    if context.callback.arg not in _ON:
        raise StaleAction
    return _ON[context.callback.arg]


def _how(context: RequestContext) -> OffboardingKind:
    if context.callback.arg not in set(OffboardingKind):
        raise StaleAction
    return OffboardingKind(context.callback.arg)
