"""Lists and cards of devices."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.certificates.certificates import COUNTED, Certificate, DeviceKind, State
from bot.model.people.people import Person
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


def page(result: DevicePage, viewer: Person, locale: Locale) -> Message:
    """One page of devices, each a button to its card; what else a device has in use stands below it."""
    if not result.total:
        return Message(html=locale._("No devices yet. /newcert makes the first one."))
    head = locale._("Everybody's devices: {total}") if result.of_everybody else locale._("Your devices: {total}")
    slots = (
        locale.many(
            "{n} of {quota} certificates of the zone is in use.",
            "{n} of {quota} certificates of the zone are in use.",
            result.used,
            quota=locale.number(result.quota),
        )
        if result.used is not None
        else None
    )
    listed: list[Markup] = []
    buttons: list[tuple[Button, ...]] = []
    for newest in result.certificates:
        listed.append(_line(newest, viewer, locale))
        buttons.append((_to_card(newest, _named(newest, viewer)),))
        for older in result.older:
            if older.device.id == newest.device.id:
                listed.append(_older_line(older, newest, viewer, locale))
                name = locale.label("{name}, the old one").format(name=_named(older, viewer))
                buttons.append((_to_card(older, name),))
    return Message(
        html=paragraphs(
            lines(head.format(total=locale.number(result.total)), slots),
            lines(*listed),
            locale._("Tap one to see or revoke it."),
        ),
        rows=tuple(buttons) + _turning(result, locale),
    )


def _to_card(certificate: Certificate, text: str) -> Button:
    return Button(text=text, callback=CallbackData(CallbackAction.CARD, certificate.public_id))


def _turning(result: DevicePage, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    whose = ALL if result.of_everybody else MINE
    row = []
    if result.page > 0:
        row.append(
            Button(
                text=locale.label("◀ Newer"),
                callback=CallbackData(CallbackAction.PAGE, arg=f"{whose}-{result.page - 1}"),
            )
        )
    if result.page + 1 < result.pages:
        row.append(
            Button(
                text=locale.label("Older ▶"),
                callback=CallbackData(CallbackAction.PAGE, arg=f"{whose}-{result.page + 1}"),
            )
        )
    return (tuple(row),) if row else ()


def _named(certificate: Certificate, viewer: Person) -> str:
    device = certificate.device
    name = device.name if device.owner_id == viewer.id else f"{device.owner_name}/{device.name}"
    return f"{_MARK[certificate.state]} {name}"


def _line(certificate: Certificate, viewer: Person, locale: Locale) -> Markup:
    return Markup("{name} – {state}").format(name=_named(certificate, viewer), state=state_words(certificate, locale))


def _older_line(older: Certificate, newest: Certificate, viewer: Person, locale: Locale) -> Markup:
    state = state_words(older, locale)
    if newest.replaces == older.id and newest.state in COUNTED and older.expires_at is not None:
        state = locale._("until the new one works, {day} at the latest").format(day=locale.day(older.expires_at))
    name = locale._("{name}, the old one").format(name=_named(older, viewer))
    return Markup("{name} – {state}").format(name=name, state=state)


def state_words(certificate: Certificate, locale: Locale) -> Markup:
    """Where a certificate is in its life, in words."""
    if certificate.state is State.ACTIVE and certificate.expires_at is not None:
        return locale._("valid until {day}").format(day=locale.day(certificate.expires_at))
    return {
        State.ISSUING: locale._("being made"),
        State.ACTIVE: locale._("valid"),
        State.FAILED: locale._("not made"),
        State.REVOKING: locale._("being revoked"),
        State.REVOKED: locale._("revoked"),
        State.RESTORING: locale._("being taken back"),
        State.EXPIRED: locale._("expired"),
    }[certificate.state]


def kind_words(kind: DeviceKind, locale: Locale) -> str:
    """What sort of device it is, as its maker calls it."""
    return {
        DeviceKind.ANDROID: locale.label("Android"),
        DeviceKind.IPHONE: locale.label("iPhone or iPad"),
        DeviceKind.WINDOWS: locale.label("Windows"),
        DeviceKind.MACOS: locale.label("Mac"),
        DeviceKind.LINUX: locale.label("Linux"),
        DeviceKind.OTHER: locale.label("something else"),
    }[kind]


def card(result: DeviceCard, locale: Locale) -> Message:
    """One device: what is known of its certificate, and what to do with it."""
    certificate = result.certificate
    device = certificate.device
    own = device.owner_id == result.viewer.id
    written = device.name if own else f"{device.owner_name}/{device.name}"
    held = certificate.state in {State.ACTIVE, State.RESTORING, State.ISSUING}
    return Message(
        html=paragraphs(
            Markup("{mark} <b>{name}</b>").format(mark=_MARK[certificate.state], name=written),
            _facts(certificate, locale),
            locale._("The same by command: <code>/revoke {name}</code>").format(name=written) if held else None,
            _instead(result, locale) if own and not held else None,
        ),
        rows=_actions(result, held, locale),
    )


def _instead(result: DeviceCard, locale: Locale) -> Markup:
    """What to do about one that opens nothing."""
    if result.in_use is not None:
        return locale._("Another one of this device is in use.")
    return locale._("/newcert {name} makes a new one.").format(name=result.certificate.device.name)


def _facts(certificate: Certificate, locale: Locale) -> Markup:
    kind = certificate.device.kind
    return lines(
        locale._("State: {state}").format(state=state_words(certificate, locale)),
        locale._("Kind: {kind}").format(
            kind=locale._("not told") if kind is DeviceKind.OTHER else kind_words(kind, locale)
        ),
        locale._("Issued: {day}").format(day=locale.day(certificate.issued_at)) if certificate.issued_at else None,
        locale._("Expires: {day}").format(day=locale.day(certificate.expires_at)) if certificate.expires_at else None,
        locale._("Said to work: {day}").format(day=locale.day(certificate.works_at)) if certificate.works_at else None,
        # For admins: they find it in Cloudflare's dashboard by these.
        locale._("Serial: <code>{serial}</code>").format(serial=certificate.serial)
        if certificate.serial and not locale.member
        else None,
        locale._("Fingerprint (SHA-256): <code>{fingerprint}</code>").format(fingerprint=certificate.fingerprint_sha256)
        if certificate.fingerprint_sha256 and not locale.member
        else None,
    )


def _actions(result: DeviceCard, held: bool, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    certificate = result.certificate
    rows: list[tuple[Button, ...]] = []
    if held:
        press = CallbackData(CallbackAction.REVOKE, certificate.public_id)
        rows.append((Button(text=locale.label("Revoke"), callback=press, look="danger"),))
    if result.renewable:
        press = CallbackData(CallbackAction.RENEW, certificate.public_id)
        rows.append((Button(text=locale.label("Renew"), callback=press, look="primary"),))
    if result.undo_until is not None:
        rows.append(
            (Button(text=locale.label("Undo"), callback=CallbackData(CallbackAction.UNDO, certificate.public_id)),)
        )
    if not held and result.in_use is not None:
        rows.append((_to_card(result.in_use, locale.label("Show the one in use")),))
    whose = MINE if certificate.device.owner_id == result.viewer.id else ALL
    guide = Button(text=locale.label("Guide"), callback=CallbackData(CallbackAction.GUIDE, certificate.public_id))
    rows.append(
        (guide, Button(text=locale.label("All devices"), callback=CallbackData(CallbackAction.PAGE, arg=f"{whose}-0")))
    )
    return tuple(rows)
