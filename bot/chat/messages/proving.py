"""/prove: what was tried at the lock, what happened, what it means, and what to do."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.chat.messages import earlier_rules, verdicts
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.messages.hosts import button_label
from bot.chat.press import Press, Verb
from bot.model.other_names import NamesAsked, can_be_locked
from bot.model.proofs import Colour, Mode, Proof, ProofRed, ProofReport

_MOST_LOCKED = 6
"""Buttons for names that can be locked too."""


def starting(voice: Voice) -> Message:
    """Before the first knock."""
    return Message(html=voice._("🔎 I am trying the lock…"))


def report(result: ProofReport, voice: Voice) -> Message:
    """What is proven so far, or in the end."""
    if result.makes_certificates:
        return Message(
            html=paragraphs(
                voice._("🔎 I am trying the lock…"),
                voice._(
                    "First I make two certificates of my own: one that is valid, and one that is revoked. That takes some seconds."
                ),
            )
        )
    if not result.proofs and not result.is_running:
        return _nothing(result, voice)
    red, yellow, green = (result.of_colour(colour) for colour in (Colour.RED, Colour.YELLOW, Colour.GREEN))
    return Message(
        html=paragraphs(
            _headline(result, voice),
            _tried(result, voice),
            *verdicts.told(red, voice),
            *_earlier(result, voice),
            *verdicts.told(yellow, voice),
            verdicts.green(green, voice),
            _next(result, voice),
        ),
        rows=() if result.is_running else _rows(result, voice),
    )


def red(notice: ProofRed, voice: Voice) -> Message:
    """Somebody gets in who must not."""
    at_hosts = not all(one.is_only_by_other_names for one in notice.proofs)
    ours = any(one.mode is Mode.LOCKED for one in notice.proofs)
    return Message(
        html=paragraphs(
            voice._("🔴 <b>I tried the lock, and got in where nobody should.</b>"),
            *verdicts.told(notice.proofs, voice),
            _mend(ours=ours, at_hosts=at_hosts, voice=voice),
        ),
        rows=(
            *_locking(notice.proofs, voice),
            *(_mending(voice) if ours and at_hosts else ()),
            _again(voice),
        ),
    )


def _nothing(result: ProofReport, voice: Voice) -> Message:
    again = _again(voice)
    if result.no_list:
        return Message(
            html=voice._(
                "Cloudflare does not tell me the hosts right now, so there is nothing I could try. Please try again in some minutes."
            ),
            rows=(again,),
        )
    return Message(
        html=voice._("Nothing is locked yet, so there is nothing to try. /protect locks a host."),
        rows=(again,),
    )


def _headline(result: ProofReport, voice: Voice) -> Markup:
    if result.is_running:
        return voice._("🔎 I am trying the lock… {done} done, {left} to go.").format(
            done=len(result.proofs), left=result.waiting
        )
    at = voice.clock(max(one.at for one in result.proofs))
    if not result.holds_at_the_hosts:
        return voice._("🔴 <b>Not locked.</b> Tried at {at}.").format(at=at)
    if result.colour is Colour.RED:
        return voice._("🔴 <b>There is a way past the lock.</b> Tried at {at}.").format(at=at)
    if result.of_colour(Colour.YELLOW):
        return voice._("🟡 <b>Not sure.</b> Tried at {at}.").format(at=at)
    return voice._("🟢 <b>Locked.</b> Tried at {at}.").format(at=at)


def _tried(result: ProofReport, voice: Voice) -> Markup | None:
    if result.is_running:
        return None
    paths = any(one.kind == "path" for one in result.proofs)
    return lines(
        voice._(
            "I knocked at each host three times: without a certificate, with a valid one of mine, and with a revoked one of mine."
        ),
        voice._("At each open path: there, and one letter beside it.") if paths else None,
        *_names(result.names, voice),
    )


def _names(names: NamesAsked, voice: Voice) -> list[Markup | None]:
    """Which other names were asked, and which were not."""
    asked = len(names.asked) + len(names.unclear)
    return [
        voice.many(
            "And at {n} other name of your zone, without a certificate: does it lead to the same service?",
            "And at {n} other names of your zone, without a certificate: do they lead to the same service?",
            asked,
        )
        if asked
        else None,
        voice._("What is behind {names} I could not tell.").format(names=named(names.unclear, voice))
        if names.unclear
        else None,
        voice.many("{n} more name was not asked.", "{n} more names were not asked.", names.left)
        if names.left
        else None,
        voice._("Not asked, for Cloudflare's certificate does not cover it: {names}.").format(
            names=named(names.not_covered, voice)
        )
        if names.not_covered
        else None,
        voice._("Your zone has more names than I read.") if names.cut else None,
        voice._(
            "Whether another name leads to the same service I do not know: I could not read the zone's names (optional right: “Zone: DNS: Read”)."
        )
        if names.not_told
        else None,
    ]


def _earlier(result: ProofReport, voice: Voice) -> list[Markup]:
    """What runs before the rule. What is unread is not told here: /status has it."""
    if result.is_running:
        return []
    allows, rewrites = result.earlier.allows, result.rewrites
    return [
        *([Markup("🔴 {text}").format(text=earlier_rules.passing(allows, voice))] if allows else []),
        *([Markup("🟡 {text}").format(text=earlier_rules.rewriting(rewrites, voice))] if rewrites else []),
    ]


def _next(result: ProofReport, voice: Voice) -> Markup | None:
    if result.is_running:
        return None
    if result.colour is Colour.RED:
        return _mend(ours=result.ours, at_hosts=not result.holds_at_the_hosts, voice=voice)
    if result.of_colour(Colour.YELLOW):
        return voice._("Please try again in some minutes. If it stays like this, /status may know why.")
    return voice._("Nothing to do. I try it again every day by myself, and tell you when somebody gets in.")


def _mend(*, ours: bool, at_hosts: bool, voice: Voice) -> Markup:
    if not at_hosts:
        return voice._("The hosts themselves are locked. Close that way, then try again.")
    if ours:
        return voice._(
            "<b>Put back</b> writes my rule as it should be; then try again. If it is still open, /lockdown shuts everything."
        )
    return voice._("/protect followed by the name puts my own rule there, which closes this.")


def _rows(result: ProofReport, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    put_back = result.ours and not result.holds_at_the_hosts
    return (
        *_locking(result.proofs, voice),
        *(_mending(voice) if put_back else ()),
        *(((earlier_rules.security_rules(voice),),) if result.earlier.allows else ()),
        _again(voice),
    )


def _mending(voice: Voice) -> tuple[tuple[Button, ...], ...]:
    return ((Button(text=voice.label("Put back"), press=Press(Verb.PUT_BACK), look="primary"),),)


def _locking(proofs: Sequence[Proof], voice: Voice) -> tuple[tuple[Button, ...], ...]:
    """Other names that can be locked by a tap."""
    lockable = [name for one in proofs for name in one.other_names if can_be_locked(name, one.subject)]
    return tuple(
        (Button(text=voice.label("Lock {name}").format(name=name), press=Press(Verb.PROTECT, arg=label)),)
        for name in dict.fromkeys(lockable)
        if (label := button_label(name))
    )[:_MOST_LOCKED]


def _again(voice: Voice) -> tuple[Button, ...]:
    return (Button(text=voice.label("Try again"), press=Press(Verb.PROVE)),)
