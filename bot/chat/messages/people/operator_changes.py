"""What the command line did, for those it concerns."""

from bot.chat.messages.message import Locale, Message, paragraphs
from bot.model.notices import DoneOnServer
from bot.model.people.people import ServerChange


def done_on_server(notice: DoneOnServer, locale: Locale) -> Message:
    """What was done to the reader, or to somebody an admin should know of."""
    if notice.own:
        return _own(notice.what, locale)
    said = {
        ServerChange.MADE_ADMIN: locale._("{name} is an admin now: whoever has the server said so."),
        ServerChange.UNMADE_ADMIN: locale._("{name} is no admin any more: whoever has the server said so."),
        ServerChange.FROZEN: locale._("{name} was frozen on the server: they can look and revoke, nothing else."),
        ServerChange.UNFROZEN: locale._("{name} is no longer frozen: whoever has the server said so."),
        ServerChange.CLAIM_OPENED: locale._(
            "Now look at the terminal where you ran <code>latchkey claim</code>: it shows your name and asks whether you may be an admin. I write to you here as soon as it has its answer."
        ),
        ServerChange.CLAIM_REFUSED: locale._(
            "{name} opened a link to become an admin; the answer on the server was no."
        ),
    }
    return Message(
        html=paragraphs(
            said[notice.what].format(name=notice.name),
            locale._("If you did not expect that, ask whoever has the server. /people shows everybody."),
        )
    )


def _own(what: ServerChange, locale: Locale) -> Message:
    said = {
        ServerChange.MADE_ADMIN: paragraphs(
            locale._("You are an admin now."),
            locale._(
                "Start with your own phone: <code>/newcert pixel8</code> (or whatever you call it). /invite lets somebody in, /help lists the rest."
            ),
        ),
        ServerChange.UNMADE_ADMIN: locale._(
            "You are no admin any more, but you still belong here: /devices shows your devices."
        ),
        ServerChange.FROZEN: locale._(
            "Your account was frozen on the server: you can look and revoke, nothing else. Only whoever has the server can lift that: please ask them."
        ),
        ServerChange.UNFROZEN: locale._("Your account is no longer frozen. /help lists what you can do."),
        ServerChange.CLAIM_OPENED: locale._(
            "Now look at the terminal where you ran <code>latchkey claim</code>: it shows your name and asks whether you may be an admin. I write to you here as soon as it has its answer."
        ),
        ServerChange.CLAIM_REFUSED: locale._(
            "The answer at the terminal was no: nothing changed. If that was a slip, run <code>latchkey claim</code> again and open the new link."
        ),
    }
    return Message(html=said[what])
