"""Taking over a lock made by hand, for admins."""

from markupsafe import Markup

from bot.chat.messages import by_hand
from bot.chat.messages.form import Button, Message, Voice, lines, named
from bot.chat.press import Press, Verb
from bot.model.handmade import HandMadePath
from bot.model.host_notices import TakeOverNow, TakeOverState
from bot.model.host_results import SureAboutTakeOver
from bot.model.paths import masked

_MOST_LISTED = 8


def sure(result: SureAboutTakeOver, voice: Voice) -> Message:
    """This is what I understood: shall I?"""
    found = result.found
    revocation = voice._("It does not look at revocation: a revoked device still gets in. Mine does.")
    maker = voice._(
        "It lets in any certificate, even one that somebody made themselves. Mine lets in only those made by Cloudflare."
    )
    *before, last = by_hand.packed(
        (
            lines(
                voice._("I understand what was made by hand as this:"),
                voice._("• A certificate is needed at {hosts}.").format(hosts=named(found.hosts, voice)),
                *(_path(one, voice) for one in found.paths[:_MOST_LISTED]),
                _more(len(found.paths) - _MOST_LISTED, voice),
                *(_ordered(one, voice) for one in found.ordered),
            ),
            _as_written(voice) if found.paths else None,
            None if found.heeds_revocation else revocation,
            None if found.heeds_maker else maker,
            *by_hand.left_behind(found, voice),
            _then(len(found.rules), voice),
        )
    )
    yes = Button(text=voice.label("Take it over"), press=Press(Verb.TAKE_OVER_SURE, result.public_id), look="primary")
    return Message(html=last, rows=((yes,),), before=tuple(before))


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
    if notice.state is TakeOverState.DONE and not notice.switches:
        words[notice.state] = voice._(
            "<b>Done</b>: {hosts}. My rule was seen at the edge; what was made by hand stays on behind it. Now I knock."
        )
    back = Button(text=voice.label("Put it back as it was"), press=Press(Verb.TAKE_OVER_UNDO, notice.public_id))
    rows = ((back,),) if notice.state in {TakeOverState.WAITING, TakeOverState.DONE} else ()
    return Message(html=words[notice.state].format(hosts=named(notice.hosts, voice)), rows=rows)


def _path(one: HandMadePath, voice: Voice) -> Markup:
    return voice._("• Open without one: {method}{host}{path}").format(
        method=f"{one.method} " if one.method else "", host=one.host, path=masked(one.path) + _narrowed(one)
    )


def _ordered(one: HandMadePath, voice: Voice) -> Markup:
    return voice._("• Open in my rule, shut by this one so far, and open then: {method}{host}{path}").format(
        method=f"{one.method} " if one.method else "", host=one.host, path=masked(one.path) + _narrowed(one)
    )


def _narrowed(one: HandMadePath) -> str:
    return ("?…" if one.query else "") + (f" ({', '.join(one.networks)})" if one.networks else "")


def _more(count: int, voice: Voice) -> Markup | None:
    return voice.many("• and {n} more", "• and {n} more", count) if count > 0 else None


def _as_written(voice: Voice) -> Markup:
    return voice._(
        "An open path has to be spelled exactly like that: a detour to it, such as <code>/x/../hook</code>, stays shut."
    )


def _then(rules: int, voice: Voice) -> Markup:
    if not rules:
        return voice._(
            "If you say yes, I write my rule in front and leave what was made by hand on behind it. <b>Put it back as it was</b> undoes it."
        )
    return voice.many(
        "If you say yes, I write my rule first, in front. Once I see it working, I switch that one off and change nothing else of it. <b>Put it back as it was</b> undoes it.",
        "If you say yes, I write my rule first, in front. Once I see it working, I switch those {n} rules off and change nothing else of them. The open paths last until you close them (/paths). <b>Put it back as it was</b> undoes it.",
        rules,
    )
