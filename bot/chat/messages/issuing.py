"""Making a certificate and handing it over."""

from markupsafe import Markup

from bot.chat.messages import guides, own_keys
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate, Origin
from bot.model.lock import LockState
from bot.model.notices import IssuedWithoutTap, Making, NotMade, PerhapsArrived, Ready, ReadyOwnKey
from bot.model.results import Password, Works


def question_forgotten(voice: Voice) -> Message:
    """The question is off the table."""
    return Message(html=voice._("All right, I wait for nothing any more. /newcert starts again."))


def nothing_asked(voice: Voice) -> Message:
    """There is no question to take off the table."""
    return Message(html=voice._("I am not waiting for anything. /help lists what I can do for you."))


def making(notice: Making, voice: Voice) -> Message:
    """The progress message."""
    name = notice.certificate.device.name
    if notice.retry_at is None:
        words = voice.either(
            admin="Making the certificate for <b>{name}</b>… a few seconds.",
            member="Making the key for <b>{name}</b>… a few seconds.",
        ).format(name=name)
        return Message(html=lines(words, own_keys.will_call_itself(notice.name, voice)))
    return Message(
        html=voice.either(
            admin="Cloudflare is busy. Making the certificate for <b>{name}</b> again at {at}: nothing for you to do.",
            member="It takes a little longer today. I make the key for <b>{name}</b> at {at}: nothing for you to do.",
        ).format(name=name, at=voice.clock(notice.retry_at))
    )


def ready(notice: Ready, voice: Voice) -> Message:
    """The file's caption: three steps in the order of the hand."""
    certificate = notice.certificate
    press = certificate.public_id
    return Message(
        html=paragraphs(
            voice.either(
                admin="<b>{name}</b> – its certificate is here.", member="<b>{name}</b> – its key is here."
            ).format(name=certificate.device.name),
            guides.steps(certificate.device.kind, voice),
            lines(_opens(notice.lock, voice), _valid(certificate, voice)),
            voice._("Gone an hour after you see the password, in a day at the latest."),
        ),
        rows=(
            (
                Button(text=voice.label("Password"), press=Press(Verb.PASSWORD, press), look="primary"),
                Button(text=voice.label("Guide"), press=Press(Verb.GUIDE, press)),
            ),
            (
                Button(text=voice.label("It works"), press=Press(Verb.WORKS, press), look="success"),
                Button(text=voice.label("It doesn't"), press=Press(Verb.DOES_NOT, press)),
            ),
            (Button(text=voice.label("Show without a trace"), press=Press(Verb.PASSWORD_POPUP, press)),),
        ),
    )


