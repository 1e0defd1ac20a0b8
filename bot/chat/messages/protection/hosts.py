"""Locking and opening hosts, for admins."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages import guides
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.chat.messages.proofs.verdicts import told
from bot.chat.messages.protection import foreign_rules
from bot.model.host_notices import HostsProgress, HostStatus, HostStep
from bot.model.proofs.proofs import Colour, Proof
from bot.model.protection.host_results import ConfirmHosts, HostChoice
from bot.model.protection.hosts import HostState, ProtectedHost

_MAX_BUTTONS = 12
_LONGEST_LABEL = 40
_A_ROW = 2


def choice(result: HostChoice, locale: Locale) -> Message:
    """Which host shall be locked?"""
    locked = locale._("Locked: {hosts}.").format(hosts=named(result.protected, locale)) if result.protected else None
    asked, rows = _asked(result, locale)
    *before, last = foreign_rules.packed((*foreign_rules.unread(result.unread, locale), locked, *asked))
    return Message(html=last, rows=rows, before=tuple(before))


def _asked(result: HostChoice, locale: Locale) -> tuple[tuple[Markup | None, ...], tuple[tuple[Button, ...], ...]]:
    if result.hand_made:
        offered = locale._(
            "A rule made by hand locks {hosts}. I can take it over: then a lost phone is turned away at once, and what is open for an hour closes by itself."
        ).format(hosts=named(result.hand_made, locale))
        rows = _rows(tuple(one for one in result.on_offer if one not in result.hand_made), CallbackAction.PROTECT)
        return (offered,), ((_take_over(locale),), *rows)
    example = locale._("Type the name, such as <code>/protect photos.{zone}</code>.").format(zone=result.zone)
    if not result.told:
        asked = locale._(
            "Which name shall only open with a certificate? Please write it, such as <code>photos.{zone}</code>. With the right “Zone: DNS: Read” I could list them."
        ).format(zone=result.zone)
        return (asked,), ((_cancel(locale),),)
    if not result.on_offer:
        nothing = locale._("I see no further name of {zone} that is proxied by Cloudflare.").format(zone=result.zone)
        return (nothing, example), ()
    asked = locale._("Which one shall only open with a certificate?")
    typed = None if len(result.on_offer) <= _MAX_BUTTONS else example
    return (asked, _to_know(locale), typed), (*_rows(result.on_offer, CallbackAction.PROTECT), _guide(locale))


def _take_over(locale: Locale) -> Button:
    return Button(text=locale.label("Take it over…"), callback=CallbackData(CallbackAction.TAKE_OVER), look="primary")


def _to_know(locale: Locale) -> Markup:
    return locale._(
        "Some apps cannot carry a certificate and then stay outside; so does whoever sends more than 100 MB at once. At home, go on using the address at home."
    )


def _guide(locale: Locale) -> tuple[Button, ...]:
    return (
        Button(text=locale.label("What to know first"), callback=CallbackData(CallbackAction.GUIDE, arg=guides.LIMITS)),
    )


def choice_to_open(hosts: tuple[ProtectedHost, ...], locale: Locale) -> Message:
    """Which host shall be opened?"""
    locked = tuple(one.host for one in hosts if one.state is not HostState.LEAVING)
    if not locked:
        return Message(html=locale._("Nothing is locked by me. /protect locks a service."))
    return Message(html=locale._("Which one shall be open to everybody?"), rows=_rows(locked, CallbackAction.UNPROTECT))


def sure_to_protect(result: ConfirmHosts, locale: Locale) -> Message:
    """Nobody would get in, or something no more that does now: is that meant?"""
    *before, last = foreign_rules.packed((*_shut(result, locale), *_nobody(result, locale)))
    lock = Button(
        text=locale.label("Lock it now"),
        callback=CallbackData(CallbackAction.PROTECT_SURE, result.public_id),
        look="danger",
    )
    takes = ((_take_over(locale),),) if result.beside.can_be_taken_over else ()
    return Message(html=last, rows=(*takes, (lock,), _guide(locale)), before=tuple(before))


def _shut(result: ConfirmHosts, locale: Locale) -> Iterator[Markup]:
    beside = result.beside
    if not beside.seen:
        yield locale._(
            "I cannot read your own rules at Cloudflare right now. If one of them lets something in at {hosts} without a certificate, such as a webhook, it <b>needs one</b> with my lock."
        ).format(hosts=named(result.hosts, locale))
    if not beside.shut:
        return
    yield locale._("{hosts} has a lock made by hand, and mine goes in front of it.").format(
        hosts=named(result.hosts, locale)
    )
    yield from foreign_rules.shut(beside.shut, locale)
    if beside.can_be_taken_over:
        yield locale._("<b>Take it over…</b> shows what I can carry over instead.")
    else:
        yield locale._("Once it is locked, /openpath lets single addresses in again, such as a webhook.")


def _nobody(result: ConfirmHosts, locale: Locale) -> tuple[Markup, ...]:
    if not result.nobody_gets_in:
        return ()
    return (
        locale._("No device has a certificate yet that is known to work."),
        locale._(
            "Once it is locked, nobody gets in at {hosts} any more, apps and webhooks neither, until a device has one. Better first: <code>/newcert pixel8</code>, install it, tap <b>It works</b>."
        ).format(hosts=named(result.hosts, locale)),
    )


def sure_to_open(result: ConfirmHosts, locale: Locale) -> Message:
    """Everybody would get in: is that meant?"""
    return Message(
        html=locale._(
            "Then <b>everybody</b> reaches {hosts}, without a certificate, and open paths there end. Only the service's own password is left. Shall I?"
        ).format(hosts=named(result.hosts, locale)),
        rows=(
            (
                Button(
                    text=locale.label("Open to everybody"),
                    callback=CallbackData(CallbackAction.UNPROTECT_SURE, result.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def progress(notice: HostsProgress, locale: Locale) -> Message:
    """How far hosts are, those of one step in one sentence."""
    together: dict[HostStep, list[HostStatus]] = {}
    for one in notice.hosts:
        together.setdefault(one.step, []).append(one)
    return Message(html=paragraphs(*(_STEPS[step](tuple(hosts), locale) for step, hosts in together.items())))


def _plain(text: str) -> Callable[[tuple[HostStatus, ...], Locale], Markup]:
    return lambda hosts, voice: voice._(text).format(
        hosts=named(tuple(one.host for one in hosts), voice),
        host=hosts[0].host,
        seconds=max(one.seconds or 0 for one in hosts),
    )


def _proven(hosts: tuple[HostStatus, ...], locale: Locale) -> Markup:
    """Only what was turned away without a certificate and let in with one is called locked."""
    proofs = [one.proof for one in hosts if one.proof is not None]
    green, yellow, red = ([one for one in proofs if one.colour is colour] for colour in Colour)
    again = any(one.again for one in hosts)
    return paragraphs(
        *told(red, locale),
        _not_locked(red, locale) if red else None,
        *told(yellow, locale),
        _unsure(yellow, again=again, locale=locale) if yellow else None,
        _locked(tuple(one for one in hosts if one.proof in green), locale) if green else None,
    )


def _not_locked(red: list[Proof], locale: Locale) -> Markup:
    if all(one.is_only_by_other_names for one in red):
        return locale._("The host itself is locked, but the same service is open by another name. /prove tries again.")
    return locale._("<b>Not locked:</b> somebody gets in who must not. /lockdown shuts everything; /prove tries again.")


def _unsure(yellow: list[Proof], *, again: bool, locale: Locale) -> Markup:
    locks = all(one.is_locked for one in yellow)
    head = (
        locale._("It is locked as far as I could try it.")
        if locks
        else locale._("So I do not say yet that it is locked.")
    )
    then = locale._("I try it again by myself and say here what comes of it.")
    return head + " " + (then if again else locale._("/prove tries it again."))


def _locked(hosts: tuple[HostStatus, ...], locale: Locale) -> Markup:
    names = named(tuple(one.host for one in hosts), locale)
    seconds = [one.seconds for one in hosts if one.seconds is not None]
    return paragraphs(
        lines(
            locale._("🟢 <b>{hosts}</b>: locked, and proven.").format(hosts=names),
            locale._("I knocked: turned away without a certificate, let in with mine, turned away with a revoked one."),
            locale._("The edge had the rule after {seconds} s.").format(seconds=max(seconds)) if seconds else None,
        ),
        locale._(
            "Only devices with a certificate get in: /newcert makes one. <code>/unprotect {host}</code> opens it again."
        ).format(host=hosts[0].host),
    )


_STEPS: dict[HostStep, Callable[[tuple[HostStatus, ...], Locale], Markup]] = {
    HostStep.ASKED: _plain("Locking {hosts}: Cloudflare is told to ask for a certificate there…"),
    HostStep.LATE: _plain(
        "{hosts}: <b>not locked yet</b>. Cloudflare does not take it just now; I keep trying and say here when it has."
    ),
    HostStep.WRITTEN: _plain("{hosts}: the lock is written. I am looking whether the edge has it, then I knock…"),
    HostStep.UNSEEN: _plain(
        "{hosts}: the lock is written. I cannot see from here whether the edge has it already: please open https://{host}/ once with a device that has a certificate, and once without."
    ),
    HostStep.SEEN: _plain(
        "{hosts}: the edge has the lock, seen from here after {seconds} s. /prove tries whether it holds."
    ),
    HostStep.TRYING: _plain(
        "{hosts}: the edge has the lock, seen from here after {seconds} s. I am making two certificates of my own, to try whether it holds…"
    ),
    HostStep.PROVEN: _proven,
    HostStep.UNLOCKED: _plain("{hosts}: unlocked on purpose, on the server: everybody gets in."),
    HostStep.LOCKDOWN: _plain("{hosts}: lockdown. Nobody gets in, with a certificate or without."),
    HostStep.LEAVING: _plain("Opening {hosts} to everybody…"),
    HostStep.OPEN: _plain("{hosts}: open to everybody. <code>/protect {host}</code> locks it again."),
}


def _rows(hosts: tuple[str, ...], verb: CallbackAction) -> tuple[tuple[Button, ...], ...]:
    buttons = [
        Button(text=host, callback=CallbackData(verb, arg=label)) for host in hosts if (label := button_label(host))
    ]
    shown = buttons[:_MAX_BUTTONS]
    return tuple(tuple(shown[at : at + _A_ROW]) for at in range(0, len(shown), _A_ROW))


def button_label(host: str) -> str:
    """The first label, where a button can carry it and it says the whole name."""
    label = host.partition(".")[0]
    plain = all(c.isascii() and (c.isalnum() or c == "-") for c in label)
    return label if plain and len(label) <= _LONGEST_LABEL else ""


def _cancel(locale: Locale) -> Button:
    return Button(text=locale.label("Cancel"), callback=CallbackData(CallbackAction.CANCEL))
