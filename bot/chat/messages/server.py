"""What the command line did, for those it concerns."""

from bot.chat.messages.form import Message, Voice, paragraphs
from bot.model.notices import DoneOnServer
from bot.model.people import ServerChange


def done_on_server(notice: DoneOnServer, voice: Voice) -> Message:
    """What was done to the reader, or to somebody an admin should know of."""
    if notice.own:
        return _own(notice.what, voice)
    said = {
        ServerChange.MADE_ADMIN: voice._("{name} is an admin now: whoever has the server said so."),
        ServerChange.UNMADE_ADMIN: voice._("{name} is no admin any more: whoever has the server said so."),
        ServerChange.FROZEN: voice._("{name} was frozen on the server: they can look and revoke, nothing else."),
        ServerChange.UNFROZEN: voice._("{name} is no longer frozen: whoever has the server said so."),
        ServerChange.CLAIM_OPENED: voice._(
            "Now look at the terminal where you ran <code>latchkey claim</code>: it shows your name and asks whether you may be an admin. I write to you here as soon as it has its answer."
        ),
        ServerChange.CLAIM_REFUSED: voice._(
            "{name} opened a link to become an admin; the answer on the server was no."
        ),
    }
    return Message(
        html=paragraphs(
            said[notice.what].format(name=notice.name),
            voice._("If you did not expect that, ask whoever has the server. /people shows everybody."),
        )
    )


def _own(what: ServerChange, voice: Voice) -> Message:
    said = {
        ServerChange.MADE_ADMIN: paragraphs(
            voice._("You are an admin now."),
            voice._(
                "Start with your own phone: <code>/newcert pixel8</code> (or whatever you call it). /invite lets somebody in, /help lists the rest."
            ),
        ),
        ServerChange.UNMADE_ADMIN: voice._(
            "You are no admin any more, but you still belong here: /devices shows your devices."
        ),
        ServerChange.FROZEN: voice._(
            "Your account was frozen on the server: you can look and revoke, nothing else. Only whoever has the server can lift that: please ask them."
        ),
        ServerChange.UNFROZEN: voice._("Your account is no longer frozen. /help lists what you can do."),
        ServerChange.CLAIM_OPENED: voice._(
            "Now look at the terminal where you ran <code>latchkey claim</code>: it shows your name and asks whether you may be an admin. I write to you here as soon as it has its answer."
        ),
        ServerChange.CLAIM_REFUSED: voice._(
            "The answer at the terminal was no: nothing changed. If that was a slip, run <code>latchkey claim</code> again and open the new link."
        ),
    }
    return Message(html=said[what])
