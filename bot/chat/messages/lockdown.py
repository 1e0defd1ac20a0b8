"""Lockdown, for admins: plain and calm."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, named, paragraphs
from bot.chat.messages.verdicts import green, told
from bot.chat.press import Press, Verb
from bot.model.host_notices import LockdownNow, RuleStep
from bot.model.proofs import Colour

OFF = "off"


def now(notice: LockdownNow, voice: Voice) -> Message:
    """The lockdown as it is, or its end."""
    by = notice.by or voice.label("Somebody at the server")
    if not notice.on:
        return Message(html=paragraphs(_over(notice, by, voice), _step(notice, voice)))
    end = Button(text=voice.label("End the lockdown"), press=Press(Verb.END_LOCKDOWN))
    if notice.everything:
        head = voice._(
            "<b>Lockdown: nobody gets in</b>, with a certificate or without, at {hosts}. {by} ordered it."
        ).format(hosts=named(notice.hosts, voice), by=by)
        return Message(html=paragraphs(head, _step(notice, voice), _afterwards(voice)), rows=((end,),))
    head = voice._("<b>Lockdown.</b> {by} ordered it. {paths} No new certificate is made.").format(
        by=by, paths=_paths(notice.paths, voice)
    )
    if not notice.hosts:
        return Message(html=paragraphs(head, _step(notice, voice)), rows=((end,),))
    still = voice._("Devices with a certificate still get in at {hosts}. If that is too much: <b>Block everything</b>.")
    everything = Button(text=voice.label("Block everything"), press=Press(Verb.BLOCK_EVERYTHING), look="danger")
    return Message(
        html=paragraphs(head, still.format(hosts=named(notice.hosts, voice)), _step(notice, voice)),
        rows=((everything,), (end,)),
    )


def sure_to_end(voice: Voice) -> Message:
    """Is the trouble over?"""
    return Message(
        html=voice._(
            "Devices with a certificate get in again then, and certificates are made again. Paths stay closed. Shall I?"
        ),
        rows=((Button(text=voice.label("End the lockdown"), press=Press(Verb.END_LOCKDOWN), look="primary"),),),
    )


def _over(notice: LockdownNow, by: str, voice: Voice) -> Markup:
    if not notice.hosts:
        return voice._("The lockdown is over: {by} ended it. Certificates are made again.").format(by=by)
    return voice._(
        "The lockdown is over: {by} ended it. Devices with a certificate get in at {hosts}; certificates are made again. Paths stay closed: /openpath opens one."
    ).format(by=by, hosts=named(notice.hosts, voice))


def _afterwards(voice: Voice) -> Markup:
    return voice._("When the trouble is over: <code>/lockdown off</code>. Paths stay closed then.")


def _paths(count: int, voice: Voice) -> Markup:
    if count == 0:
        return voice._("No path was open.")
    return voice.many("The one open path is closed.", "{n} open paths are closed.", count)


def _step(notice: LockdownNow, voice: Voice) -> Markup:
    """How far the rule is; at last, what came of trying it."""
    others = [one for one in notice.proofs if one.colour is not Colour.GREEN]
    unsure = voice._("/prove tries it again.") if others else None
    proven = green([one for one in notice.proofs if one.colour is Colour.GREEN], voice)
    return paragraphs(_rule(notice, voice), *told(others, voice), proven, unsure)


def _rule(notice: LockdownNow, voice: Voice) -> Markup:
    return {
        RuleStep.NOTHING: voice._("Nothing is locked by me, so there is no rule to change. /protect locks a service."),
        RuleStep.WRITING: voice._("I am writing the rule…"),
        RuleStep.LATE: voice._("<b>Not in force yet:</b> Cloudflare does not take the rule just now. I keep trying."),
        RuleStep.WRITTEN: voice._("The rule is written. I am looking whether the edge has it…"),
        RuleStep.SEEN: voice._("New rule seen at the edge from here."),
    }[notice.step]
