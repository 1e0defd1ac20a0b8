"""Making a certificate and handing it over."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages import guides
from bot.chat.messages.certificates import own_keys
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.model.certificates.certificates import Certificate, Origin
from bot.model.notices import IssuedWithoutTap, Making, NotMade, PerhapsArrived, Ready, ReadyOwnKey
from bot.model.protection.zone_lock import LockState
from bot.model.results import Password, Works


def question_forgotten(locale: Locale) -> Message:
    """The question is off the table."""
    return Message(html=locale._("All right, I wait for nothing any more. /newcert starts again."))


def nothing_asked(locale: Locale) -> Message:
    """There is no question to take off the table."""
    return Message(html=locale._("I am not waiting for anything. /help lists what I can do for you."))


def making(notice: Making, locale: Locale) -> Message:
    """The progress message."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        words = locale.either(
            admin="Making the certificate for <b>{name}</b>… a few seconds.",
            member="Making the key for <b>{name}</b>… a few seconds.",
        ).format(name=name)
        return Message(html=lines(words, own_keys.will_call_itself(notice.name, locale)))
    return Message(
        html=locale.either(
            admin="Cloudflare is busy. Making the certificate for <b>{name}</b> again at {at}: nothing for you to do.",
            member="It takes a little longer today. I make the key for <b>{name}</b> at {at}: nothing for you to do.",
        ).format(name=name, at=locale.clock(notice.retry_at))
    )


def ready(notice: Ready, locale: Locale) -> Message:
    """The file's caption: three steps in the order of the hand."""
    certificate = notice.certificate
    press = certificate.public_id
    return Message(
        html=paragraphs(
            locale.either(
                admin="<b>{name}</b> – its certificate is here.", member="<b>{name}</b> – its key is here."
            ).format(name=certificate.device.name),
            guides.steps(certificate.device.kind, locale),
            lines(_opens(notice.lock, locale), _valid(certificate, locale)),
            locale._("Gone an hour after you see the password, in a day at the latest."),
        ),
        rows=(
            (
                Button(
                    text=locale.label("Password"), callback=CallbackData(CallbackAction.PASSWORD, press), look="primary"
                ),
                Button(text=locale.label("Guide"), callback=CallbackData(CallbackAction.GUIDE, press)),
            ),
            (
                Button(
                    text=locale.label("It works"), callback=CallbackData(CallbackAction.WORKS, press), look="success"
                ),
                Button(text=locale.label("It doesn't"), callback=CallbackData(CallbackAction.DOES_NOT, press)),
            ),
            (
                Button(
                    text=locale.label("Show without a trace"),
                    callback=CallbackData(CallbackAction.PASSWORD_POPUP, press),
                ),
            ),
        ),
    )


