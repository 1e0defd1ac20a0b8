"""A file that nobody can open any more, so that its certificate was taken back."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, paragraphs
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate
from bot.model.notices import Forgotten, NeverOpened


def make_again(certificate: Certificate, voice: Voice) -> tuple[Button, ...]:
    """A row with the button for a new one."""
    return (Button(text=voice.label("Make it again"), press=Press(Verb.AGAIN, certificate.public_id), look="primary"),)


def forgotten(notice: Forgotten, voice: Voice) -> Message:
    """The bot was restarted."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            voice.either(
                admin="I was restarted and forgot the password of <b>{file}</b> on purpose: I never write passwords down. So I am taking that certificate back. One tap makes a new one.",
                member="I was restarted and forgot the password of <b>{file}</b> on purpose: I never write passwords down. So that key opens nothing any more. One tap makes a new one.",
            ).format(file=certificate.file_name),
            _old_one_stays(notice, voice),
        ),
        rows=(make_again(certificate, voice),),
    )


def never_opened(notice: NeverOpened, voice: Voice) -> Message:
    """Nobody looked at the password."""
    certificate = notice.certificate
    return Message(
        html=paragraphs(
            voice.either(
                admin="Nobody looked at the password of <b>{file}</b>, so I am removing the file and taking its certificate back. One tap makes a new one.",
                member="Nobody looked at the password of <b>{file}</b>, so I am removing the file, and its key opens nothing any more. One tap makes a new one.",
            ).format(file=certificate.file_name),
            _old_one_stays(notice, voice),
        ),
        rows=(make_again(certificate, voice),),
    )


def _old_one_stays(notice: Forgotten | NeverOpened, voice: Voice) -> Markup | None:
    if not notice.renews:
        return None
    return voice._("<b>{name}</b> still gets in with the old one.").format(name=notice.certificate.device.name)
