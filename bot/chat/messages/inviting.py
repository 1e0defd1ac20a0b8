"""Inviting somebody: a contact, or a link."""

from urllib.parse import urlencode

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.requests import resembles
from bot.chat.press import Press, Verb
from bot.model.results import Invitation, InviteAsked, Invited


def whom(asked: InviteAsked, voice: Voice) -> Message:
    """The question whom."""
    return Message(
        html=voice._(
            "Whom do you invite? Pick a contact with the button below: that is your yes, they only have to start me. Or send me a name, and I make a link for them. I wait until {until}."
        ).format(until=voice.clock(asked.until)),
        pick=voice.label("Pick a contact"),
    )


def invitation(result: Invitation, bot: str, voice: Voice) -> Message:
    """The link, told this once."""
    url = f"https://t.me/{bot}?start={result.url}"
    share = "https://t.me/share/url?" + urlencode({"url": url})
    return Message(
        html=paragraphs(
            voice._("A link for <b>{label}</b>, for one person, until {until}:").format(
                label=result.link.label or "?", until=voice.clock(result.link.expires_at)
            ),
            Markup("<code>{url}</code>").format(url=url),
            voice._("Whoever opens it asks to come in, and you still decide."),
        ),
        rows=(
            (
                Button(text=voice.label("Send it"), url=share, look="primary"),
                Button(text=voice.label("Copy"), copy=url),
            ),
        ),
    )


def invited(result: Invited, bot: str, voice: Voice) -> Message:
    """A contact was picked."""
    if result.known:
        return Message(html=voice._("{name} is in already. /people shows everybody.").format(name=result.person.name))
    # The pick was the yes already.
    warning = None
    if result.resembles is not None:
        warning = lines(
            resembles(result.resembles, voice),
            voice._("If that is not the one you meant, /people takes them out again."),
        )
    if result.person.reachable:
        said = voice._("{name} is in, and hears it from me now.").format(name=result.person.name)
        return Message(html=paragraphs(said, warning))
    url = f"https://t.me/{bot}"
    return Message(
        html=paragraphs(
            voice._(
                "{name} may come in. I cannot write to them first: please send them {url}, and ask them to tap Start."
            ).format(name=result.person.name, url=url),
            warning,
        ),
        rows=((Button(text=voice.label("Copy"), copy=url),),),
    )


def link_over(voice: Voice) -> Message:
    """A link that opens nothing (any more)."""
    return Message(
        html=voice._("This link has been used, or its time is over. Please ask whoever sent it for a new one."),
        rows=((Button(text=voice.label("Ask to come in"), press=Press(Verb.ASK), look="primary"),),),
    )
