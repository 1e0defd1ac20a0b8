"""Certificates at Cloudflare that nobody ordered here: whose is it, or out with it."""

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.people.people import Person
from bot.model.status.status import Adopted, NotAdopted, UnknownCertificate, UnknownCertificates

_IN_A_ROW = 2
_LABEL = 30


def card(result: UnknownCertificates, locale: Locale) -> Message:
    """One of them, whose it could be, and the next."""
    if result.not_told:
        return Message(
            html=locale._("Cloudflare does not tell me its certificates right now. Please try again in some minutes."),
            rows=(_again(result, locale),),
        )
    found = result.certificate
    if found is None:
        return Message(
            html=locale._("Nothing is left: I know every valid certificate at Cloudflare. /status shows the rest.")
        )
    return Message(
        html=paragraphs(
            locale._("<b>{name}</b> is valid at Cloudflare, and I did not make it ({number} of {total}).").format(
                name=found.common_name or locale._("A certificate without a name"),
                number=result.number + 1,
                total=result.total,
            ),
            lines(
                locale._("Issued: {day}").format(day=locale.day(found.issued_at)) if found.issued_at else None,
                locale._("Expires: {day}").format(day=locale.day(found.expires_at)) if found.expires_at else None,
                locale._("Serial: <code>{serial}</code>").format(serial=found.serial) if found.serial else None,
            ),
            locale._(
                "Whoever has it gets in. Whose is it? Tap them, and it is theirs from now on: listed, and revoked with one tap. If nobody knows it, revoke it."
            ),
        ),
        rows=(*_owners(found, result.people), _revoke(found, locale), *_next(result, locale)),
    )


def adopted(result: Adopted, locale: Locale) -> Message:
    """It has an owner now."""
    device = result.certificate.device
    more = (
        (Button(text=locale.label("Next one"), callback=CallbackData(CallbackAction.UNKNOWN, arg="0")),)
        if result.more
        else ()
    )
    return Message(
        html=locale._("<b>{name}</b> belongs to {owner} now. /revoke {owner}/{name} takes it away.").format(
            name=device.name, owner=device.owner_name
        ),
        rows=(more,) if more else (),
    )


def not_adopted(result: NotAdopted, locale: Locale) -> Message:
    """Nothing was changed, and why."""
    again = (Button(text=locale.label("Look again"), callback=CallbackData(CallbackAction.UNKNOWN, arg="0")),)
    if result.not_told:
        text = locale._(
            "Cloudflare does not show me that certificate right now, so nothing is changed yet. Please look again in some minutes."
        )
    else:
        text = locale._(
            "Nothing was changed: somebody was quicker, or it is not valid at Cloudflare any more. Please look again."
        )
    return Message(html=text, rows=(again,))


def _owners(found: UnknownCertificate, people: tuple[Person, ...]) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(text=one.name[:_LABEL], callback=CallbackData(CallbackAction.ADOPT, one.public_id, found.cloudflare_id))
        for one in people
    ]
    return tuple(tuple(buttons[at : at + _IN_A_ROW]) for at in range(0, len(buttons), _IN_A_ROW))


def _revoke(found: UnknownCertificate, locale: Locale) -> tuple[Button, ...]:
    press = CallbackData(CallbackAction.REVOKE_UNKNOWN, arg=found.cloudflare_id)
    return (Button(text=locale.label("Nobody's: revoke it"), callback=press, look="danger"),)


def _next(result: UnknownCertificates, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    if result.total < 2:
        return ()
    return (
        (
            Button(
                text=locale.label("Next one"), callback=CallbackData(CallbackAction.UNKNOWN, arg=str(result.number + 1))
            ),
        ),
    )


def _again(result: UnknownCertificates, locale: Locale) -> tuple[Button, ...]:
    return (
        Button(text=locale.label("Look again"), callback=CallbackData(CallbackAction.UNKNOWN, arg=str(result.number))),
    )
