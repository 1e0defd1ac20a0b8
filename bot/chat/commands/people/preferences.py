"""/language."""

from dataclasses import replace

from bot.chat.context import RequestContext
from bot.chat.languages import LANGUAGES
from bot.chat.messages.people import preferences as words
from bot.errors import StaleAction
from bot.services.people import preferences


async def language(context: RequestContext) -> None:
    """Show the languages to choose from."""
    await context.say(words.language_choice(context.locale))


async def choose_language(context: RequestContext) -> None:
    """Speak that one from now on."""
    if context.callback.arg not in LANGUAGES:
        raise StaleAction
    result = await preferences.choose_language(context.app, context.actor, context.callback.arg, context.cause)
    await context.change(words.language_chosen(replace(context.locale, language=result.code)))


async def timezone(context: RequestContext) -> None:
    """Take the place behind the command; without one say which zone it is."""
    place = " ".join(context.words)
    if place:
        result = await preferences.choose_time_zone(context.app, context.actor, place, context.cause)
    else:
        result = await preferences.time_zone_now(context.app, context.actor)
    await context.say(words.time_zone_now(result, context.locale))
