"""/guide, and the button of that name."""

from bot.chat.context import RequestContext
from bot.chat.guides.reading import ForWhom, Guide
from bot.chat.guides.shelf import OF_KIND
from bot.chat.guides.shelf import guides as shelf
from bot.chat.messages import guides
from bot.chat.messages.message import Message
from bot.errors import StaleAction
from bot.model.certificates.certificates import Certificate, DeviceKind, Origin
from bot.services.certificates import queries


async def guide(context: RequestContext) -> None:
    """Offer the guides, or show the one that is named."""
    try:
        message = _first(context, "-".join(context.words).lower())
    except StaleAction:
        message = guides.choice(context.actor, context.locale)
    await context.say(message)


async def open_beside(context: RequestContext) -> None:
    """Show a guide below what was pressed: the one named, or the one for that device."""
    slug = context.callback.arg
    if not slug:
        slug = _of((await queries.card(context.app, context.actor, context.callback.subject)).certificate)
    message = (
        guides.screen(_guide(context, slug), 1, context.actor, context.locale)
        if slug
        else guides.choice(context.actor, context.locale)
    )
    await context.answer()
    await context.say(message)


async def turn_to(context: RequestContext) -> None:
    """Turn the message to another screen, or back to the choice."""
    slug, _, number = context.callback.arg.rpartition("-")
    message = (
        guides.screen(_guide(context, slug), int(number) if number.isdigit() else 1, context.actor, context.locale)
        if slug
        else guides.choice(context.actor, context.locale)
    )
    await context.answer()
    await context.change(message)


def _of(certificate: Certificate) -> str:
    """The guide for a device; none where it is not told what it is."""
    if certificate.origin is Origin.OWN_KEY:
        return guides.OWN_KEY
    kind = certificate.device.kind
    return "" if kind is DeviceKind.OTHER else OF_KIND[kind]


def _first(context: RequestContext, slug: str) -> Message:
    return guides.screen(_guide(context, slug), 1, context.actor, context.locale)


def _guide(context: RequestContext, slug: str) -> Guide:
    found = shelf(context.locale.language).get(slug)
    if found is None or (found.for_whom is ForWhom.ADMIN and not context.actor.is_admin):
        raise StaleAction
    return found
