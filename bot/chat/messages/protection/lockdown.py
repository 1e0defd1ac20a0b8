"""Lockdown, for admins: plain and calm."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, named, paragraphs
from bot.chat.messages.proofs.verdicts import green, told
from bot.model.host_notices import LockdownNow, RuleStep
from bot.model.proofs.proofs import Colour

OFF = "off"


def now(notice: LockdownNow, locale: Locale) -> Message:
    """The lockdown as it is, or its end."""
    by = notice.by or locale.label("Somebody at the server")
    if not notice.on:
        return Message(html=paragraphs(_over(notice, by, locale), _step(notice, locale)))
    end = Button(text=locale.label("End the lockdown"), callback=CallbackData(CallbackAction.END_LOCKDOWN))
    if notice.everything:
        head = locale._(
            "<b>Lockdown: nobody gets in</b>, with a certificate or without, at {hosts}. {by} ordered it."
        ).format(hosts=named(notice.hosts, locale), by=by)
        return Message(html=paragraphs(head, _step(notice, locale), _afterwards(locale)), rows=((end,),))
    head = locale._("<b>Lockdown.</b> {by} ordered it. {paths} No new certificate is made.").format(
        by=by, paths=_paths(notice.paths, locale)
    )
    if not notice.hosts:
        return Message(html=paragraphs(head, _step(notice, locale)), rows=((end,),))
    still = locale._(
        "Devices with a certificate still get in at {hosts}. If that is too much: <b>Block everything</b>."
    )
    everything = Button(
        text=locale.label("Block everything"), callback=CallbackData(CallbackAction.BLOCK_EVERYTHING), look="danger"
    )
    return Message(
        html=paragraphs(head, still.format(hosts=named(notice.hosts, locale)), _step(notice, locale)),
        rows=((everything,), (end,)),
    )


def sure_to_end(locale: Locale) -> Message:
    """Is the trouble over?"""
    return Message(
        html=locale._(
            "Devices with a certificate get in again then, and certificates are made again. Paths stay closed. Shall I?"
        ),
        rows=(
            (
                Button(
                    text=locale.label("End the lockdown"),
                    callback=CallbackData(CallbackAction.END_LOCKDOWN),
                    look="primary",
                ),
            ),
        ),
    )


def _over(notice: LockdownNow, by: str, locale: Locale) -> Markup:
    if not notice.hosts:
        return locale._("The lockdown is over: {by} ended it. Certificates are made again.").format(by=by)
    return locale._(
        "The lockdown is over: {by} ended it. Devices with a certificate get in at {hosts}; certificates are made again. Paths stay closed: /openpath opens one."
    ).format(by=by, hosts=named(notice.hosts, locale))


def _afterwards(locale: Locale) -> Markup:
    return locale._("When the trouble is over: <code>/lockdown off</code>. Paths stay closed then.")


def _paths(count: int, locale: Locale) -> Markup:
    if count == 0:
        return locale._("No path was open.")
    return locale.many("The one open path is closed.", "{n} open paths are closed.", count)


def _step(notice: LockdownNow, locale: Locale) -> Markup:
    """How far the rule is; at last, what came of trying it."""
    others = [one for one in notice.proofs if one.colour is not Colour.GREEN]
    unsure = locale._("/prove tries it again.") if others else None
    proven = green([one for one in notice.proofs if one.colour is Colour.GREEN], locale)
    return paragraphs(_rule(notice, locale), *told(others, locale), proven, unsure)


def _rule(notice: LockdownNow, locale: Locale) -> Markup:
    return {
        RuleStep.NOTHING: locale._("Nothing is locked by me, so there is no rule to change. /protect locks a service."),
        RuleStep.WRITING: locale._("I am writing the rule…"),
        RuleStep.LATE: locale._("<b>Not in force yet:</b> Cloudflare does not take the rule just now. I keep trying."),
        RuleStep.WRITTEN: locale._("The rule is written. I am looking whether the edge has it…"),
        RuleStep.SEEN: locale._("New rule seen at the edge from here."),
    }[notice.step]
