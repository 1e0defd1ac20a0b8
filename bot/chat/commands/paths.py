"""/openpath, /paths, and the buttons of a path."""

from bot.chat.context import RequestContext
from bot.chat.messages.openings import path_list
from bot.chat.messages.openings import paths as words
from bot.model.openings.input import read_wanted_path
from bot.services.openings import open_path as opening


async def openpath(context: RequestContext) -> None:
    """Open a path; the worker says the rest."""
    policy = context.app.policy
    now = context.app.clock.now().astimezone(policy.time_zone)
    wanted = read_wanted_path(context.words, policy.zone, policy.most_open, now)
    await opening.open_path(context.app, context.actor, wanted, context.cause)


async def paths(context: RequestContext) -> None:
    """List what is open."""
    await context.say(path_list.listed(await opening.open_paths(context.app, context.actor), context.locale))


async def card(context: RequestContext) -> None:
    """Show a path."""
    result = await opening.card(context.app, context.actor, context.callback.subject, context.pressed)
    await context.change(words.card(result, context.locale))


async def confirm(context: RequestContext) -> None:
    """The second yes."""
    result = await opening.confirm(context.app, context.actor, context.callback.subject, context.message, context.cause)
    await context.answer(words.toast(result, context.locale))


async def longer(context: RequestContext) -> None:
    """An hour more."""
    until = int(context.callback.arg) if context.callback.arg.isdigit() else 0
    result = await opening.prolong(
        context.app, context.actor, context.callback.subject, until, context.message, context.cause
    )
    await context.answer(words.toast(result, context.locale))


async def close(context: RequestContext) -> None:
    """Close it now."""
    result = await opening.close(context.app, context.actor, context.callback.subject, context.message, context.cause)
    await context.answer(words.toast(result, context.locale))


async def keep(context: RequestContext) -> None:
    """It is still needed."""
    result = await opening.keep_open(
        context.app, context.actor, context.callback.subject, context.message, context.cause
    )
    await context.answer(words.toast(result, context.locale))


async def try_now(context: RequestContext) -> None:
    """Try it although the service may act on it."""
    result = await opening.try_now(context.app, context.actor, context.callback.subject, context.message, context.cause)
    await context.answer(words.toast(result, context.locale))
