"""Guides: which one, and its screens with Next and Back. Their text is in ``bot/chat/guides``."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.guides.reading import ForWhom, Guide
from bot.chat.guides.shelf import OF_KIND, guides
from bot.chat.languages import month_words
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.certificates.certificates import DeviceKind
from bot.model.people.people import Person
from bot.model.people.requests import InstallTarget

OWN_KEY: Final = "own-key"
WAY_AROUND: Final = "way-around"
LIMITS: Final = "limits"
RENEWAL: Final = "renewal"

_IN_SHORT: Final[dict[tuple[DeviceKind, InstallTarget], tuple[str, str]]] = {
    (DeviceKind.IPHONE, InstallTarget.HOME_ASSISTANT): ("home-assistant", "iphone"),
    (DeviceKind.IPHONE, InstallTarget.IMMICH): ("immich", "iphone"),
    (DeviceKind.IPHONE, InstallTarget.APP): ("iphone", "app"),
}
_IN_STEPS: Final = "steps"
"""The name of the screen with the three steps, in the guide of each kind of device."""
_FILE: Final = "file"
"""The steps that are the same in Safari and in apps: where the file goes is not known when it is sent."""


def steps(kind: DeviceKind, locale: Locale) -> Markup:
    """The three steps for a kind of device, alone: they stand under the file."""
    return guides(locale.language)[OF_KIND[kind]].named(_FILE if kind is DeviceKind.IPHONE else _IN_STEPS).steps


def in_short(kind: DeviceKind, via: InstallTarget | None, locale: Locale) -> Markup:
    """The three steps, and what stands beside them."""
    slug, name = (OF_KIND[kind], _IN_STEPS) if via is None else _IN_SHORT.get((kind, via), (OF_KIND[kind], _IN_STEPS))
    return guides(locale.language)[slug].named(name).body


def choice(actor: Person, locale: Locale) -> Message:
    """Which guide?"""
    known = guides(locale.language).values()
    groups = [_buttons(known, ForWhom.DEVICE, 3), _buttons(known, ForWhom.APP, 3)]
    if actor.is_admin:
        groups.append(_buttons(known, ForWhom.ADMIN, 1))
    return Message(
        html=lines(
            locale._("Step by step, one screen at a time."),
            locale._("Start with what you hold in your hand; then look for the app, if you use one."),
        ),
        rows=tuple(row for group in groups for row in group),
    )


def screen(guide: Guide, at: int, actor: Person, locale: Locale) -> Message:
    """One screen of a guide; ``at`` counts from 1, and what is beyond is the last."""
    at = min(max(at, 1), len(guide.screens))
    shown = guide.screens[at - 1]
    turning = []
    if at > 1:
        turning.append(Button(text=locale.label("◀ Back"), callback=_press(guide, at - 1)))
    if at < len(guide.screens):
        turning.append(Button(text=locale.label("Next ▶"), callback=_press(guide, at + 1), look="primary"))
    return Message(
        html=paragraphs(
            locale._("<b>{guide}: {heading}</b> ({at} of {all})").format(
                guide=guide.title, heading=shown.heading, at=at, all=len(guide.screens)
            ),
            shown.body,
            _written_for(guide, actor, locale) if at == len(guide.screens) else None,
        ),
        rows=(
            tuple(turning),
            (Button(text=locale.label("All guides"), callback=CallbackData(CallbackAction.GUIDE_SCREEN)),),
        ),
    )


def _written_for(guide: Guide, actor: Person, locale: Locale) -> Markup:
    year, month = map(int, guide.checked.split("-"))
    when = month_words(locale.language, date(year, month, 1))
    if actor.is_admin:
        text = locale._(
            "<i>Written for {versions}, {when}. Other words on yours? The text is in bot/chat/guides: please correct it.</i>"
        )
    else:
        text = locale._("<i>Written for {versions}, {when}. Other words on yours? Please tell an admin.</i>")
    return text.format(versions=guide.versions, when=when)


def _buttons(known: Iterable[Guide], whom: ForWhom, a_row: int) -> list[tuple[Button, ...]]:
    buttons = [Button(text=one.title, callback=_press(one, 1)) for one in known if one.for_whom is whom]
    return [tuple(buttons[at : at + a_row]) for at in range(0, len(buttons), a_row)]


def _press(guide: Guide, at: int) -> CallbackData:
    return CallbackData(CallbackAction.GUIDE_SCREEN, arg=f"{guide.slug}-{at}")
