"""It does not work: what is seen, what to do about it, and an admin's hand."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.certificates import enrolment
from bot.chat.messages.certificates.devices import kind_words
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.certificates.certificates import Certificate, DeviceKind
from bot.model.certificates.symptoms import Symptom
from bot.model.notices import HelpWanted, StepsAgain
from bot.model.people.people import Person
from bot.model.results import HelpAsked, HelpSent

MORE = "more"
"""The argument of a press that asks again in the same message."""

_LABELS: dict[Symptom, Callable[[Locale], str]] = {
    Symptom.WRONG_PASSWORD: lambda v: v.label("It says wrong password"),
    Symptom.NOTHING_ASKED: lambda v: v.label("It asks for nothing"),
    Symptom.BLOCKED: lambda v: v.label("A page says blocked"),
    Symptom.NO_MENU: lambda v: v.label("I can't find the menu"),
}


def what_do_you_see(certificate: Certificate, actor: Person, locale: Locale) -> Message:
    """The question."""
    rows = tuple(
        (Button(text=label(locale), callback=CallbackData(CallbackAction.SEES, certificate.public_id, symptom.value)),)
        for symptom, label in _LABELS.items()
    )
    return Message(
        html=locale._("What do you see with <b>{name}</b>?").format(name=certificate.device.name),
        rows=(*rows, _hand(certificate, Symptom.ELSE, actor, locale)),
    )


def advice(certificate: Certificate, symptom: Symptom, actor: Person, locale: Locale) -> Message:
    """The next step for what is seen."""
    last = (
        locale._("If nothing helps, revoke it and make a new one.")
        if actor.is_admin
        else locale._("Still no luck? Ask for help.")
    )
    other = Button(
        text=locale.label("Something else"), callback=CallbackData(CallbackAction.DOES_NOT, certificate.public_id, MORE)
    )
    return Message(
        html=paragraphs(_advice(certificate, symptom, locale), last),
        rows=((other, _guide(certificate, locale)), _hand(certificate, symptom, actor, locale)),
    )


def _advice(certificate: Certificate, symptom: Symptom, locale: Locale) -> Markup:
    match symptom:
        case Symptom.WRONG_PASSWORD:
            return locale._(
                "Copy the password with its button instead of typing it: tap <b>Password</b>, then <b>Copy</b>, then paste. Mind that no space comes along."
            )
        case Symptom.NOTHING_ASKED:
            return _nothing_asked(certificate.device.kind, locale)
        case Symptom.BLOCKED:
            return locale._(
                "Close the browser or app completely (swipe it away), open it again, and choose <b>{name}</b> when it asks. If it never asks, it remembers an earlier no: restart the phone once."
            ).format(name=certificate.device.name)
        case Symptom.NO_MENU:
            return enrolment.steps(certificate.device.kind, None, locale).html
        case Symptom.ELSE:
            return locale._("Tell an admin what you see.")


def _nothing_asked(kind: DeviceKind, locale: Locale) -> Markup:
    if kind is DeviceKind.IPHONE:
        return locale._(
            "Tapping the file in Telegram only shows it. Tap the share sign, then <i>Save to Files</i>; open the <i>Files</i> app and tap it there. Then <i>Settings, Profile Downloaded, Install</i>."
        )
    return locale._(
        "On Android it must be installed as <i>VPN and app user certificate</i>, not as Wi-Fi certificate. In the phone's Settings search for <i>certificate</i> and install it from there."
    )


def _guide(certificate: Certificate, locale: Locale) -> Button:
    return Button(text=locale.label("Guide"), callback=CallbackData(CallbackAction.GUIDE, certificate.public_id))


def _hand(certificate: Certificate, symptom: Symptom, actor: Person, locale: Locale) -> tuple[Button, ...]:
    if actor.is_admin:
        return (
            Button(
                text=locale.label("Revoke {name}").format(name=certificate.device.name),
                callback=CallbackData(CallbackAction.REVOKE, certificate.public_id),
                look="danger",
            ),
        )
    press = CallbackData(CallbackAction.HELP, certificate.public_id, symptom.value)
    return (Button(text=locale.label("Ask for help"), callback=press, look="primary"),)


def asked(result: HelpAsked, locale: Locale) -> Message:
    """The admins know."""
    return Message(
        html=locale._(
            "I told the admins that <b>{name}</b> does not work yet. You hear from them, or from me with new steps."
        ).format(name=result.certificate.device.name)
    )


def wanted(notice: HelpWanted, locale: Locale) -> Message:
    """Somebody needs a hand, for admins."""
    device, certificate = notice.certificate.device, notice.certificate
    label = _LABELS.get(notice.symptom)
    return Message(
        html=paragraphs(
            locale._("<b>{owner}</b> needs a hand with <b>{name}</b> ({kind}).").format(
                owner=device.owner_name,
                name=device.name,
                kind=locale._("kind not told") if device.kind is DeviceKind.OTHER else kind_words(device.kind, locale),
            ),
            locale._("What they see: {seen}").format(seen=label(locale) if label else locale._("something else")),
            locale._("A new key takes the old one away; they get it when they tap."),
        ),
        rows=(
            (
                Button(
                    text=locale.label("Send the steps"),
                    callback=CallbackData(CallbackAction.HELP_STEPS, certificate.public_id),
                ),
            ),
            (
                Button(
                    text=locale.label("Send a new key"),
                    callback=CallbackData(CallbackAction.HELP_NEW, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def steps_again(notice: StepsAgain, locale: Locale) -> Message:
    """The steps once more, from an admin."""
    device = notice.certificate.device
    return Message(
        html=paragraphs(
            locale._("Once more for <b>{name}</b>, slowly:").format(name=device.name),
            enrolment.steps(device.kind, None, locale).html,
        ),
        rows=((_guide(notice.certificate, locale),),),
    )


def steps_sent(result: HelpSent, locale: Locale) -> str:
    """The toast after sending the steps."""
    return locale.label("{name} gets the steps.").format(name=result.certificate.device.owner_name)


def new_sent(result: HelpSent, locale: Locale) -> Message:
    """The old key goes, a new one is allowed."""
    device = result.certificate.device
    return Message(
        html=locale._(
            "I am taking the old key of <b>{name}</b> away. {owner} has a button for a new one, and gets it when they tap."
        ).format(name=device.name, owner=device.owner_name)
    )