def issued_without_tap(notice: IssuedWithoutTap, voice: Voice) -> Message:
    """Somebody who may has made a certificate, for the other admins."""
    device = notice.certificate.device
    return Message(
        html=lines(
            voice._("{owner} made a certificate for <b>{name}</b>. If that surprises you, revoke it.").format(
                owner=device.owner_name, name=device.name
            ),
            own_keys.calls_itself(notice.name, voice),
        ),
        rows=(
            (
                Button(
                    text=voice.label("Revoke"),
                    press=Press(Verb.REVOKE, notice.certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def ready_own_key(notice: ReadyOwnKey, voice: Voice) -> Message:
    """The caption of a certificate whose key never left its computer."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            own_keys.arrived(certificate, notice.says, voice),
            lines(_opens(notice.lock, voice), _valid(certificate, voice)),
            own_keys.beside(notice.says, voice),
            voice._("This file is no secret: without the key it opens nothing. It goes away in a day."),
        ),
        rows=(
            (
                Button(text=voice.label("It works"), press=Press(Verb.WORKS, certificate.public_id), look="success"),
                Button(text=voice.label("It doesn't"), press=Press(Verb.DOES_NOT, certificate.public_id)),
            ),
            (Button(text=voice.label("Guide"), press=Press(Verb.GUIDE, arg=guides.OWN_KEY)),),
        ),
    )


def _opens(lock: LockState | None, voice: Voice) -> Markup:
    if lock is None:
        return voice._("Which hosts it opens I could not ask Cloudflare just now.")
    if not lock.opened_by_certificate:
        return voice.either(
            admin="It opens nothing yet: no host both asks for a certificate and has a rule that demands one.",
            member="It opens nothing yet: please tell an admin.",
        )
    return voice._("Opens: {hosts}").format(hosts=named(lock.opened_by_certificate, voice))


def _valid(certificate: Certificate, voice: Voice) -> Markup | None:
    if certificate.expires_at is None:
        return None
    return voice._("Valid until {day}").format(day=voice.day(certificate.expires_at))


def slip(certificate: Certificate, voice: Voice) -> Message:
    """The message that will hold the password, before it does."""
    return Message(html=voice._("The password for {file}…").format(file=certificate.file_name), quiet=True)


def password(shown: Password, voice: Voice) -> Message:
    """The password, to tap or to copy."""
    return Message(
        html=paragraphs(
            voice._("The password for {file} – tap it to copy:").format(file=shown.file_name),
            Markup("<code>{passphrase}</code>").format(passphrase=str(shown.passphrase)),
            voice._("This message goes away at {until}.").format(until=voice.clock(shown.until)),
        ),
        rows=(
            (
                Button(text=voice.label("Copy"), copy=str(shown.passphrase), look="primary"),
                Button(text=voice.label("Hide now"), press=Press(Verb.HIDE, shown.public_id)),
            ),
        ),
        secret=True,
        quiet=True,
    )


def password_popup(shown: Password, voice: Voice) -> str:
    """The password for a pop-up: at most 200 characters of plain text."""
    return voice.label("The password for {file}:\n\n{passphrase}").format(
        file=shown.file_name, passphrase=str(shown.passphrase)
    )


def works(result: Works, voice: Voice) -> Message:
    """It works: what is left to do."""
    certificate = result.certificate
    said = (
        voice._(
            "Good: <b>{name}</b> is in. I am removing <b>{file}</b> from this chat. On that computer keep it, and the key beside it."
        )
        if certificate.origin is Origin.OWN_KEY
        else voice._(
            "Good: <b>{name}</b> is in. I am removing file and password from this chat. Please delete <b>{file}</b> from the device's Downloads too (on an iPhone: from Files)."
        )
    )
    good = said.format(name=certificate.device.name, file=certificate.file_name)
    replaced = voice.either(
        admin="The certificate it had before is being revoked: remove it from the device, so that no app picks it.",
        member="The key it had before ends now: remove it from the device, so that no app picks it.",
    )
    return Message(
        html=paragraphs(good, replaced if result.replaced else None),
        rows=((Button(text=voice.label("Show the device"), press=Press(Verb.CARD, certificate.public_id)),),),
    )


def not_made(notice: NotMade, voice: Voice) -> Message:
    """It could not be made: why, and what to do."""
    name = notice.certificate.device.name
    again = (
        Button(
            text=voice.label("Make it again"), press=Press(Verb.AGAIN, notice.certificate.public_id), look="primary"
        ),
    )
    own_key = notice.certificate.origin is Origin.OWN_KEY
    may_again = not own_key and notice.why != "NotAllowed"
    why = {
        "Unclear": voice.either(
            admin="Cloudflare did not say whether it made the certificate for <b>{name}</b>. If one turns up, I take it away by itself. Please make it again.",
            member="The key for <b>{name}</b> was not made this time. Please make it again.",
        ),
        "MissingRight": voice.either(
            admin="Cloudflare does not let me make certificates: the token lacks the right “SSL and Certificates: Edit”. An admin can add it in Cloudflare under My Profile, API Tokens; then make <b>{name}</b> again.",
            member="I may not make keys just now. Please tell an admin; then make <b>{name}</b> again.",
        ),
        "ZoneFull": voice.either(
            admin="There is no room for <b>{name}</b>: {used} of {quota} certificates are in use. Revoke one that nobody needs (/certs all), then make it again.",
            member="There is no room for <b>{name}</b> just now. Please tell an admin; then make it again.",
        ),
        "RefusedByEdge": voice.either(
            admin="Cloudflare refused to make the certificate for <b>{name}</b>. The log has its answer; then make it again.",
            member="The key for <b>{name}</b> could not be made. Please tell an admin; then make it again.",
        ),
        "NotAllowed": voice._("<b>{name}</b> was not made: you may not have it any more. Please ask an admin."),
        "LockedDown": voice.either(
            admin="Everything is locked down, so I did not make the certificate for <b>{name}</b>. <code>/lockdown off</code> ends that; then make it again.",
            member="No new keys are made just now, so <b>{name}</b> has to wait. Please ask an admin.",
        ),
        "NoRequest": voice._(
            "I waited for the CSR of <b>{name}</b>, and its time is up. <code>/newcert {name} csr</code> starts again."
        )
        if notice.certificate.replaces is None
        else voice._(
            "I waited for the CSR of <b>{name}</b>, and its time is up. Nothing has changed for the one in use: tap it in /devices, then <b>Renew</b>, to start again."
        ),
        "Busy": voice.either(
            admin="Cloudflare has been too busy for <b>{name}</b>. Please make it again in a few minutes.",
            member="I could not make the key for <b>{name}</b> just now. Please make it again in a few minutes.",
        ),
    }.get(
        notice.why,
        voice.either(
            admin="The certificate for <b>{name}</b> was not made. Please make it again.",
            member="The key for <b>{name}</b> was not made. Please make it again.",
        ),
    )
    html = why.format(name=name, used=notice.used, quota=notice.quota)
    if own_key and notice.why not in {"NotAllowed", "NoRequest"}:
        html = paragraphs(html, own_keys.again(notice.certificate, voice))
    return Message(html=html, rows=(again,) if may_again else ())


def perhaps_arrived(notice: PerhapsArrived, voice: Voice) -> Message:
    """Telegram swallowed its answer."""
    certificate = notice.certificate
    return Message(
        html=voice._(
            "Telegram did not tell me whether <b>{file}</b> reached you. If you see it, go on; if not, revoke it here and ask again. Without a sign of you I take it away within the hour."
        ).format(file=certificate.file_name),
        rows=(
            (
                Button(
                    text=voice.label("Revoke {name}").format(name=certificate.device.name),
                    press=Press(Verb.REVOKE, certificate.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def emptied(voice: Voice) -> Message:
    """What stands where something was that is too old to delete."""
    return Message(html=voice._("Removed: its time was up."))
