"""It does not work."""

from bot.chat.context import RequestContext
from bot.chat.messages.certificates import support
from bot.errors import StaleAction
from bot.model.certificates.symptoms import Symptom
from bot.services.certificates import support as help_


async def does_not(context: RequestContext) -> None:
    """It does not work: what do you see?"""
    certificate = await help_.symptom(context.app, context.actor, context.callback.subject)
    await context.answer()
    question = support.what_do_you_see(certificate, context.actor, context.locale)
    await (context.change(question) if context.callback.arg == support.MORE else context.say(question))


async def sees(context: RequestContext) -> None:
    """That is what I see."""
    certificate = await help_.symptom(context.app, context.actor, context.callback.subject)
    await context.answer()
    await context.change(support.advice(certificate, _symptom(context), context.actor, context.locale))


async def ask(context: RequestContext) -> None:
    """An admin shall help."""
    result = await help_.ask(context.app, context.actor, context.callback.subject, _symptom(context), context.cause)
    await context.answer()
    await context.change(support.asked(result, context.locale))


async def send_steps(context: RequestContext) -> None:
    """Send somebody the steps."""
    result = await help_.send_steps(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer(support.steps_sent(result, context.locale))


async def send_new(context: RequestContext) -> None:
    """Allow somebody a new key for the same device."""
    result = await help_.send_new(context.app, context.actor, context.callback.subject, context.cause)
    await context.answer()
    await context.change(support.new_sent(result, context.locale))


def _symptom(context: RequestContext) -> Symptom:
    if context.callback.arg not in set(Symptom):
        raise StaleAction
    return Symptom(context.callback.arg)
