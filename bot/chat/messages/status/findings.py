"""What /status found that is not as it should be: words, colour, and what mends it."""

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, named
from bot.chat.messages.protection import earlier_rules
from bot.model.certificates.certificates import Certificate
from bot.model.proofs.proofs import Colour
from bot.model.protection.rule_state import Drift
from bot.model.protection.zone_settings import Switch
from bot.model.status.status import StatusFix, StatusReport

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"
_MAX_CARDS = 3
_LABEL = 40
_LEAVES_OPEN = frozenset({Drift.MISSING, Drift.DISABLED, Drift.EDITED, Drift.SKIPPED})


@dataclass(frozen=True)
class Finding:
    """One line that is not green."""

    colour: Colour
    text: Markup
    buttons: tuple[Button, ...]


def findings(result: StatusReport, locale: Locale) -> tuple[Finding, ...]:
    """All of them, in the order of what matters."""
    return (
        *_cloudflare(result, locale),
        *_rule(result, locale),
        *_earlier(result, locale),
        *_on_purpose(result, locale),
        *_proof(result, locale),
        *_certificates(result, locale),
        *_settings(result, locale),
        *_household(result, locale),
    )


def _cloudflare(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    for right in result.missing_rights:
        text = locale._("The Cloudflare token lacks “{right}”: I can neither lock nor revoke without it.")
        yield Finding(Colour.RED, text.format(right=right), (_token(locale),))
    if result.lock.trouble and not result.missing_rights:
        text = locale._("Cloudflare does not answer as it should, so part of this is not known.")
        yield Finding(Colour.RED, text, ())
    if result.clock_is_wrong and result.clock_ahead is not None:
        seconds = round(abs(result.clock_ahead.total_seconds()))
        text = locale._(
            "The server's clock is {seconds} s off: no path can be opened. On the server, turn time synchronisation on, then look again."
        )
        yield Finding(Colour.YELLOW, text.format(seconds=locale.number(seconds)), ())


def _rule(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    lock, back = result.lock, (_mend(StatusFix.PUT_BACK, locale.label("Put the rule back")),)
    words = {
        Drift.MISSING: locale._("My rule is gone: everybody gets in."),
        Drift.DISABLED: locale._("My rule is switched off: everybody gets in."),
        Drift.ENABLED: locale._("My rule is on, although it was unlocked on purpose."),
        Drift.EDITED: locale._("Somebody edited my rule: it does not say what I wrote."),
        Drift.NOT_FIRST: locale._("My rule does not come first any more."),
        Drift.SKIPPED: locale._("A rule above mine lets some requests past it: {rules}.").format(
            rules=named(lock.skips, locale)
        ),
    }
    for one in sorted(lock.differences & words.keys()):
        colour = Colour.RED if one in _LEAVES_OPEN else Colour.YELLOW
        yield Finding(colour, words[one], back)
    if lock.not_asked:
        text = locale._("Cloudflare does not ask for a certificate at {hosts}: everybody is turned away there.")
        yield Finding(Colour.RED, text.format(hosts=named(lock.not_asked, locale)), back)
    if not lock.hosts and not lock.trouble and not lock.only_there:
        yield Finding(
            Colour.YELLOW, locale._("No host is locked yet."), (_command("protect", locale.label("Lock a host")),)
        )
    if lock.only_there:
        text = locale._("Cloudflare asks for a certificate at {hosts}, and my rule does not demand one there.")
        button = _command("protect", locale.label("Lock it with my rule"))
        yield Finding(Colour.YELLOW, text.format(hosts=named(lock.only_there, locale)), (button,))


def _earlier(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    lock, where = result.lock, (earlier_rules.security_rules(locale),)
    if lock.earlier.allows:
        colour = Colour.RED if lock.locked else Colour.YELLOW
        yield Finding(colour, earlier_rules.passing(lock.earlier.allows, locale), where)
    if lock.rewrites:
        yield Finding(Colour.YELLOW, earlier_rules.rewriting(lock.rewrites, locale), ())
    unread = earlier_rules.unread(lock.earlier, locale)
    if unread and not lock.trouble:
        yield Finding(Colour.YELLOW, unread, where)


def _on_purpose(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    lock = result.lock
    again = (_mend(StatusFix.LOCK, locale.label("Lock again")),)
    if lock.unlocked:
        yield Finding(Colour.RED, locale._("Unlocked on purpose, on the server: everybody gets in everywhere."), again)
    elif lock.unlocked_hosts:
        text = locale._("Unlocked on purpose, on the server: everybody gets in at {hosts}.")
        yield Finding(Colour.RED, text.format(hosts=named(lock.unlocked_hosts, locale)), again)
    end = (Button(text=locale.label("End the lockdown"), callback=CallbackData(CallbackAction.END_LOCKDOWN)),)
    if lock.everything:
        yield Finding(Colour.YELLOW, locale._("Lockdown: nobody gets in, with a certificate or without."), end)
    elif lock.lockdown:
        yield Finding(Colour.YELLOW, locale._("Lockdown: no open paths, no new certificates."), end)


def _proof(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    proof, prove = result.proof, (_command("prove", locale.label("Try the lock")),)
    if not result.lock.locked and proof.at is None:
        return
    if proof.red:
        yield Finding(Colour.RED, locale._("When the lock was last tried, somebody got in who must not."), prove)
    elif proof.yellow:
        yield Finding(Colour.YELLOW, locale._("When the lock was last tried, part of it could not be told."), prove)
    if proof.at is None:
        yield Finding(Colour.YELLOW, locale._("The lock has not been tried yet."), prove)
    elif result.proof_is_stale:
        text = locale._("The lock was last tried {at}: I should have tried it since.")
        yield Finding(Colour.YELLOW, text.format(at=locale.clock(proof.at)), prove)


def _certificates(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    if result.unknown:
        names = named(tuple(one or "–" for one in result.unknown), locale)
        text = locale.many(
            "Valid at Cloudflare and not made by me: {names}. Whoever has it gets in.",
            "Valid at Cloudflare and not made by me: {names}. Whoever has them gets in.",
            len(result.unknown),
            names=names,
        )
        label = str(locale.many("Look at it", "Look at them", len(result.unknown)))
        look = Button(text=label, callback=CallbackData(CallbackAction.UNKNOWN, arg="0-beside"))
        yield Finding(Colour.YELLOW, text, (look,))
    if result.missing:
        text = locale.many(
            "Made by me, and not valid at Cloudflare any more: {names}. This device does not get in.",
            "Made by me, and not valid at Cloudflare any more: {names}. These devices do not get in.",
            len(result.missing),
            names=_devices(result.missing, locale),
        )
        yield Finding(Colour.YELLOW, text, _cards(result.missing))
    if result.expiring:
        yield Finding(Colour.YELLOW, _expiring(result, locale), _cards(result.expiring))
    if result.slots_are_few:
        words = locale.many(
            "{n} of {quota} certificates is in use: little room for new ones.",
            "{n} of {quota} certificates are in use: little room for new ones.",
            result.lock.used or 0,
            quota=locale.number(result.lock.quota),
        )
        yield Finding(Colour.YELLOW, words, (_command("certs", locale.label("Show all devices")),))


def _expiring(result: StatusReport, locale: Locale) -> Markup:
    names = _ending(result.expiring, locale)
    if not result.more_expiring:
        told = len(result.expiring)
        return locale.many("Ends within 30 days: {names}.", "Ends within 30 days: {names}.", told, names=names)
    more = result.more_expiring
    return locale.many(
        "Ends within 30 days: {names}, and {n} more.", "Ends within 30 days: {names}, and {n} more.", more, names=names
    )


def _settings(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    if result.http3 is Switch.ON:
        text = locale._(
            "HTTP/3 is on: browsers send no certificate over it, so people who have one are turned away now and then."
        )
        yield Finding(Colour.YELLOW, text, (_mend(StatusFix.HTTP3_OFF, locale.label("Turn HTTP/3 off")),))
    if result.zero_rtt is Switch.ON:
        text = locale._("0-RTT is on: a recorded request can be sent to your services a second time.")
        yield Finding(Colour.YELLOW, text, (_mend(StatusFix.ZERO_RTT_OFF, locale.label("Turn 0-RTT off")),))
    if Switch.NOT_TOLD in {result.http3, result.zero_rtt} and not result.lock.trouble:
        text = locale._(
            "I may not see whether HTTP/3 is on (browsers send no certificate over it): the token lacks “Zone: Zone Settings: Edit”."
        )
        yield Finding(Colour.YELLOW, text, (_token(locale),))


def _household(result: StatusReport, locale: Locale) -> Iterator[Finding]:
    if result.admins < 2:
        text = locale._(
            "You are the only admin: when your phone is lost, nobody can help. Invite somebody, then make them an admin (/people)."
        )
        invite = Button(text=locale.label("Invite somebody"), callback=CallbackData(CallbackAction.INVITE))
        yield Finding(Colour.YELLOW, text, (invite,))
    if result.cut_off:
        text = locale._(
            "I cannot write to {names}: requests and reports of lost phones do not reach them. Please ask them to open this chat and tap Start."
        )
        yield Finding(Colour.YELLOW, text.format(names=named(result.cut_off, locale)), ())


def _devices(certificates: tuple[Certificate, ...], locale: Locale) -> Markup:
    return named(tuple(_name(one) for one in certificates), locale)


def _ending(certificates: tuple[Certificate, ...], locale: Locale) -> Markup:
    return Markup(", ").join(
        locale._("{name} ({day})").format(name=_name(one), day=locale.day(one.expires_at))
        for one in certificates
        if one.expires_at is not None
    )


def _cards(certificates: tuple[Certificate, ...]) -> tuple[Button, ...]:
    return tuple(
        Button(text=_name(one)[:_LABEL], callback=CallbackData(CallbackAction.CARD_BESIDE, one.public_id))
        for one in certificates[:_MAX_CARDS]
    )


def _name(certificate: Certificate) -> str:
    return f"{certificate.device.owner_name}/{certificate.device.name}"


def _mend(what: StatusFix, text: str) -> Button:
    return Button(text=text, callback=CallbackData(CallbackAction.MEND, arg=what.value), look="primary")


def _command(name: str, text: str) -> Button:
    return Button(text=text, callback=CallbackData(CallbackAction.COMMAND, arg=name))


def _token(locale: Locale) -> Button:
    return Button(text=locale.label("Open the token's page"), url=_TOKENS)
