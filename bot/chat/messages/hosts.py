"""Locking and opening hosts, for admins."""

from collections.abc import Callable, Iterator

from markupsafe import Markup

from bot.chat.messages import by_hand, guides
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.messages.verdicts import told
from bot.chat.press import Press, Verb
from bot.model.host_notices import HostNow, HostsProgress, HostStep
from bot.model.host_results import HostChoice, SureAboutHosts
from bot.model.hosts import HostState, ProtectedHost
from bot.model.proofs import Colour, Proof

_MOST_BUTTONS = 12
_LONGEST_LABEL = 40
_A_ROW = 2


def choice(result: HostChoice, voice: Voice) -> Message:
    """Which host shall be locked?"""
    locked = voice._("Locked: {hosts}.").format(hosts=named(result.protected, voice)) if result.protected else None
    asked, rows = _asked(result, voice)
    *before, last = by_hand.packed((*by_hand.unread(result.unread, voice), locked, *asked))
    return Message(html=last, rows=rows, before=tuple(before))


def _asked(result: HostChoice, voice: Voice) -> tuple[tuple[Markup | None, ...], tuple[tuple[Button, ...], ...]]:
    if result.hand_made:
        offered = voice._(
            "A rule made by hand locks {hosts}. I can take it over: then a lost phone is turned away at once, and what is open for an hour closes by itself."
        ).format(hosts=named(result.hand_made, voice))
        rows = _rows(tuple(one for one in result.on_offer if one not in result.hand_made), Verb.PROTECT)
        return (offered,), ((_take_over(voice),), *rows)
    example = voice._("Type the name, such as <code>/protect photos.{zone}</code>.").format(zone=result.zone)
    if not result.told:
        asked = voice._(
            "Which name shall only open with a certificate? Please write it, such as <code>photos.{zone}</code>. With the right “Zone: DNS: Read” I could list them."
        ).format(zone=result.zone)
        return (asked,), ((_cancel(voice),),)
    if not result.on_offer:
        nothing = voice._("I see no further name of {zone} that is proxied by Cloudflare.").format(zone=result.zone)
        return (nothing, example), ()
    asked = voice._("Which one shall only open with a certificate?")
    typed = None if len(result.on_offer) <= _MOST_BUTTONS else example
    return (asked, _to_know(voice), typed), (*_rows(result.on_offer, Verb.PROTECT), _guide(voice))


def _take_over(voice: Voice) -> Button:
    return Button(text=voice.label("Take it over…"), press=Press(Verb.TAKE_OVER), look="primary")


def _to_know(voice: Voice) -> Markup:
    return voice._(
        "Some apps cannot carry a certificate and then stay outside; so does whoever sends more than 100 MB at once. At home, go on using the address at home."
    )


def _guide(voice: Voice) -> tuple[Button, ...]:
    return (Button(text=voice.label("What to know first"), press=Press(Verb.GUIDE, arg=guides.LIMITS)),)


def choice_to_open(hosts: tuple[ProtectedHost, ...], voice: Voice) -> Message:
    """Which host shall be opened?"""
    locked = tuple(one.host for one in hosts if one.state is not HostState.LEAVING)
    if not locked:
        return Message(html=voice._("Nothing is locked by me. /protect locks a service."))
    return Message(html=voice._("Which one shall be open to everybody?"), rows=_rows(locked, Verb.UNPROTECT))


def sure_to_protect(result: SureAboutHosts, voice: Voice) -> Message:
    """Nobody would get in, or something no more that does now: is that meant?"""
    *before, last = by_hand.packed((*_shut(result, voice), *_nobody(result, voice)))
    lock = Button(text=voice.label("Lock it now"), press=Press(Verb.PROTECT_SURE, result.public_id), look="danger")
    takes = ((_take_over(voice),),) if result.beside.can_be_taken_over else ()
    return Message(html=last, rows=(*takes, (lock,), _guide(voice)), before=tuple(before))


def _shut(result: SureAboutHosts, voice: Voice) -> Iterator[Markup]:
    beside = result.beside
    if not beside.seen:
        yield voice._(
            "I cannot read your own rules at Cloudflare right now. If one of them lets something in at {hosts} without a certificate, such as a webhook, it <b>needs one</b> with my lock."
        ).format(hosts=named(result.hosts, voice))
    if not beside.shut:
        return
    yield voice._("{hosts} has a lock made by hand, and mine goes in front of it.").format(
        hosts=named(result.hosts, voice)
    )
    yield from by_hand.shut(beside.shut, voice)
    if beside.can_be_taken_over:
        yield voice._("<b>Take it over…</b> shows what I can carry over instead.")
    else:
        yield voice._("Once it is locked, /openpath lets single addresses in again, such as a webhook.")


