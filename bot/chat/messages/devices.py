"""Lists and cards of devices."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import COUNTED, Certificate, DeviceKind, State
from bot.model.people import Person
from bot.model.results import DeviceCard, DevicePage

_MARK = {
    State.ISSUING: "🕓",
    State.ACTIVE: "🟢",
    State.FAILED: "✖️",
    State.REVOKING: "🔴",
    State.REVOKED: "🔴",
    State.RESTORING: "🕓",
    State.EXPIRED: "⚪️",
}
ALL = "all"
MINE = "mine"


def page(result: DevicePage, viewer: Person, voice: Voice) -> Message:
    """One page of devices, each a button to its card; what else a device has in use stands below it."""
    if not result.total:
        return Message(html=voice._("No devices yet. /newcert makes the first one."))
    head = voice._("Everybody's devices: {total}") if result.of_everybody else voice._("Your devices: {total}")
    slots = (
        voice.many(
            "{n} of {quota} certificates of the zone is in use.",
            "{n} of {quota} certificates of the zone are in use.",
            result.used,
            quota=voice.number(result.quota),
        )
        if result.used is not None
        else None
    )
    listed: list[Markup] = []
    buttons: list[tuple[Button, ...]] = []
    for newest in result.certificates:
        listed.append(_line(newest, viewer, voice))
        buttons.append((_to_card(newest, _named(newest, viewer)),))
        for older in result.older:
            if older.device.id == newest.device.id:
                listed.append(_older_line(older, newest, viewer, voice))
                name = voice.label("{name}, the old one").format(name=_named(older, viewer))
                buttons.append((_to_card(older, name),))
    return Message(
        html=paragraphs(
            lines(head.format(total=voice.number(result.total)), slots),
            lines(*listed),
            voice._("Tap one to see or revoke it."),
        ),
        rows=tuple(buttons) + _turning(result, voice),
    )


def _to_card(certificate: Certificate, text: str) -> Button:
    return Button(text=text, press=Press(Verb.CARD, certificate.public_id))


def _turning(result: DevicePage, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    whose = ALL if result.of_everybody else MINE
    row = []
    if result.page > 0:
        row.append(Button(text=voice.label("◀ Newer"), press=Press(Verb.PAGE, arg=f"{whose}-{result.page - 1}")))
    if result.page + 1 < result.pages:
        row.append(Button(text=voice.label("Older ▶"), press=Press(Verb.PAGE, arg=f"{whose}-{result.page + 1}")))
    return (tuple(row),) if row else ()


def _named(certificate: Certificate, viewer: Person) -> str:
    device = certificate.device
    name = device.name if device.owner_id == viewer.id else f"{device.owner_name}/{device.name}"
    return f"{_MARK[certificate.state]} {name}"


def _line(certificate: Certificate, viewer: Person, voice: Voice) -> Markup:
    return Markup("{name} – {state}").format(name=_named(certificate, viewer), state=state_words(certificate, voice))


def _older_line(older: Certificate, newest: Certificate, viewer: Person, voice: Voice) -> Markup:
    state = state_words(older, voice)
    if newest.replaces == older.id and newest.state in COUNTED and older.expires_at is not None:
        state = voice._("until the new one works, {day} at the latest").format(day=voice.day(older.expires_at))
    name = voice._("{name}, the old one").format(name=_named(older, viewer))
    return Markup("{name} – {state}").format(name=name, state=state)


def state_words(certificate: Certificate, voice: Voice) -> Markup:
    """Where a certificate is in its life, in words."""
    if certificate.state is State.ACTIVE and certificate.expires_at is not None:
        return voice._("valid until {day}").format(day=voice.day(certificate.expires_at))
    return {
        State.ISSUING: voice._("being made"),
        State.ACTIVE: voice._("valid"),
        State.FAILED: voice._("not made"),
        State.REVOKING: voice._("being revoked"),
        State.REVOKED: voice._("revoked"),
        State.RESTORING: voice._("being taken back"),
        State.EXPIRED: voice._("expired"),
    }[certificate.state]


def kind_words(kind: DeviceKind, voice: Voice) -> str:
    """What sort of device it is, as its maker calls it."""
    return {
        DeviceKind.ANDROID: voice.label("Android"),
        DeviceKind.IPHONE: voice.label("iPhone or iPad"),
        DeviceKind.WINDOWS: voice.label("Windows"),
        DeviceKind.MACOS: voice.label("Mac"),
        DeviceKind.LINUX: voice.label("Linux"),
        DeviceKind.OTHER: voice.label("something else"),
    }[kind]


def card(result: DeviceCard, voice: Voice) -> Message:
    """One device: what is known of its certificate, and what to do with it."""
    certificate = result.certificate
    device = certificate.device
    own = device.owner_id == result.viewer.id
    written = device.name if own else f"{device.owner_name}/{device.name}"
    held = certificate.state in {State.ACTIVE, State.RESTORING, State.ISSUING}
    return Message(
        html=paragraphs(
            Markup("{mark} <b>{name}</b>").format(mark=_MARK[certificate.state], name=written),
            _facts(certificate, voice),
            voice._("The same by command: <code>/revoke {name}</code>").format(name=written) if held else None,
            _instead(result, voice) if own and not held else None,
        ),
        rows=_actions(result, held, voice),
    )


def _instead(result: DeviceCard, voice: Voice) -> Markup:
    """What to do about one that opens nothing."""
    if result.in_use is not None:
        return voice._("Another one of this device is in use.")
    return voice._("/newcert {name} makes a new one.").format(name=result.certificate.device.name)


def _facts(certificate: Certificate, voice: Voice) -> Markup:
    kind = certificate.device.kind
    return lines(
        voice._("State: {state}").format(state=state_words(certificate, voice)),
        voice._("Kind: {kind}").format(
            kind=voice._("not told") if kind is DeviceKind.OTHER else kind_words(kind, voice)
        ),
        voice._("Issued: {day}").format(day=voice.day(certificate.issued_at)) if certificate.issued_at else None,
        voice._("Expires: {day}").format(day=voice.day(certificate.expires_at)) if certificate.expires_at else None,
        voice._("Said to work: {day}").format(day=voice.day(certificate.works_at)) if certificate.works_at else None,
        # For admins: they find it in Cloudflare's dashboard by these.
        voice._("Serial: <code>{serial}</code>").format(serial=certificate.serial)
        if certificate.serial and not voice.member
        else None,
        voice._("Fingerprint (SHA-256): <code>{fingerprint}</code>").format(fingerprint=certificate.fingerprint_sha256)
        if certificate.fingerprint_sha256 and not voice.member
        else None,
    )


def _actions(result: DeviceCard, held: bool, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    certificate = result.certificate
    rows: list[tuple[Button, ...]] = []
    if held:
        press = Press(Verb.REVOKE, certificate.public_id)
        rows.append((Button(text=voice.label("Revoke"), press=press, look="danger"),))
    if result.renewable:
        press = Press(Verb.RENEW, certificate.public_id)
        rows.append((Button(text=voice.label("Renew"), press=press, look="primary"),))
    if result.undo_until is not None:
        rows.append((Button(text=voice.label("Undo"), press=Press(Verb.UNDO, certificate.public_id)),))
    if not held and result.in_use is not None:
        rows.append((_to_card(result.in_use, voice.label("Show the one in use")),))
    whose = MINE if certificate.device.owner_id == result.viewer.id else ALL
    guide = Button(text=voice.label("Guide"), press=Press(Verb.GUIDE, certificate.public_id))
    rows.append((guide, Button(text=voice.label("All devices"), press=Press(Verb.PAGE, arg=f"{whose}-0"))))
    return tuple(rows)
