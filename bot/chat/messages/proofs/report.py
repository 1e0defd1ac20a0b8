"""/prove: what was tried at the lock, what happened, what it means, and what to do."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.chat.messages.proofs import verdicts
from bot.chat.messages.protection import earlier_rules
from bot.chat.messages.protection.hosts import button_label
from bot.model.proofs.other_names import NamesAsked, can_be_locked
from bot.model.proofs.proofs import Colour, LockMode, Proof, ProofRed, ProofReport

_MAX_LOCKED = 6
"""Buttons for names that can be locked too."""


def starting(locale: Locale) -> Message:
    """Before the first knock."""
    return Message(html=locale._("🔎 I am trying the lock…"))


def report(result: ProofReport, locale: Locale) -> Message:
    """What is proven so far, or in the end."""
    if result.makes_certificates:
        return Message(
            html=paragraphs(
                locale._("🔎 I am trying the lock…"),
                locale._(
                    "First I make two certificates of my own: one that is valid, and one that is revoked. That takes some seconds."
                ),
            )
        )
    if not result.proofs and not result.is_running:
        return _nothing(result, locale)
    red, yellow, green = (result.of_colour(colour) for colour in (Colour.RED, Colour.YELLOW, Colour.GREEN))
    return Message(
        html=paragraphs(
            _headline(result, locale),
            _tried(result, locale),
            *verdicts.told(red, locale),
            *_earlier(result, locale),
            *verdicts.told(yellow, locale),
            verdicts.green(green, locale),
            _next(result, locale),
        ),
        rows=() if result.is_running else _rows(result, locale),
    )


def red(notice: ProofRed, locale: Locale) -> Message:
    """Somebody gets in who must not."""
    at_hosts = not all(one.is_only_by_other_names for one in notice.proofs)
    ours = any(one.mode is LockMode.LOCKED for one in notice.proofs)
    return Message(
        html=paragraphs(
            locale._("🔴 <b>I tried the lock, and got in where nobody should.</b>"),
            *verdicts.told(notice.proofs, locale),
            _mend(ours=ours, at_hosts=at_hosts, locale=locale),
        ),
        rows=(
            *_locking(notice.proofs, locale),
            *(_mending(locale) if ours and at_hosts else ()),
            _again(locale),
        ),
    )


def _nothing(result: ProofReport, locale: Locale) -> Message:
    again = _again(locale)
    if result.no_list:
        return Message(
            html=locale._(
                "Cloudflare does not tell me the hosts right now, so there is nothing I could try. Please try again in some minutes."
            ),
            rows=(again,),
        )
    return Message(
        html=locale._("Nothing is locked yet, so there is nothing to try. /protect locks a host."),
        rows=(again,),
    )


def _headline(result: ProofReport, locale: Locale) -> Markup:
    if result.is_running:
        return locale._("🔎 I am trying the lock… {done} done, {left} to go.").format(
            done=len(result.proofs), left=result.waiting
        )
    at = locale.clock(max(one.at for one in result.proofs))
    if not result.holds_at_the_hosts:
        return locale._("🔴 <b>Not locked.</b> Tried at {at}.").format(at=at)
    if result.colour is Colour.RED:
        return locale._("🔴 <b>There is a way past the lock.</b> Tried at {at}.").format(at=at)
    if result.of_colour(Colour.YELLOW):
        return locale._("🟡 <b>Not sure.</b> Tried at {at}.").format(at=at)
    return locale._("🟢 <b>Locked.</b> Tried at {at}.").format(at=at)


def _tried(result: ProofReport, locale: Locale) -> Markup | None:
    if result.is_running:
        return None
    paths = any(one.kind == "path" for one in result.proofs)
    return lines(
        locale._(
            "I knocked at each host three times: without a certificate, with a valid one of mine, and with a revoked one of mine."
        ),
        locale._("At each open path: there, and one letter beside it.") if paths else None,
        *_names(result.names, locale),
    )


def _names(names: NamesAsked, locale: Locale) -> list[Markup | None]:
    """Which other names were asked, and which were not."""
    asked = len(names.asked) + len(names.unclear)
    return [
        locale.many(
            "And at {n} other name of your zone, without a certificate: does it lead to the same service?",
            "And at {n} other names of your zone, without a certificate: do they lead to the same service?",
            asked,
        )
        if asked
        else None,
        locale._("What is behind {names} I could not tell.").format(names=named(names.unclear, locale))
        if names.unclear
        else None,
        locale.many("{n} more name was not asked.", "{n} more names were not asked.", names.left)
        if names.left
        else None,
        locale._("Not asked, for Cloudflare's certificate does not cover it: {names}.").format(
            names=named(names.not_covered, locale)
        )
        if names.not_covered
        else None,
        locale._("Your zone has more names than I read.") if names.cut else None,
        locale._(
            "Whether another name leads to the same service I do not know: I could not read the zone's names (optional right: “Zone: DNS: Read”)."
        )
        if names.not_told
        else None,
    ]


def _earlier(result: ProofReport, locale: Locale) -> list[Markup]:
    """What runs before the rule. What is unread is not told here: /status has it."""
    if result.is_running:
        return []
    allows, rewrites = result.earlier.allows, result.rewrites
    return [
        *([Markup("🔴 {text}").format(text=earlier_rules.passing(allows, locale))] if allows else []),
        *([Markup("🟡 {text}").format(text=earlier_rules.rewriting(rewrites, locale))] if rewrites else []),
    ]


def _next(result: ProofReport, locale: Locale) -> Markup | None:
    if result.is_running:
        return None
    if result.colour is Colour.RED:
        return _mend(ours=result.ours, at_hosts=not result.holds_at_the_hosts, locale=locale)
    if result.of_colour(Colour.YELLOW):
        return locale._("Please try again in some minutes. If it stays like this, /status may know why.")
    return locale._("Nothing to do. I try it again every day by myself, and tell you when somebody gets in.")


def _mend(*, ours: bool, at_hosts: bool, locale: Locale) -> Markup:
    if not at_hosts:
        return locale._("The hosts themselves are locked. Close that way, then try again.")
    if ours:
        return locale._(
            "<b>Put back</b> writes my rule as it should be; then try again. If it is still open, /lockdown shuts everything."
        )
    return locale._("/protect followed by the name puts my own rule there, which closes this.")


def _rows(result: ProofReport, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    put_back = result.ours and not result.holds_at_the_hosts
    return (
        *_locking(result.proofs, locale),
        *(_mending(locale) if put_back else ()),
        *(((earlier_rules.security_rules(locale),),) if result.earlier.allows else ()),
        _again(locale),
    )


def _mending(locale: Locale) -> tuple[tuple[Button, ...], ...]:
    return ((Button(text=locale.label("Put back"), callback=CallbackData(CallbackAction.PUT_BACK), look="primary"),),)


def _locking(proofs: Sequence[Proof], locale: Locale) -> tuple[tuple[Button, ...], ...]:
    """Other names that can be locked by a tap."""
    lockable = [name for one in proofs for name in one.other_names if can_be_locked(name, one.subject)]
    return tuple(
        (
            Button(
                text=locale.label("Lock {name}").format(name=name),
                callback=CallbackData(CallbackAction.PROTECT, arg=label),
            ),
        )
        for name in dict.fromkeys(lockable)
        if (label := button_label(name))
    )[:_MAX_LOCKED]


def _again(locale: Locale) -> tuple[Button, ...]:
    return (Button(text=locale.label("Try again"), callback=CallbackData(CallbackAction.PROVE)),)
