"""The way to a key that was allowed, by buttons only."""

from bot.chat.context import RequestContext
from bot.chat.messages.certificates import enrolment
from bot.errors import StaleAction
from bot.model.certificates.certificates import DeviceKind
from bot.model.people.enrolment import EnrolmentStep
from bot.model.people.requests import InstallTarget
from bot.services.certificates import enrolment as certificates_enrolment


async def resume(context: RequestContext) -> None:
    """Go on where it was left."""
    await _show(
        context, await certificates_enrolment.enrolment_state(context.app, context.actor, context.callback.subject)
    )


async def later(context: RequestContext) -> None:
    """Not now."""
    await _show(context, await certificates_enrolment.later(context.app, context.actor, context.callback.subject))


async def computer(context: RequestContext) -> None:
    """Which computer?"""
    await _show(context, await certificates_enrolment.computer(context.app, context.actor, context.callback.subject))


async def hold(context: RequestContext) -> None:
    """This is what I am holding."""
    if context.callback.arg not in set(DeviceKind):
        raise StaleAction
    kind = DeviceKind(context.callback.arg)
    await _show(
        context,
        await certificates_enrolment.choose_kind(
            context.app, context.actor, context.callback.subject, kind, context.cause
        ),
    )


async def via(context: RequestContext) -> None:
    """Here I shall use it."""
    if context.callback.arg not in set(InstallTarget):
        raise StaleAction
    where = InstallTarget(context.callback.arg)
    await _show(
        context,
        await certificates_enrolment.choose_via(
            context.app, context.actor, context.callback.subject, where, context.cause
        ),
    )


async def call_it(context: RequestContext) -> None:
    """Take the proposed name."""
    await _show(
        context,
        await certificates_enrolment.take_proposed_name(
            context.app, context.actor, context.callback.subject, context.cause
        ),
    )


async def other_name(context: RequestContext) -> None:
    """Type another name."""
    result = await certificates_enrolment.ask_for_name(
        context.app, context.actor, context.callback.subject, context.cause
    )
    await context.answer()
    await context.change(enrolment.name_wanted(result, context.locale))


async def get(context: RequestContext) -> None:
    """Make the key now; the worker says the rest, the steps stay."""
    before = await certificates_enrolment.enrolment_state(context.app, context.actor, context.callback.subject)
    await certificates_enrolment.get_it_now(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer()
    await context.change(enrolment.steps_to_keep(before, context.locale))


async def _show(context: RequestContext, next_step: EnrolmentStep) -> None:
    await context.answer()
    await context.change(enrolment.step(next_step, context.locale))
