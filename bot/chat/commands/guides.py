"""/guide, and the button of that name."""

from bot.chat.guides.reading import ForWhom, Guide
from bot.chat.guides.shelf import OF_KIND
from bot.chat.guides.shelf import guides as shelf
from bot.chat.messages import guides
from bot.chat.messages.form import Message
from bot.chat.turn import Turn
from bot.errors import Gone
from bot.model.certificates import Certificate, DeviceKind, Origin
from bot.services import looking


async def guide(turn: Turn) -> None:
    """Offer the guides, or show the one that is named."""
    try:
        message = _first(turn, "-".join(turn.words).lower())
    except Gone:
        message = guides.choice(turn.actor, turn.voice)
    await turn.say(message)


async def open_beside(turn: Turn) -> None:
    """Show a guide below what was pressed: the one named, or the one for that device."""
    slug = turn.press.arg
    if not slug:
        slug = _of((await looking.card(turn.parts, turn.actor, turn.press.subject)).certificate)
    message = (
        guides.screen(_guide(turn, slug), 1, turn.actor, turn.voice) if slug else guides.choice(turn.actor, turn.voice)
    )
    await turn.answer()
    await turn.say(message)


async def turn_to(turn: Turn) -> None:
    """Turn the message to another screen, or back to the choice."""
    slug, _, number = turn.press.arg.rpartition("-")
    message = (
        guides.screen(_guide(turn, slug), int(number) if number.isdigit() else 1, turn.actor, turn.voice)
        if slug
        else guides.choice(turn.actor, turn.voice)
    )
    await turn.answer()
    await turn.change(message)


def _of(certificate: Certificate) -> str:
    """The guide for a device; none where it is not told what it is."""
    if certificate.origin is Origin.OWN_KEY:
        return guides.OWN_KEY
    kind = certificate.device.kind
    return "" if kind is DeviceKind.OTHER else OF_KIND[kind]


def _first(turn: Turn, slug: str) -> Message:
    return guides.screen(_guide(turn, slug), 1, turn.actor, turn.voice)


def _guide(turn: Turn, slug: str) -> Guide:
    found = shelf(turn.voice.language).get(slug)
    if found is None or (found.for_whom is ForWhom.ADMIN and not turn.actor.is_admin):
        raise Gone
    return found
