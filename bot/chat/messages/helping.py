"""It does not work: what is seen, what to do about it, and an admin's hand."""

from collections.abc import Callable

from markupsafe import Markup

from bot.chat.messages import wizard
from bot.chat.messages.devices import kind_words
from bot.chat.messages.form import Button, Message, Voice, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate, DeviceKind
from bot.model.notices import HelpWanted, StepsAgain
from bot.model.people import Person
from bot.model.results import HelpAsked, HelpSent
from bot.model.symptoms import Symptom

MORE = "more"
"""The argument of a press that asks again in the same message."""

_LABELS: dict[Symptom, Callable[[Voice], str]] = {
    Symptom.WRONG_PASSWORD: lambda v: v.label("It says wrong password"),
    Symptom.NOTHING_ASKED: lambda v: v.label("It asks for nothing"),
    Symptom.BLOCKED: lambda v: v.label("A page says blocked"),
    Symptom.NO_MENU: lambda v: v.label("I can't find the menu"),
}


def what_do_you_see(certificate: Certificate, actor: Person, voice: Voice) -> Message:
    """The question."""
    rows = tuple(
        (Button(text=label(voice), press=Press(Verb.SEES, certificate.public_id, symptom.value)),)
        for symptom, label in _LABELS.items()
    )
    return Message(
        html=voice._("What do you see with <b>{name}</b>?").format(name=certificate.device.name),
        rows=(*rows, _hand(certificate, Symptom.ELSE, actor, voice)),
    )


def advice(certificate: Certificate, symptom: Symptom, actor: Person, voice: Voice) -> Message:
    """The next step for what is seen."""
    last = (
        voice._("If nothing helps, revoke it and make a new one.")
        if actor.is_admin
        else voice._("Still no luck? Ask for help.")
    )
    other = Button(text=voice.label("Something else"), press=Press(Verb.DOES_NOT, certificate.public_id, MORE))
    return Message(
        html=paragraphs(_advice(certificate, symptom, voice), last),
        rows=((other, _guide(certificate, voice)), _hand(certificate, symptom, actor, voice)),
    )


def _advice(certificate: Certificate, symptom: Symptom, voice: Voice) -> Markup:
    match symptom:
        case Symptom.WRONG_PASSWORD:
            return voice._(
                "Copy the password with its button instead of typing it: tap <b>Password</b>, then <b>Copy</b>, then paste. Mind that no space comes along."
            )
        case Symptom.NOTHING_ASKED:
            return _nothing_asked(certificate.device.kind, voice)
        case Symptom.BLOCKED:
            return voice._(
                "Close the browser or app completely (swipe it away), open it again, and choose <b>{name}</b> when it asks. If it never asks, it remembers an earlier no: restart the phone once."
            ).format(name=certificate.device.name)
        case Symptom.NO_MENU:
            return wizard.steps(certificate.device.kind, None, voice).html
        case Symptom.ELSE:
            return voice._("Tell an admin what you see.")


def _nothing_asked(kind: DeviceKind, voice: Voice) -> Markup:
    if kind is DeviceKind.IPHONE:
        return voice._(
            "Tapping the file in Telegram only shows it. Tap the share sign, then <i>Save to Files</i>; open the <i>Files</i> app and tap it there. Then <i>Settings, Profile Downloaded, Install</i>."
        )
    return voice._(
        "On Android it must be installed as <i>VPN and app user certificate</i>, not as Wi-Fi certificate. In the phone's Settings search for <i>certificate</i> and install it from there."
    )


def _guide(certificate: Certificate, voice: Voice) -> Button:
    return Button(text=voice.label("Guide"), press=Press(Verb.GUIDE, certificate.public_id))


def _hand(certificate: Certificate, symptom: Symptom, actor: Person, voice: Voice) -> tuple[Button, ...]:
    if actor.is_admin:
        return (
            Button(
                text=voice.label("Revoke {name}").format(name=certificate.device.name),
                press=Press(Verb.REVOKE, certificate.public_id),
                look="danger",
            ),
        )
    press = Press(Verb.HELP, certificate.public_id, symptom.value)
    return (Button(text=voice.label("Ask for help"), press=press, look="primary"),)


def asked(result: HelpAsked, voice: Voice) -> Message:
    """The admins know."""
    return Message(
        html=voice._(
            "I told the admins that <b>{name}</b> does not work yet. You hear from them, or from me with new steps."
        ).format(name=result.certificate.device.name)
    )


def wanted(notice: HelpWanted, voice: Voice) -> Message:
    """Somebody needs a hand, for admins."""
    device, certificate = notice.certificate.device, notice.certificate
    label = _LABELS.get(notice.symptom)
    return Message(
        html=paragraphs(
            voice._("<b>{owner}</b> needs a hand with <b>{name}</b> ({kind}).").format(
                owner=device.owner_name,
                name=device.name,
                kind=voice._("kind not told") if device.kind is DeviceKind.OTHER else kind_words(device.kind, voice),
            ),
            voice._("What they see: {seen}").format(seen=label(voice) if label else voice._("something else")),
            voice._("A new key takes the old one away; they get it when they tap."),
        ),
        rows=(
            (Button(text=voice.label("Send the steps"), press=Press(Verb.HELP_STEPS, certificate.public_id)),),
            (
                Button(
                    text=voice.label("Send a new key"),
                    press=Press(Verb.HELP_NEW, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def steps_again(notice: StepsAgain, voice: Voice) -> Message:
    """The steps once more, from an admin."""
    device = notice.certificate.device
    return Message(
        html=paragraphs(
            voice._("Once more for <b>{name}</b>, slowly:").format(name=device.name),
            wizard.steps(device.kind, None, voice).html,
        ),
        rows=((_guide(notice.certificate, voice),),),
    )


def steps_sent(result: HelpSent, voice: Voice) -> str:
    """The toast after sending the steps."""
    return voice.label("{name} gets the steps.").format(name=result.certificate.device.owner_name)


def new_sent(result: HelpSent, voice: Voice) -> Message:
    """The old key goes, a new one is allowed."""
    device = result.certificate.device
    return Message(
        html=voice._(
            "I am taking the old key of <b>{name}</b> away. {owner} has a button for a new one, and gets it when they tap."
        ).format(name=device.name, owner=device.owner_name)
    )
