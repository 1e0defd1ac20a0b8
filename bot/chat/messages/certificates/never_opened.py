"""A file that nobody can open any more, so that its certificate was taken back."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, paragraphs
from bot.model.certificates.certificates import Certificate
from bot.model.notices import Forgotten, NeverOpened


def make_again(certificate: Certificate, locale: Locale) -> tuple[Button, ...]:
    """A row with the button for a new one."""
    return (
        Button(
            text=locale.label("Make it again"),
            callback=CallbackData(CallbackAction.AGAIN, certificate.public_id),
            look="primary",
        ),
    )


def forgotten(notice: Forgotten, locale: Locale) -> Message:
    """The bot was restarted."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            locale.either(
                admin="I was restarted and forgot the password of <b>{file}</b> on purpose: I never write passwords down. So I am taking that certificate back. One tap makes a new one.",
                member="I was restarted and forgot the password of <b>{file}</b> on purpose: I never write passwords down. So that key opens nothing any more. One tap makes a new one.",
            ).format(file=certificate.file_name),
            _old_one_stays(notice, locale),
        ),
        rows=(make_again(certificate, locale),),
    )


def never_opened(notice: NeverOpened, locale: Locale) -> Message:
    """Nobody looked at the password."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            locale.either(
                admin="Nobody looked at the password of <b>{file}</b>, so I am removing the file and taking its certificate back. One tap makes a new one.",
                member="Nobody looked at the password of <b>{file}</b>, so I am removing the file, and its key opens nothing any more. One tap makes a new one.",
            ).format(file=certificate.file_name),
            _old_one_stays(notice, locale),
        ),
        rows=(make_again(certificate, locale),),
    )


def _old_one_stays(notice: Forgotten | NeverOpened, locale: Locale) -> Markup | None:
    if not notice.renews:
        return None
    return locale._("<b>{name}</b> still gets in with the old one.").format(name=notice.certificate.device.name)
