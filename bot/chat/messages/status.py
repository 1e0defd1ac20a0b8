"""/status: how everything is, worst first; each line that is not green has a button that mends it."""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from bot.chat.messages import earlier_rules, guides
from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.messages.status_lines import Finding, findings
from bot.chat.press import Press, Verb
from bot.model.proofs import Colour
from bot.model.status import StatusReport
from bot.model.zone_settings import Switch

_TAG = re.compile(r"<[^>]*>")
_MOST_BUTTONS = 12
_LONGEST = 4096
"""Characters in a message of Telegram's."""


def looking(voice: Voice) -> Message:
    """Before anything is known."""
    return Message(html=voice._("🔎 I am looking…"))


def looking_again(voice: Voice) -> str:
    """Under way, as a pop-up."""
    return voice.label("Looking again…")


def mending(voice: Voice) -> str:
    """Under way, as a pop-up."""
    return voice.label("I see to it…")


def being_mended(voice: Voice) -> Message:
    """Under way, in place of the status."""
    return Message(html=voice._("🔎 I am putting it right… This message then shows how everything is."))


def report(result: StatusReport, voice: Voice) -> Message:
    """All of it."""
    found = findings(result, voice)
    red, yellow = (_of(found, colour) for colour in (Colour.RED, Colour.YELLOW))
    before = (
        _headline(result, red, yellow, voice),
        _not_done(result, voice),
        lines(*(Markup("🔴 {text}").format(text=one.text) for one in red)),
        lines(*(Markup("🟡 {text}").format(text=one.text) for one in yellow)),
        lines(*_good(result, voice)),
    )
    after = _next(red, yellow, voice)
    html = paragraphs(*before, lines(*_to_know(result, voice)), after)
    if _length(html) > _LONGEST:
        # With this much wrong, what is always so can wait.
        html = paragraphs(*before, after)
    return Message(html=html, rows=(*_buttons([*red, *yellow]), _at_the_end(voice)))


def _length(html: Markup) -> int:
    """As Telegram counts: without markup, in UTF-16 code units."""
    return len(Markup(_TAG.sub("", html)).unescape().encode("utf-16-le")) // 2  # noqa: S704 -- escaped as it was


def _at_the_end(voice: Voice) -> tuple[Button, ...]:
    around = Press(Verb.GUIDE, arg=guides.WAY_AROUND)
    return (
        Button(text=voice.label("Look again"), press=Press(Verb.STATUS)),
        Button(text=voice.label("A way around?"), press=around),
    )


def _of(found: Iterable[Finding], colour: Colour) -> list[Finding]:
    return [one for one in found if one.colour is colour]


def _buttons(found: Sequence[Finding]) -> tuple[tuple[Button, ...], ...]:
    # The same button once: two lines may be mended by one tap.
    distinct: dict[tuple[str, object], tuple[Button, ...]] = {}
    for one in found:
        for button in one.buttons:
            distinct.setdefault((button.text, button.press or button.url), (button,))
    return tuple(distinct.values())[:_MOST_BUTTONS]


def _headline(result: StatusReport, red: Sequence[Finding], yellow: Sequence[Finding], voice: Voice) -> Markup:
    at = voice.clock(result.at)
    if red:
        return voice._("🔴 <b>Not as it should be.</b> Looked at {at}.").format(at=at)
    if yellow:
        return voice._("🟡 <b>Something wants your eye.</b> Looked at {at}.").format(at=at)
    return voice._("🟢 <b>All is well.</b> Looked at {at}.").format(at=at)


def _not_done(result: StatusReport, voice: Voice) -> Markup | None:
    if not result.not_done:
        return None
    if result.not_done == "MissingRight":
        return voice._(
            "I may not change that: the Cloudflare token lacks “Zone: Zone Settings: Edit”. Add it, or turn it off at Cloudflare yourself (Speed, Settings, Protocol)."
        )
    return voice._("Cloudflare did not do that just now. Please try again in some minutes.")


def _good(result: StatusReport, voice: Voice) -> list[Markup | None]:
    lock = result.lock
    told = not lock.trouble
    rule_is_good = bool(lock.locked) and told and not lock.differences and not lock.not_asked and not lock.unlocked
    off = result.http3 is Switch.OFF and result.zero_rtt is Switch.OFF
    proven = result.proof.at is not None and not result.proof.red and not result.proof.yellow
    return [
        voice._("🟢 Locked: {hosts}").format(hosts=named(lock.locked, voice)) if rule_is_good else None,
        voice._("🟢 My rule is there, on, first, as I wrote it") if rule_is_good else None,
        voice._("🟢 HTTP/3 and 0-RTT are off") if off else None,
        voice.many(
            "🟢 {n} of {quota} certificates in use",
            "🟢 {n} of {quota} certificates in use",
            lock.used,
            quota=voice.number(lock.quota),
        )
        if lock.used is not None and not result.slots_are_few
        else None,
        voice._("🟢 Last proven {at}").format(at=voice.clock(result.proof.at))
        if proven and result.proof.at is not None and not result.proof_is_stale
        else None,
    ]


def _to_know(result: StatusReport, voice: Voice) -> list[Markup | None]:
    paths = tuple(f"{one.shown}" for one in result.lock.paths)
    return [
        voice._("Open without a certificate: {paths}. /paths shows until when.").format(paths=named(paths, voice))
        if paths
        else None,
        earlier_rules.not_seen(result.lock.earlier, voice),
        voice._("Certificates of your account's other zones open this home too. I see: {zones}.").format(
            zones=named(result.other_zones, voice)
        )
        if result.other_zones
        else voice._("Certificates made in another zone of your Cloudflare account would open this home too."),
        voice._(
            "The lock is at Cloudflare: whoever reaches your server around it meets no lock (<b>A way around?</b> shows how to look). A connection that is open already may last a while after a revoke."
        ),
    ]


def _next(red: Sequence[Finding], yellow: Sequence[Finding], voice: Voice) -> Markup:
    if red or yellow:
        return voice._("Each button below mends one of these; this message then shows how it is.")
    return voice._("Nothing to do. /prove tries the lock for real.")
