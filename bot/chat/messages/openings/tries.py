"""What came of trying an open path without a certificate."""

from markupsafe import Markup

from bot.chat.messages.message import Locale, lines
from bot.chat.messages.proofs.verdicts import what_met
from bot.model.openings.notices import PathCard
from bot.model.openings.paths import PathTry
from bot.model.proofs.probe_results import Verdict
from bot.model.proofs.proofs import AttemptKind

_NOT_FOUND, _NOT_ALLOWED = 404, 405
_SERVER_ERROR = 500


def tried(notice: PathCard, locale: Locale) -> Markup:
    """Whether it is open as seen from here, what the service said, and whether only that is open."""
    return lines(_there(notice, locale), _beside(notice, locale))


def detours(notice: PathCard, locale: Locale) -> Markup | None:
    """What it means that Cloudflare does not compare what was sent, where it does not."""
    if not notice.detours:
        return None
    return locale._(
        "⚠ In this zone Cloudflare cannot compare the address exactly as it is sent. So detours to it, like <code>/admin/../hook</code>, get in without a certificate too, and some services answer those with another page. Please close it as soon as you no longer need it. I ask Cloudflare again every day."
    )


def _there(notice: PathCard, locale: Locale) -> Markup:
    path = notice.path
    if path.tried is not None:
        return _met(path.tried, locale)
    if path.can_be_tried:
        return locale._("I am trying it…")
    seen = locale._("The edge has the new rule, as seen from here. ") if notice.seen else Markup()
    if path.networks:
        return seen + locale._("I cannot try it myself, as I do not come from there.")
    return seen + locale._("I did not try it: the service may act on it. <b>Try it</b> sends it once, without content.")


def _beside(notice: PathCard, locale: Locale) -> Markup | None:
    found = [one.look for one in notice.proof.tried if one.trial is AttemptKind.NEIGHBOUR] if notice.proof else []
    if not found:
        return None
    words = {
        Verdict.BLOCKED: locale._("One letter beside it I was turned away, as it should be."),
        Verdict.PASSED: locale._(
            "🔴 One letter beside it I got in too, without a certificate: {what}. <b>Close now</b> closes the path; /prove says more."
        ),
    }
    unsure = locale._("🟡 One letter beside it: {what}. /prove tries it again.")
    return words.get(found[0].verdict, unsure).format(what=what_met(found[0], locale))


def _met(met: PathTry, locale: Locale) -> Markup:
    if met.verdict is Verdict.CHALLENGED:
        return locale._(
            "⚠ I tried it: Cloudflare asks for proof of being human there, and no webhook can give that. That is Bot Fight Mode or a challenge rule of yours (Cloudflare: Security)."
        )
    if met.verdict is Verdict.BLOCKED:
        return locale._(
            "⚠ I tried it: it is still turned away (403). It may take another minute, or another rule of yours stops it (Cloudflare: Security, Events)."
        )
    if met.status is None:
        return locale._("⚠ I tried it and got no answer. Does the host lead to a service that runs?")
    if met.status == _NOT_FOUND:
        return locale._(
            "⚠ I tried it: it is open, but the service answered 404, so there is nothing at that path. Please compare it with the address in the service."
        )
    if met.status == _NOT_ALLOWED:
        return locale._("I tried it: it is open, and the service answered 405: it is there and wants another method.")
    if met.status >= _SERVER_ERROR:
        return locale._("⚠ I tried it: it is open, but {status} came back. Is the service running?").format(
            status=met.status
        )
    return locale._("I tried it: it is open, and the service answered {status}.").format(status=met.status)
