"""Taking over a lock made by hand, for admins."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, named
from bot.chat.messages.protection import foreign_rules
from bot.model.host_notices import TakeOverNow, TakeOverState
from bot.model.openings.paths import masked
from bot.model.protection.host_results import SureAboutTakeOver
from bot.model.protection.takeover import HandMadePath

_MAX_LISTED = 8


def sure(result: SureAboutTakeOver, locale: Locale) -> Message:
    """This is what I understood: shall I?"""
    found = result.found
    revocation = locale._("It does not look at revocation: a revoked device still gets in. Mine does.")
    maker = locale._(
        "It lets in any certificate, even one that somebody made themselves. Mine lets in only those made by Cloudflare."
    )
    *before, last = foreign_rules.packed(
        (
            lines(
                locale._("I understand what was made by hand as this:"),
                locale._("• A certificate is needed at {hosts}.").format(hosts=named(found.hosts, locale)),
                *(_path(one, locale) for one in found.paths[:_MAX_LISTED]),
                _more(len(found.paths) - _MAX_LISTED, locale),
                *(_ordered(one, locale) for one in found.ordered),
            ),
            _as_written(locale) if found.paths else None,
            None if found.heeds_revocation else revocation,
            None if found.heeds_maker else maker,
            *foreign_rules.left_behind(found, locale),
            _then(len(found.rules), locale),
        )
    )
    yes = Button(
        text=locale.label("Take it over"),
        callback=CallbackData(CallbackAction.TAKE_OVER_SURE, result.public_id),
        look="primary",
    )
    return Message(html=last, rows=((yes,),), before=tuple(before))


def now(notice: TakeOverNow, locale: Locale) -> Message:
    """How far it is."""
    words = {
        TakeOverState.WAITING: locale._(
            "Taking over {hosts}: I write my rule and look whether the edge has it. Until then what was made by hand stays on."
        ),
        TakeOverState.DONE: locale._(
            "<b>Taken over</b>: {hosts}. My rule was seen at the edge, then I switched off what was made by hand; it is still there in Cloudflare, unchanged. Now I knock, with mine alone in force."
        ),
        TakeOverState.STOPPED: locale._(
            "Something about {hosts} has changed meanwhile, so I leave what was made by hand as it is. /protect shows how things are now."
        ),
        TakeOverState.UNDOING: locale._("Putting it back: {hosts}…"),
        TakeOverState.UNDONE: locale._(
            "Put back as it was: what was made by hand locks {hosts} again, and my rule lets go of it. /protect takes it over once more."
        ),
    }
    if notice.state is TakeOverState.DONE and not notice.switches:
        words[notice.state] = locale._(
            "<b>Done</b>: {hosts}. My rule was seen at the edge; what was made by hand stays on behind it. Now I knock."
        )
    back = Button(
        text=locale.label("Put it back as it was"),
        callback=CallbackData(CallbackAction.TAKE_OVER_UNDO, notice.public_id),
    )
    rows = ((back,),) if notice.state in {TakeOverState.WAITING, TakeOverState.DONE} else ()
    return Message(html=words[notice.state].format(hosts=named(notice.hosts, locale)), rows=rows)


def _path(one: HandMadePath, locale: Locale) -> Markup:
    return locale._("• Open without one: {method}{host}{path}").format(
        method=f"{one.method} " if one.method else "", host=one.host, path=masked(one.path) + _narrowed(one)
    )


def _ordered(one: HandMadePath, locale: Locale) -> Markup:
    return locale._("• Open in my rule, shut by this one so far, and open then: {method}{host}{path}").format(
        method=f"{one.method} " if one.method else "", host=one.host, path=masked(one.path) + _narrowed(one)
    )


def _narrowed(one: HandMadePath) -> str:
    return ("?…" if one.query else "") + (f" ({', '.join(one.networks)})" if one.networks else "")


def _more(count: int, locale: Locale) -> Markup | None:
    return locale.many("• and {n} more", "• and {n} more", count) if count > 0 else None


def _as_written(locale: Locale) -> Markup:
    return locale._(
        "An open path has to be spelled exactly like that: a detour to it, such as <code>/x/../hook</code>, stays shut."
    )


def _then(rules: int, locale: Locale) -> Markup:
    if not rules:
        return locale._(
            "If you say yes, I write my rule in front and leave what was made by hand on behind it. <b>Put it back as it was</b> undoes it."
        )
    return locale.many(
        "If you say yes, I write my rule first, in front. Once I see it working, I switch that one off and change nothing else of it. <b>Put it back as it was</b> undoes it.",
        "If you say yes, I write my rule first, in front. Once I see it working, I switch those {n} rules off and change nothing else of them. The open paths last until you close them (/paths). <b>Put it back as it was</b> undoes it.",
        rules,
    )
