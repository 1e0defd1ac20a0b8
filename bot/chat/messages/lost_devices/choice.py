"""A phone is lost: whose, and which?"""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.lost_devices import LossChoice, LossPeople

Rows = tuple[tuple[Button, ...], ...]


def choice(result: LossChoice, locale: Locale) -> Message:
    """Which device is lost?"""
    own = result.owner.id == result.viewer.id
    devices = tuple(
        (Button(text=c.device.name, callback=CallbackData(CallbackAction.LOST, c.public_id), look="danger"),)
        for c in result.certificates
    )
    return Message(
        html=paragraphs(
            _which(result, own, locale),
            _what_a_tap_does(result, own, locale),
            _nobody_left(result, locale) if own and result.last_admin else None,
        ),
        rows=devices + _all_of(result, own, locale) + _others(result, own, locale),
    )


def _which(result: LossChoice, own: bool, locale: Locale) -> Markup:
    if not own:
        return locale._("Which of {name}'s devices is lost?").format(name=result.owner.name)
    if not result.certificates:
        return locale._("You have no device with a key from me.")
    return locale._("Which one is lost?")


def _what_a_tap_does(result: LossChoice, own: bool, locale: Locale) -> Markup:
    if own and not result.certificates:
        return locale._(
            "If somebody else has your Telegram, one tap freezes your account here: nobody can ask me for keys in your name then."
        )
    if own:
        return locale.either(
            admin="One tap freezes your account here first, because Telegram was on that phone too, and revokes its certificate. There is <b>no Undo</b>. By command: <code>/lost {name}</code>",
            member="One tap freezes your account here first, because Telegram was on that phone too, and blocks its key. There is <b>no Undo</b>. By command: <code>/lost {name}</code>",
        ).format(name=result.certificates[0].device.name)
    if not result.freezes:
        return locale._(
            "{name} is an admin: one tap blocks the key and tells all admins, and one of them decides about the account. There is <b>no Undo</b>."
        ).format(name=result.owner.name)
    return locale._(
        "One tap freezes {name}'s account here first, because Telegram was on that phone too, and blocks the key. There is <b>no Undo</b>."
    ).format(name=result.owner.name)


def _nobody_left(result: LossChoice, locale: Locale) -> Markup:
    return locale._(
        "⚠️ You are the only admin who can act: after that tap nobody here can help you. Only whoever has the server lifts the freeze, with <code>latchkey unfreeze {id}</code>"
    ).format(id=result.viewer.telegram_id)


def _all_of(result: LossChoice, own: bool, locale: Locale) -> Rows:
    subject = "" if own else result.owner.public_id
    if own and not result.certificates:
        text = locale.label("Freeze my account")
    elif own:
        text = locale.label("All of mine")
    else:
        text = locale.label("All of {name}'s").format(name=result.owner.name)
    return ((Button(text=text, callback=CallbackData(CallbackAction.LOST_ALL, subject), look="danger"),),)


def _others(result: LossChoice, own: bool, locale: Locale) -> Rows:
    if not result.others:
        return ()
    text = locale.label("Somebody else's") if own else locale.label("Another person")
    return ((Button(text=text, callback=CallbackData(CallbackAction.LOST_WHO, arg="0")),),)


def whose(result: LossPeople, locale: Locale) -> Message:
    """Whose phone is lost?"""
    rows: Rows = tuple(
        (Button(text=person.name, callback=CallbackData(CallbackAction.LOST_OF, person.public_id)),)
        for person in result.people
    )
    turning = []
    if result.page > 0:
        turning.append(
            Button(
                text=locale.label("◀ Back"), callback=CallbackData(CallbackAction.LOST_WHO, arg=str(result.page - 1))
            )
        )
    if result.page + 1 < result.pages:
        turning.append(
            Button(
                text=locale.label("More ▶"), callback=CallbackData(CallbackAction.LOST_WHO, arg=str(result.page + 1))
            )
        )
    if not rows:
        return Message(html=locale._("Nobody else has a device. /lost shows your own."))
    return Message(html=locale._("Whose phone is lost?"), rows=rows + ((tuple(turning),) if turning else ()))
