"""/lost, and what follows a report."""

from bot.chat.context import RequestContext
from bot.chat.messages.lost_devices import choice, report
from bot.errors import StaleAction
from bot.model.lost_devices import LastSeen
from bot.services.lost_devices import follow_up
from bot.services.lost_devices import report as lost_devices_report


async def lost(context: RequestContext) -> None:
    """Show what can be reported, or report the device of that name; the worker says the rest."""
    name = " ".join(context.words)
    if name:
        await lost_devices_report.report_named(context.app, context.actor, name, context.cause)
    else:
        await context.say(choice.choice(await lost_devices_report.own(context.app, context.actor), context.locale))


async def device(context: RequestContext) -> None:
    """This one is lost."""
    result = await lost_devices_report.report(
        context.app, context.actor, context.callback.subject, context.message, context.cause
    )
    await context.answer(report.reported(result, context.locale))


async def everything(context: RequestContext) -> None:
    """All of somebody's are lost."""
    result = await lost_devices_report.report_all(
        context.app, context.actor, context.callback.subject, context.message, context.cause
    )
    await context.answer(report.reported(result, context.locale))


async def whose(context: RequestContext) -> None:
    """Whose phone is lost?"""
    number = int(context.callback.arg) if context.callback.arg.isdigit() else 0
    await context.change(
        choice.whose(await lost_devices_report.people(context.app, context.actor, number), context.locale)
    )


async def of_person(context: RequestContext) -> None:
    """Which of their devices is lost?"""
    result = await lost_devices_report.of_person(context.app, context.actor, context.callback.subject)
    await context.change(choice.choice(result, context.locale))


async def last_held(context: RequestContext) -> None:
    """When it was last in good hands."""
    if context.callback.arg not in set(LastSeen):
        raise StaleAction
    said = LastSeen(context.callback.arg)
    await follow_up.last_held(context.app, context.actor, context.callback.subject, said, context.cause)


async def tick(context: RequestContext) -> None:
    """That one was all right; or was not."""
    await follow_up.tick(context.app, context.actor, context.callback.subject, context.callback.arg, context.cause)


async def revoke_remaining(context: RequestContext) -> None:
    """Revoke these too."""
    result = await follow_up.revoke_remaining(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(report.rest_taken_back(result, context.locale))


async def telegram_was_not_on_it(context: RequestContext) -> None:
    """Telegram was not on it."""
    result = await follow_up.telegram_was_not_on_it(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(report.lifted(result, context.locale))


async def stays(context: RequestContext) -> None:
    """The freeze stays."""
    result = await follow_up.stays(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(report.stays(result, context.locale))


async def dispute(context: RequestContext) -> None:
    """I have my phone: whoever reported it is frozen too, until an admin has looked."""
    await follow_up.dispute(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(report.disputed(context.locale))
