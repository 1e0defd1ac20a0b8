"""/status: how everything is, worst first; each line that is not green has a button that mends it."""

import re
from collections.abc import Iterable, Sequence

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages import guides
from bot.chat.messages.message import Button, Locale, Message, lines, named, paragraphs
from bot.chat.messages.protection import earlier_rules
from bot.chat.messages.status.findings import Finding, findings
from bot.model.proofs.proofs import Colour
from bot.model.protection.zone_settings import Switch
from bot.model.status.status import StatusReport

_TAG = re.compile(r"<[^>]*>")
_MAX_BUTTONS = 12
_LONGEST = 4096
"""Characters in a message of Telegram's."""


def looking(locale: Locale) -> Message:
    """Before anything is known."""
    return Message(html=locale._("🔎 I am looking…"))


def looking_again(locale: Locale) -> str:
    """Under way, as a pop-up."""
    return locale.label("Looking again…")


def mending(locale: Locale) -> str:
    """Under way, as a pop-up."""
    return locale.label("I see to it…")


def being_mended(locale: Locale) -> Message:
    """Under way, in place of the status."""
    return Message(html=locale._("🔎 I am putting it right… This message then shows how everything is."))


def report(result: StatusReport, locale: Locale) -> Message:
    """All of it."""
    found = findings(result, locale)
    red, yellow = (_of(found, colour) for colour in (Colour.RED, Colour.YELLOW))
    before = (
        _headline(result, red, yellow, locale),
        _not_done(result, locale),
        lines(*(Markup("🔴 {text}").format(text=one.text) for one in red)),
        lines(*(Markup("🟡 {text}").format(text=one.text) for one in yellow)),
        lines(*_good(result, locale)),
    )
    after = _next(red, yellow, locale)
    html = paragraphs(*before, lines(*_to_know(result, locale)), after)
    if _length(html) > _LONGEST:
        # With this much wrong, what is always so can wait.
        html = paragraphs(*before, after)
    return Message(html=html, rows=(*_buttons([*red, *yellow]), _at_the_end(locale)))


def _length(html: Markup) -> int:
    """As Telegram counts: without markup, in UTF-16 code units."""
    return len(Markup(_TAG.sub("", html)).unescape().encode("utf-16-le")) // 2  # noqa: S704 -- escaped as it was


def _at_the_end(locale: Locale) -> tuple[Button, ...]:
    around = CallbackData(CallbackAction.GUIDE, arg=guides.WAY_AROUND)
    return (
        Button(text=locale.label("Look again"), callback=CallbackData(CallbackAction.STATUS)),
        Button(text=locale.label("A way around?"), callback=around),
    )


def _of(found: Iterable[Finding], colour: Colour) -> list[Finding]:
    return [one for one in found if one.colour is colour]


def _buttons(found: Sequence[Finding]) -> tuple[tuple[Button, ...], ...]:
    # The same button once: two lines may be mended by one tap.
    distinct: dict[tuple[str, object], tuple[Button, ...]] = {}
    for one in found:
        for button in one.buttons:
            distinct.setdefault((button.text, button.callback or button.url), (button,))
    return tuple(distinct.values())[:_MAX_BUTTONS]


def _headline(result: StatusReport, red: Sequence[Finding], yellow: Sequence[Finding], locale: Locale) -> Markup:
    at = locale.clock(result.at)
    if red:
        return locale._("🔴 <b>Not as it should be.</b> Looked at {at}.").format(at=at)
    if yellow:
        return locale._("🟡 <b>Something wants your eye.</b> Looked at {at}.").format(at=at)
    return locale._("🟢 <b>All is well.</b> Looked at {at}.").format(at=at)


def _not_done(result: StatusReport, locale: Locale) -> Markup | None:
    if not result.not_done:
        return None
    if result.not_done == "MissingRight":
        return locale._(
            "I may not change that: the Cloudflare token lacks “Zone: Zone Settings: Edit”. Add it, or turn it off at Cloudflare yourself (Speed, Settings, Protocol)."
        )
    return locale._("Cloudflare did not do that just now. Please try again in some minutes.")


def _good(result: StatusReport, locale: Locale) -> list[Markup | None]:
    lock = result.lock
    told = not lock.trouble
    rule_is_good = bool(lock.locked) and told and not lock.differences and not lock.not_asked and not lock.unlocked
    off = result.http3 is Switch.OFF and result.zero_rtt is Switch.OFF
    proven = result.proof.at is not None and not result.proof.red and not result.proof.yellow
    return [
        locale._("🟢 Locked: {hosts}").format(hosts=named(lock.locked, locale)) if rule_is_good else None,
        locale._("🟢 My rule is there, on, first, as I wrote it") if rule_is_good else None,
        locale._("🟢 HTTP/3 and 0-RTT are off") if off else None,
        locale.many(
            "🟢 {n} of {quota} certificates in use",
            "🟢 {n} of {quota} certificates in use",
            lock.used,
            quota=locale.number(lock.quota),
        )
        if lock.used is not None and not result.slots_are_few
        else None,
        locale._("🟢 Last proven {at}").format(at=locale.clock(result.proof.at))
        if proven and result.proof.at is not None and not result.proof_is_stale
        else None,
    ]


def _to_know(result: StatusReport, locale: Locale) -> list[Markup | None]:
    paths = tuple(f"{one.shown}" for one in result.lock.paths)
    return [
        locale._("Open without a certificate: {paths}. /paths shows until when.").format(paths=named(paths, locale))
        if paths
        else None,
        earlier_rules.not_seen(result.lock.earlier, locale),
        locale._("Certificates of your account's other zones open this home too. I see: {zones}.").format(
            zones=named(result.other_zones, locale)
        )
        if result.other_zones
        else locale._("Certificates made in another zone of your Cloudflare account would open this home too."),
        locale._(
            "The lock is at Cloudflare: whoever reaches your server around it meets no lock (<b>A way around?</b> shows how to look). A connection that is open already may last a while after a revoke."
        ),
    ]


def _next(red: Sequence[Finding], yellow: Sequence[Finding], locale: Locale) -> Markup:
    if red or yellow:
        return locale._("Each button below mends one of these; this message then shows how it is.")
    return locale._("Nothing to do. /prove tries the lock for real.")