def _nobody(result: SureAboutHosts, voice: Voice) -> tuple[Markup, ...]:
    if not result.nobody_gets_in:
        return ()
    return (
        voice._("No device has a certificate yet that is known to work."),
        voice._(
            "Once it is locked, nobody gets in at {hosts} any more, apps and webhooks neither, until a device has one. Better first: <code>/newcert pixel8</code>, install it, tap <b>It works</b>."
        ).format(hosts=named(result.hosts, voice)),
    )


def sure_to_open(result: SureAboutHosts, voice: Voice) -> Message:
    """Everybody would get in: is that meant?"""
    return Message(
        html=voice._(
            "Then <b>everybody</b> reaches {hosts}, without a certificate, and open paths there end. Only the service's own password is left. Shall I?"
        ).format(hosts=named(result.hosts, voice)),
        rows=(
            (
                Button(
                    text=voice.label("Open to everybody"),
                    press=Press(Verb.UNPROTECT_SURE, result.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def progress(notice: HostsProgress, voice: Voice) -> Message:
    """How far hosts are, those of one step in one sentence."""
    together: dict[HostStep, list[HostNow]] = {}
    for one in notice.hosts:
        together.setdefault(one.step, []).append(one)
    return Message(html=paragraphs(*(_STEPS[step](tuple(hosts), voice) for step, hosts in together.items())))


def _plain(text: str) -> Callable[[tuple[HostNow, ...], Voice], Markup]:
    return lambda hosts, voice: voice._(text).format(
        hosts=named(tuple(one.host for one in hosts), voice),
        host=hosts[0].host,
        seconds=max(one.seconds or 0 for one in hosts),
    )


def _proven(hosts: tuple[HostNow, ...], voice: Voice) -> Markup:
    """Only what was turned away without a certificate and let in with one is called locked."""
    proofs = [one.proof for one in hosts if one.proof is not None]
    green, yellow, red = ([one for one in proofs if one.colour is colour] for colour in Colour)
    again = any(one.again for one in hosts)
    return paragraphs(
        *told(red, voice),
        _not_locked(red, voice) if red else None,
        *told(yellow, voice),
        _unsure(yellow, again=again, voice=voice) if yellow else None,
        _locked(tuple(one for one in hosts if one.proof in green), voice) if green else None,
    )


def _not_locked(red: list[Proof], voice: Voice) -> Markup:
    if all(one.is_only_by_other_names for one in red):
        return voice._("The host itself is locked, but the same service is open by another name. /prove tries again.")
    return voice._("<b>Not locked:</b> somebody gets in who must not. /lockdown shuts everything; /prove tries again.")


def _unsure(yellow: list[Proof], *, again: bool, voice: Voice) -> Markup:
    locks = all(one.is_locked for one in yellow)
    head = (
        voice._("It is locked as far as I could try it.")
        if locks
        else voice._("So I do not say yet that it is locked.")
    )
    then = voice._("I try it again by myself and say here what comes of it.")
    return head + " " + (then if again else voice._("/prove tries it again."))


def _locked(hosts: tuple[HostNow, ...], voice: Voice) -> Markup:
    names = named(tuple(one.host for one in hosts), voice)
    seconds = [one.seconds for one in hosts if one.seconds is not None]
    return paragraphs(
        lines(
            voice._("🟢 <b>{hosts}</b>: locked, and proven.").format(hosts=names),
            voice._("I knocked: turned away without a certificate, let in with mine, turned away with a revoked one."),
            voice._("The edge had the rule after {seconds} s.").format(seconds=max(seconds)) if seconds else None,
        ),
        voice._(
            "Only devices with a certificate get in: /newcert makes one. <code>/unprotect {host}</code> opens it again."
        ).format(host=hosts[0].host),
    )


_STEPS: dict[HostStep, Callable[[tuple[HostNow, ...], Voice], Markup]] = {
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


def _rows(hosts: tuple[str, ...], verb: Verb) -> tuple[tuple[Button, ...], ...]:
    buttons = [Button(text=host, press=Press(verb, arg=label)) for host in hosts if (label := button_label(host))]
    shown = buttons[:_MOST_BUTTONS]
    return tuple(tuple(shown[at : at + _A_ROW]) for at in range(0, len(shown), _A_ROW))


def button_label(host: str) -> str:
    """The first label, where a button can carry it and it says the whole name."""
    label = host.partition(".")[0]
    plain = all(c.isascii() and (c.isalnum() or c == "-") for c in label)
    return label if plain and len(label) <= _LONGEST_LABEL else ""


def _cancel(voice: Voice) -> Button:
    return Button(text=voice.label("Cancel"), press=Press(Verb.CANCEL))
