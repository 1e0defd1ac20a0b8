"""What /status found that is not as it should be: words, colour, and what mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.chat.messages import earlier_rules
from bot.chat.messages.form import Button, Voice, named
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate
from bot.model.proofs import Colour
from bot.model.rule_state import Difference
from bot.model.status import Mend, StatusReport
from bot.model.zone_settings import Switch

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"
_MOST_CARDS = 3
_LABEL = 40
_LEAVES_OPEN = frozenset({Difference.MISSING, Difference.DISABLED, Difference.EDITED, Difference.SKIPPED})


@dataclass(frozen=True)
class Finding:
    """One line that is not green."""

    colour: Colour
    text: Markup
    buttons: tuple[Button, ...]


def findings(result: StatusReport, voice: Voice) -> tuple[Finding, ...]:
    """All of them, in the order of what matters."""
    return (
        *_cloudflare(result, voice),
        *_rule(result, voice),
        *_earlier(result, voice),
        *_on_purpose(result, voice),
        *_proof(result, voice),
        *_certificates(result, voice),
        *_settings(result, voice),
        *_household(result, voice),
    )


def _cloudflare(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    for right in result.missing_rights:
        text = voice._("The Cloudflare token lacks “{right}”: I can neither lock nor revoke without it.")
        yield Finding(Colour.RED, text.format(right=right), (_token(voice),))
    if result.lock.trouble and not result.missing_rights:
        text = voice._("Cloudflare does not answer as it should, so part of this is not known.")
        yield Finding(Colour.RED, text, ())
    if result.clock_is_wrong and result.clock_ahead is not None:
        seconds = round(abs(result.clock_ahead.total_seconds()))
        text = voice._(
            "The server's clock is {seconds} s off: no path can be opened. On the server, turn time synchronisation on, then look again."
        )
        yield Finding(Colour.YELLOW, text.format(seconds=voice.number(seconds)), ())


def _rule(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    lock, back = result.lock, (_mend(Mend.PUT_BACK, voice.label("Put the rule back")),)
    words = {
        Difference.MISSING: voice._("My rule is gone: everybody gets in."),
        Difference.DISABLED: voice._("My rule is switched off: everybody gets in."),
        Difference.ENABLED: voice._("My rule is on, although it was unlocked on purpose."),
        Difference.EDITED: voice._("Somebody edited my rule: it does not say what I wrote."),
        Difference.NOT_FIRST: voice._("My rule does not come first any more."),
        Difference.SKIPPED: voice._("A rule above mine lets some requests past it: {rules}.").format(
            rules=named(lock.skips, voice)
        ),
    }
    for one in sorted(lock.differences & words.keys()):
        colour = Colour.RED if one in _LEAVES_OPEN else Colour.YELLOW
        yield Finding(colour, words[one], back)
    if lock.not_asked:
        text = voice._("Cloudflare does not ask for a certificate at {hosts}: everybody is turned away there.")
        yield Finding(Colour.RED, text.format(hosts=named(lock.not_asked, voice)), back)
    if not lock.hosts and not lock.trouble and not lock.only_there:
        yield Finding(
            Colour.YELLOW, voice._("No host is locked yet."), (_command("protect", voice.label("Lock a host")),)
        )
    if lock.only_there:
        text = voice._("Cloudflare asks for a certificate at {hosts}, and my rule does not demand one there.")
        button = _command("protect", voice.label("Lock it with my rule"))
        yield Finding(Colour.YELLOW, text.format(hosts=named(lock.only_there, voice)), (button,))


def _earlier(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    lock, where = result.lock, (earlier_rules.security_rules(voice),)
    if lock.earlier.allows:
        colour = Colour.RED if lock.locked else Colour.YELLOW
        yield Finding(colour, earlier_rules.passing(lock.earlier.allows, voice), where)
    if lock.rewrites:
        yield Finding(Colour.YELLOW, earlier_rules.rewriting(lock.rewrites, voice), ())
    unread = earlier_rules.unread(lock.earlier, voice)
    if unread and not lock.trouble:
        yield Finding(Colour.YELLOW, unread, where)


def _on_purpose(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    lock = result.lock
    again = (_mend(Mend.LOCK, voice.label("Lock again")),)
    if lock.unlocked:
        yield Finding(Colour.RED, voice._("Unlocked on purpose, on the server: everybody gets in everywhere."), again)
    elif lock.unlocked_hosts:
        text = voice._("Unlocked on purpose, on the server: everybody gets in at {hosts}.")
        yield Finding(Colour.RED, text.format(hosts=named(lock.unlocked_hosts, voice)), again)
    end = (Button(text=voice.label("End the lockdown"), press=Press(Verb.END_LOCKDOWN)),)
    if lock.everything:
        yield Finding(Colour.YELLOW, voice._("Lockdown: nobody gets in, with a certificate or without."), end)
    elif lock.lockdown:
        yield Finding(Colour.YELLOW, voice._("Lockdown: no open paths, no new certificates."), end)


def _proof(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    proof, prove = result.proof, (_command("prove", voice.label("Try the lock")),)
    if not result.lock.locked and proof.at is None:
        return
    if proof.red:
        yield Finding(Colour.RED, voice._("When the lock was last tried, somebody got in who must not."), prove)
    elif proof.yellow:
        yield Finding(Colour.YELLOW, voice._("When the lock was last tried, part of it could not be told."), prove)
    if proof.at is None:
        yield Finding(Colour.YELLOW, voice._("The lock has not been tried yet."), prove)
    elif result.proof_is_stale:
        text = voice._("The lock was last tried {at}: I should have tried it since.")
        yield Finding(Colour.YELLOW, text.format(at=voice.clock(proof.at)), prove)


def _certificates(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    if result.unknown:
        names = named(tuple(one or "–" for one in result.unknown), voice)
        text = voice.many(
            "Valid at Cloudflare and not made by me: {names}. Whoever has it gets in.",
            "Valid at Cloudflare and not made by me: {names}. Whoever has them gets in.",
            len(result.unknown),
            names=names,
        )
        label = str(voice.many("Look at it", "Look at them", len(result.unknown)))
        look = Button(text=label, press=Press(Verb.UNKNOWN, arg="0-beside"))
        yield Finding(Colour.YELLOW, text, (look,))
    if result.missing:
        text = voice.many(
            "Made by me, and not valid at Cloudflare any more: {names}. This device does not get in.",
            "Made by me, and not valid at Cloudflare any more: {names}. These devices do not get in.",
            len(result.missing),
            names=_devices(result.missing, voice),
        )
        yield Finding(Colour.YELLOW, text, _cards(result.missing))
    if result.expiring:
        yield Finding(Colour.YELLOW, _expiring(result, voice), _cards(result.expiring))
    if result.slots_are_few:
        words = voice.many(
            "{n} of {quota} certificates is in use: little room for new ones.",
            "{n} of {quota} certificates are in use: little room for new ones.",
            result.lock.used or 0,
            quota=voice.number(result.lock.quota),
        )
        yield Finding(Colour.YELLOW, words, (_command("certs", voice.label("Show all devices")),))


def _expiring(result: StatusReport, voice: Voice) -> Markup:
    names = _ending(result.expiring, voice)
    if not result.more_expiring:
        told = len(result.expiring)
        return voice.many("Ends within 30 days: {names}.", "Ends within 30 days: {names}.", told, names=names)
    more = result.more_expiring
    return voice.many(
        "Ends within 30 days: {names}, and {n} more.", "Ends within 30 days: {names}, and {n} more.", more, names=names
    )


def _settings(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    if result.http3 is Switch.ON:
        text = voice._(
            "HTTP/3 is on: browsers send no certificate over it, so people who have one are turned away now and then."
        )
        yield Finding(Colour.YELLOW, text, (_mend(Mend.HTTP3_OFF, voice.label("Turn HTTP/3 off")),))
    if result.zero_rtt is Switch.ON:
        text = voice._("0-RTT is on: a recorded request can be sent to your services a second time.")
        yield Finding(Colour.YELLOW, text, (_mend(Mend.ZERO_RTT_OFF, voice.label("Turn 0-RTT off")),))
    if Switch.NOT_TOLD in {result.http3, result.zero_rtt} and not result.lock.trouble:
        text = voice._(
            "I may not see whether HTTP/3 is on (browsers send no certificate over it): the token lacks “Zone: Zone Settings: Edit”."
        )
        yield Finding(Colour.YELLOW, text, (_token(voice),))


def _household(result: StatusReport, voice: Voice) -> Iterator[Finding]:
    if result.admins < 2:
        text = voice._(
            "You are the only admin: when your phone is lost, nobody can help. Invite somebody, then make them an admin (/people)."
        )
        invite = Button(text=voice.label("Invite somebody"), press=Press(Verb.INVITE))
        yield Finding(Colour.YELLOW, text, (invite,))
    if result.cut_off:
        text = voice._(
            "I cannot write to {names}: requests and reports of lost phones do not reach them. Please ask them to open this chat and tap Start."
        )
        yield Finding(Colour.YELLOW, text.format(names=named(result.cut_off, voice)), ())


def _devices(certificates: tuple[Certificate, ...], voice: Voice) -> Markup:
    return named(tuple(_name(one) for one in certificates), voice)


def _ending(certificates: tuple[Certificate, ...], voice: Voice) -> Markup:
    return Markup(", ").join(
        voice._("{name} ({day})").format(name=_name(one), day=voice.day(one.expires_at))
        for one in certificates
        if one.expires_at is not None
    )


def _cards(certificates: tuple[Certificate, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(text=_name(one)[:_LABEL], press=Press(Verb.CARD_BESIDE, one.public_id))
        for one in certificates[:_MOST_CARDS]
    )


def _name(certificate: Certificate) -> str:
    return f"{certificate.device.owner_name}/{certificate.device.name}"


def _mend(what: Mend, text: str) -> Button:
    return Button(text=text, press=Press(Verb.MEND, arg=what.value), look="primary")


def _command(name: str, text: str) -> Button:
    return Button(text=text, press=Press(Verb.COMMAND, arg=name))


def _token(voice: Voice) -> Button:
    return Button(text=voice.label("Open the token's page"), url=_TOKENS)
