"""Inviting somebody: a contact, or a link."""

from urllib.parse import urlencode

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.chat.messages.people.request_cards import resembles
from bot.model.results import Invitation, InviteAsked, Invited


def whom(asked: InviteAsked, locale: Locale) -> Message:
    """The question whom."""
    return Message(
        html=locale._(
            "Whom do you invite? Pick a contact with the button below: that is your yes, they only have to start me. Or send me a name, and I make a link for them. I wait until {until}."
        ).format(until=locale.clock(asked.until)),
        pick=locale.label("Pick a contact"),
    )


def invitation(result: Invitation, bot: str, locale: Locale) -> Message:
    """The link, told this once."""
    url = f"https://t.me/{bot}?start={result.url}"
    share = "https://t.me/share/url?" + urlencode({"url": url})
    return Message(
        html=paragraphs(
            locale._("A link for <b>{label}</b>, for one person, until {until}:").format(
                label=result.link.label or "?", until=locale.clock(result.link.expires_at)
            ),
            Markup("<code>{url}</code>").format(url=url),
            locale._("Whoever opens it asks to come in, and you still decide."),
        ),
        rows=(
            (
                Button(text=locale.label("Send it"), url=share, look="primary"),
                Button(text=locale.label("Copy"), copy=url),
            ),
        ),
    )


def invited(result: Invited, bot: str, locale: Locale) -> Message:
    """A contact was picked."""
    if result.known:
        return Message(html=locale._("{name} is in already. /people shows everybody.").format(name=result.person.name))
    # The pick was the yes already.
    warning = None
    if result.resembles is not None:
        warning = lines(
            resembles(result.resembles, locale),
            locale._("If that is not the one you meant, /people takes them out again."),
        )
    if result.person.reachable:
        said = locale._("{name} is in, and hears it from me now.").format(name=result.person.name)
        return Message(html=paragraphs(said, warning))
    url = f"https://t.me/{bot}"
    return Message(
        html=paragraphs(
            locale._(
                "{name} may come in. I cannot write to them first: please send them {url}, and ask them to tap Start."
            ).format(name=result.person.name, url=url),
            warning,
        ),
        rows=((Button(text=locale.label("Copy"), copy=url),),),
    )


def link_over(locale: Locale) -> Message:
    """A link that opens nothing (any more)."""
    return Message(
        html=locale._("This link has been used, or its time is over. Please ask whoever sent it for a new one."),
        rows=(
            (Button(text=locale.label("Ask to come in"), callback=CallbackData(CallbackAction.ASK), look="primary"),),
        ),
    )
