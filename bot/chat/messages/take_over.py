"""Taking over a lock made by hand, for admins."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.press import Press, Verb
from bot.model.handmade import HandMadePath
from bot.model.host_notices import TakeOverNow, TakeOverState
from bot.model.host_results import SureAboutTakeOver
from bot.model.paths import masked

_MOST_LISTED = 8
_LONGEST = 80


def sure(result: SureAboutTakeOver, voice: Voice) -> Message:
    """This is what I understood: shall I?"""
    found = result.found
    revocation = voice._("It does not look at revocation: a revoked device still gets in. Mine does.")
    return Message(
        html=paragraphs(
            lines(
                voice._("I understand what was made by hand as this:"),
                voice._("• A certificate is needed at {hosts}.").format(hosts=named(found.hosts, voice)),
                *(_path(one, voice) for one in found.paths[:_MOST_LISTED]),
                _more(len(found.paths) - _MOST_LISTED, voice),
            ),
            None if found.heeds_revocation else revocation,
            _left(found.left, voice),
            voice.many(
                "If you say yes, I write my rule first, in front. Once I see it working, I switch that one off and change nothing else of it. <b>Put it back as it was</b> undoes it.",
                "If you say yes, I write my rule first, in front. Once I see it working, I switch those {n} rules off and change nothing else of them. The open paths last until you close them (/paths). <b>Put it back as it was</b> undoes it.",
                len(found.rules),
            ),
        ),
        rows=(
            (
                Button(
                    text=voice.label("Take it over"),
                    press=Press(Verb.TAKE_OVER_SURE, result.public_id),
                    look="primary",
                ),
            ),
        ),
    )


def now(notice: TakeOverNow, voice: Voice) -> Message:
    """How far it is."""
    words = {
        TakeOverState.WAITING: voice._(
            "Taking over {hosts}: I write my rule and look whether the edge has it. Until then what was made by hand stays on."
        ),
        TakeOverState.DONE: voice._(
            "<b>Taken over</b>: {hosts}. My rule was seen at the edge, then I switched off what was made by hand; it is still there in Cloudflare, unchanged. Now I knock, with mine alone in force."
        ),
        TakeOverState.STOPPED: voice._(
            "Something about {hosts} has changed meanwhile, so I leave what was made by hand as it is. /protect shows how things are now."
        ),
        TakeOverState.UNDOING: voice._("Putting it back: {hosts}…"),
        TakeOverState.UNDONE: voice._(
            "Put back as it was: what was made by hand locks {hosts} again, and my rule lets go of it. /protect takes it over once more."
        ),
    }
    back = Button(text=voice.label("Put it back as it was"), press=Press(Verb.TAKE_OVER_UNDO, notice.public_id))
    rows = ((back,),) if notice.state in {TakeOverState.WAITING, TakeOverState.DONE} else ()
    return Message(html=words[notice.state].format(hosts=named(notice.hosts, voice)), rows=rows)


def _path(one: HandMadePath, voice: Voice) -> Markup:
    return voice._("• Open without one: {method}{host}{path}").format(
        method=f"{one.method} " if one.method else "", host=one.host, path=masked(one.path)
    )


def _more(count: int, voice: Voice) -> Markup | None:
    return voice.many("• and {n} more", "• and {n} more", count) if count > 0 else None


def _left(left: tuple[str, ...], voice: Voice) -> Markup | None:
    if not left:
        return None
    listed = Markup("\n").join(Markup("• {}").format(one[:_LONGEST]) for one in left[:_MOST_LISTED])
    return lines(
        voice.many(
            "This one I cannot carry over, so what it lets through <b>needs a certificate</b> afterwards:",
            "These I cannot carry over, so what they let through <b>needs a certificate</b> afterwards:",
            len(left),
        ),
        listed,
    )
