"""A phone is lost: whose, and which?"""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, paragraphs
from bot.chat.press import Press, Verb
from bot.model.losses import LossChoice, LossPeople

Rows = tuple[tuple[Button, ...], ...]


def choice(result: LossChoice, voice: Voice) -> Message:
    """Which device is lost?"""
    own = result.owner.id == result.viewer.id
    devices = tuple(
        (Button(text=c.device.name, press=Press(Verb.LOST, c.public_id), look="danger"),) for c in result.certificates
    )
    return Message(
        html=paragraphs(
            _which(result, own, voice),
            _what_a_tap_does(result, own, voice),
            _nobody_left(result, voice) if own and result.last_admin else None,
        ),
        rows=devices + _all_of(result, own, voice) + _others(result, own, voice),
    )


def _which(result: LossChoice, own: bool, voice: Voice) -> Markup:
    if not own:
        return voice._("Which of {name}'s devices is lost?").format(name=result.owner.name)
    if not result.certificates:
        return voice._("You have no device with a key from me.")
    return voice._("Which one is lost?")


def _what_a_tap_does(result: LossChoice, own: bool, voice: Voice) -> Markup:
    if own and not result.certificates:
        return voice._(
            "If somebody else has your Telegram, one tap freezes your account here: nobody can ask me for keys in your name then."
        )
    if own:
        return voice.either(
            admin="One tap freezes your account here first, because Telegram was on that phone too, and revokes its certificate. There is <b>no Undo</b>. By command: <code>/lost {name}</code>",
            member="One tap freezes your account here first, because Telegram was on that phone too, and blocks its key. There is <b>no Undo</b>. By command: <code>/lost {name}</code>",
        ).format(name=result.certificates[0].device.name)
    if not result.freezes:
        return voice._(
            "{name} is an admin: one tap blocks the key and tells all admins, and one of them decides about the account. There is <b>no Undo</b>."
        ).format(name=result.owner.name)
    return voice._(
        "One tap freezes {name}'s account here first, because Telegram was on that phone too, and blocks the key. There is <b>no Undo</b>."
    ).format(name=result.owner.name)


def _nobody_left(result: LossChoice, voice: Voice) -> Markup:
    return voice._(
        "⚠️ You are the only admin who can act: after that tap nobody here can help you. Only whoever has the server lifts the freeze, with <code>latchkey unfreeze {id}</code>"
    ).format(id=result.viewer.telegram_id)


def _all_of(result: LossChoice, own: bool, voice: Voice) -> Rows:
    subject = "" if own else result.owner.public_id
    if own and not result.certificates:
        text = voice.label("Freeze my account")
    elif own:
        text = voice.label("All of mine")
    else:
        text = voice.label("All of {name}'s").format(name=result.owner.name)
    return ((Button(text=text, press=Press(Verb.LOST_ALL, subject), look="danger"),),)


def _others(result: LossChoice, own: bool, voice: Voice) -> Rows:
    if not result.others:
        return ()
    text = voice.label("Somebody else's") if own else voice.label("Another person")
    return ((Button(text=text, press=Press(Verb.LOST_WHO, arg="0")),),)


def whose(result: LossPeople, voice: Voice) -> Message:
    """Whose phone is lost?"""
    rows: Rows = tuple(
        (Button(text=person.name, press=Press(Verb.LOST_OF, person.public_id)),) for person in result.people
    )
    turning = []
    if result.page > 0:
        turning.append(Button(text=voice.label("◀ Back"), press=Press(Verb.LOST_WHO, arg=str(result.page - 1))))
    if result.page + 1 < result.pages:
        turning.append(Button(text=voice.label("More ▶"), press=Press(Verb.LOST_WHO, arg=str(result.page + 1))))
    if not rows:
        return Message(html=voice._("Nobody else has a device. /lost shows your own."))
    return Message(html=voice._("Whose phone is lost?"), rows=rows + ((tuple(turning),) if turning else ()))