def issued_without_tap(notice: IssuedWithoutTap, locale: Locale) -> Message:
    """Somebody who may has made a certificate, for the other admins."""
    device = notice.certificate.device
    return Message(
        html=lines(
            locale._("{owner} made a certificate for <b>{name}</b>. If that surprises you, revoke it.").format(
                owner=device.owner_name, name=device.name
            ),
            own_keys.calls_itself(notice.name, locale),
        ),
        rows=(
            (
                Button(
                    text=locale.label("Revoke"),
                    callback=CallbackData(CallbackAction.REVOKE, notice.certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def ready_own_key(notice: ReadyOwnKey, locale: Locale) -> Message:
    """The caption of a certificate whose key never left its computer."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            own_keys.arrived(certificate, notice.says, locale),
            lines(_opens(notice.lock, locale), _valid(certificate, locale)),
            own_keys.beside(notice.says, locale),
            locale._("This file is no secret: without the key it opens nothing. It goes away in a day."),
        ),
        rows=(
            (
                Button(
                    text=locale.label("It works"),
                    callback=CallbackData(CallbackAction.WORKS, certificate.public_id),
                    look="success",
                ),
                Button(
                    text=locale.label("It doesn't"),
                    callback=CallbackData(CallbackAction.DOES_NOT, certificate.public_id),
                ),
            ),
            (Button(text=locale.label("Guide"), callback=CallbackData(CallbackAction.GUIDE, arg=guides.OWN_KEY)),),
        ),
    )


def _opens(lock: LockState | None, locale: Locale) -> Markup:
    if lock is None:
        return locale._("Which hosts it opens I could not ask Cloudflare just now.")
    if not lock.opened_by_certificate:
        return locale.either(
            admin="It opens nothing yet: no host both asks for a certificate and has a rule that demands one.",
            member="It opens nothing yet: please tell an admin.",
        )
    return locale._("Opens: {hosts}").format(hosts=named(lock.opened_by_certificate, locale))


def _valid(certificate: Certificate, locale: Locale) -> Markup | None:
    if certificate.expires_at is None:
        return None
    return locale._("Valid until {day}").format(day=locale.day(certificate.expires_at))


def slip(certificate: Certificate, locale: Locale) -> Message:
    """The message that will hold the password, before it does."""
    return Message(html=locale._("The password for {file}…").format(file=certificate.file_name), quiet=True)


def password(shown: Password, locale: Locale) -> Message:
    """The password, to tap or to copy."""
    return Message(
        html=paragraphs(
            locale._("The password for {file} – tap it to copy:").format(file=shown.file_name),
            Markup("<code>{passphrase}</code>").format(passphrase=str(shown.passphrase)),
            locale._("This message goes away at {until}.").format(until=locale.clock(shown.until)),
        ),
        rows=(
            (
                Button(text=locale.label("Copy"), copy=str(shown.passphrase), look="primary"),
                Button(text=locale.label("Hide now"), callback=CallbackData(CallbackAction.HIDE, shown.public_id)),
            ),
        ),
        secret=True,
        quiet=True,
    )


def password_popup(shown: Password, locale: Locale) -> str:
    """The password for a pop-up: at most 200 characters of plain text."""
    return locale.label("The password for {file}:\n\n{passphrase}").format(
        file=shown.file_name, passphrase=str(shown.passphrase)
    )


def works(result: Works, locale: Locale) -> Message:
    """It works: what is left to do."""
    certificate = result.certificate
    said = (
        locale._(
            "Good: <b>{name}</b> is in. I am removing <b>{file}</b> from this chat. On that computer keep it, and the key beside it."
        )
        if certificate.origin is Origin.OWN_KEY
        else locale._(
            "Good: <b>{name}</b> is in. I am removing file and password from this chat. Please delete <b>{file}</b> from the device's Downloads too (on an iPhone: from Files)."
        )
    )
    good = said.format(name=certificate.device.name, file=certificate.file_name)
    replaced = locale.either(
        admin="The certificate it had before is being revoked: remove it from the device, so that no app picks it.",
        member="The key it had before ends now: remove it from the device, so that no app picks it.",
    )
    return Message(
        html=paragraphs(good, replaced if result.replaced else None),
        rows=(
            (
                Button(
                    text=locale.label("Show the device"),
                    callback=CallbackData(CallbackAction.CARD, certificate.public_id),
                ),
            ),
        ),
    )


def not_made(notice: NotMade, locale: Locale) -> Message:
    """It could not be made: why, and what to do."""
    name = notice.certificate.device.name
    again = (
        Button(
            text=locale.label("Make it again"),
            callback=CallbackData(CallbackAction.AGAIN, notice.certificate.public_id),
            look="primary",
        ),
    )
    own_key = notice.certificate.origin is Origin.OWN_KEY
    may_again = not own_key and notice.why != "NotAllowed"
    why = {
        "Unclear": locale.either(
            admin="Cloudflare did not say whether it made the certificate for <b>{name}</b>. If one turns up, I take it away by itself. Please make it again.",
            member="The key for <b>{name}</b> was not made this time. Please make it again.",
        ),
        "MissingRight": locale.either(
            admin="Cloudflare does not let me make certificates: the token lacks the right “SSL and Certificates: Edit”. An admin can add it in Cloudflare under My Profile, API Tokens; then make <b>{name}</b> again.",
            member="I may not make keys just now. Please tell an admin; then make <b>{name}</b> again.",
        ),
        "ZoneFull": locale.either(
            admin="There is no room for <b>{name}</b>: {used} of {quota} certificates are in use. Revoke one that nobody needs (/certs all), then make it again.",
            member="There is no room for <b>{name}</b> just now. Please tell an admin; then make it again.",
        ),
        "RefusedByEdge": locale.either(
            admin="Cloudflare refused to make the certificate for <b>{name}</b>. The log has its answer; then make it again.",
            member="The key for <b>{name}</b> could not be made. Please tell an admin; then make it again.",
        ),
        "NotAllowed": locale._("<b>{name}</b> was not made: you may not have it any more. Please ask an admin."),
        "LockedDown": locale.either(
            admin="Everything is locked down, so I did not make the certificate for <b>{name}</b>. <code>/lockdown off</code> ends that; then make it again.",
            member="No new keys are made just now, so <b>{name}</b> has to wait. Please ask an admin.",
        ),
        "NoRequest": locale._(
            "I waited for the CSR of <b>{name}</b>, and its time is up. <code>/newcert {name} csr</code> starts again."
        )
        if notice.certificate.replaces is None
        else locale._(
            "I waited for the CSR of <b>{name}</b>, and its time is up. Nothing has changed for the one in use: tap it in /devices, then <b>Renew</b>, to start again."
        ),
        "Busy": locale.either(
            admin="Cloudflare has been too busy for <b>{name}</b>. Please make it again in a few minutes.",
            member="I could not make the key for <b>{name}</b> just now. Please make it again in a few minutes.",
        ),
    }.get(
        notice.why,
        locale.either(
            admin="The certificate for <b>{name}</b> was not made. Please make it again.",
            member="The key for <b>{name}</b> was not made. Please make it again.",
        ),
    )
    html = why.format(name=name, used=notice.used, quota=notice.quota)
    if own_key and notice.why not in {"NotAllowed", "NoRequest"}:
        html = paragraphs(html, own_keys.again(notice.certificate, locale))
    return Message(html=html, rows=(again,) if may_again else ())


def perhaps_arrived(notice: PerhapsArrived, locale: Locale) -> Message:
    """Telegram swallowed its answer."""
    certificate = notice.certificate
    return Message(
        html=locale._(
            "Telegram did not tell me whether <b>{file}</b> reached you. If you see it, go on; if not, revoke it here and ask again. Without a sign of you I take it away within the hour."
        ).format(file=certificate.file_name),
        rows=(
            (
                Button(
                    text=locale.label("Revoke {name}").format(name=certificate.device.name),
                    callback=CallbackData(CallbackAction.REVOKE, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def emptied(locale: Locale) -> Message:
    """What stands where something was that is too old to delete."""
    return Message(html=locale._("Removed: its time was up."))
