"""Guides: which one, and its screens with Next and Back. Their text is in ``bot/chat/guides``."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from markupsafe import Markup

from bot.chat.guides.reading import ForWhom, Guide
from bot.chat.guides.shelf import OF_KIND, guides
from bot.chat.languages import month_words
from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import DeviceKind
from bot.model.people import Person
from bot.model.requests import Via

OWN_KEY: Final = "own-key"
WAY_AROUND: Final = "way-around"
LIMITS: Final = "limits"
RENEWAL: Final = "renewal"

_IN_SHORT: Final[dict[tuple[DeviceKind, Via], tuple[str, str]]] = {
    (DeviceKind.IPHONE, Via.HOME_ASSISTANT): ("home-assistant", "iphone"),
    (DeviceKind.IPHONE, Via.IMMICH): ("immich", "iphone"),
    (DeviceKind.IPHONE, Via.APP): ("iphone", "app"),
}
_IN_STEPS: Final = "steps"
"""The name of the screen with the three steps, in the guide of each kind of device."""
_FILE: Final = "file"
"""The steps that are the same in Safari and in apps: where the file goes is not known when it is sent."""


def steps(kind: DeviceKind, voice: Voice) -> Markup:
    """The three steps for a kind of device, alone: they stand under the file."""
    return guides(voice.language)[OF_KIND[kind]].named(_FILE if kind is DeviceKind.IPHONE else _IN_STEPS).steps


def in_short(kind: DeviceKind, via: Via | None, voice: Voice) -> Markup:
    """The three steps, and what stands beside them."""
    slug, name = (OF_KIND[kind], _IN_STEPS) if via is None else _IN_SHORT.get((kind, via), (OF_KIND[kind], _IN_STEPS))
    return guides(voice.language)[slug].named(name).body


def choice(actor: Person, voice: Voice) -> Message:
    """Which guide?"""
    known = guides(voice.language).values()
    groups = [_buttons(known, ForWhom.DEVICE, 3), _buttons(known, ForWhom.APP, 3)]
    if actor.is_admin:
        groups.append(_buttons(known, ForWhom.ADMIN, 1))
    return Message(
        html=lines(
            voice._("Step by step, one screen at a time."),
            voice._("Start with what you hold in your hand; then look for the app, if you use one."),
        ),
        rows=tuple(row for group in groups for row in group),
    )


def screen(guide: Guide, at: int, actor: Person, voice: Voice) -> Message:
    """One screen of a guide; ``at`` counts from 1, and what is beyond is the last."""
    at = min(max(at, 1), len(guide.screens))
    shown = guide.screens[at - 1]
    turning = []
    if at > 1:
        turning.append(Button(text=voice.label("◀ Back"), press=_press(guide, at - 1)))
    if at < len(guide.screens):
        turning.append(Button(text=voice.label("Next ▶"), press=_press(guide, at + 1), look="primary"))
    return Message(
        html=paragraphs(
            voice._("<b>{guide}: {heading}</b> ({at} of {all})").format(
                guide=guide.title, heading=shown.heading, at=at, all=len(guide.screens)
            ),
            shown.body,
            _written_for(guide, actor, voice) if at == len(guide.screens) else None,
        ),
        rows=(tuple(turning), (Button(text=voice.label("All guides"), press=Press(Verb.GUIDE_SCREEN)),)),
    )


def _written_for(guide: Guide, actor: Person, voice: Voice) -> Markup:
    year, month = map(int, guide.checked.split("-"))
    when = month_words(voice.language, date(year, month, 1))
    if actor.is_admin:
        text = voice._(
            "<i>Written for {versions}, {when}. Other words on yours? The text is in bot/chat/guides: please correct it.</i>"
        )
    else:
        text = voice._("<i>Written for {versions}, {when}. Other words on yours? Please tell an admin.</i>")
    return text.format(versions=guide.versions, when=when)


def _buttons(known: Iterable[Guide], whom: ForWhom, a_row: int) -> list[tuple[Button, ...]]:
    buttons = [Button(text=one.title, press=_press(one, 1)) for one in known if one.for_whom is whom]
    return [tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row)]


def _press(guide: Guide, at: int) -> Press:
    return Press(Verb.GUIDE_SCREEN, arg=f"{guide.slug}-{at}")
