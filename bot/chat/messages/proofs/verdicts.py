"""What was tried at one host or open path, what happened, and what it means."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.chat.messages.message import Locale, lines, named
from bot.model.proofs.other_names import can_be_locked, is_wildcard
from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind, Colour, LockMode, Proof

_MAX_TOLD = 8


def told(proofs: Sequence[Proof], locale: Locale) -> list[Markup]:
    """Those that are not green, the first few of many."""
    told = [one(proof, locale) for proof in proofs[:_MAX_TOLD]]
    if len(proofs) > _MAX_TOLD:
        told.append(locale.many("… and {n} more like that.", "… and {n} more like that.", len(proofs) - _MAX_TOLD))
    return told


def one(proof: Proof, locale: Locale) -> Markup:
    """One that is not green: what happened, and what that means."""
    mark = {Colour.RED: "🔴", Colour.YELLOW: "🟡", Colour.GREEN: "🟢"}[proof.colour]
    parts = [_way_in(one, proof, locale) for one in _summed(proof.ways_in)]
    parts += [_unclear(one, proof, locale) for one in _summed(proof.unclear)]
    if proof.mode is LockMode.UNLOCKED:
        parts = [
            locale._("• Unlocked on purpose: everybody gets in. On the server, <code>latchkey lock</code> ends that.")
        ]
    return lines(Markup("{mark} <b>{label}</b>").format(mark=mark, label=proof.label), *parts)


def _summed(tried: Sequence[Attempt]) -> list[Attempt]:
    """Ports in one line; and where nobody needs a certificate at all, the rest says nothing new."""
    if any(one.trial is AttemptKind.WITHOUT and one.look.verdict is Verdict.PASSED for one in tried):
        return [one for one in tried if one.trial in {AttemptKind.WITHOUT, AttemptKind.PATH}]
    if tried and all(one.look.why is Cause.BLOCKED_EITHER_WAY or one.trial is AttemptKind.LIVE for one in tried):
        return [tried[0]]
    ports = ", ".join(one.detail for one in tried if one.trial is AttemptKind.PORT)
    rest = [one for one in tried if one.trial is not AttemptKind.PORT]
    first = next((one for one in tried if one.trial is AttemptKind.PORT), None)
    return rest if first is None else [*rest, Attempt(AttemptKind.PORT, first.look, ports)]


def _way_in(one: Attempt, proof: Proof, locale: Locale) -> Markup:
    if one.trial is AttemptKind.OTHER_NAME:
        return _other_name(one, proof, locale)
    words = {
        AttemptKind.WITHOUT: locale._("• Without a certificate I got in: {what}. So does everybody."),
        AttemptKind.REVOKED: locale._("• With my revoked certificate I got in: {what}. A lost phone does too."),
        AttemptKind.CAPITALS: locale._("• Without a certificate, with the name in capitals, I got in: {what}."),
        AttemptKind.DOT: locale._("• Without a certificate, with a dot after the name, I got in: {what}."),
        AttemptKind.PORT: locale._("• Without a certificate, at port {port}, I got in: {what}."),
        AttemptKind.NEIGHBOUR: locale._("• One letter beside the open path I got in without a certificate: {what}."),
    }
    return words[one.trial].format(what=what_met(one.look, locale), port=one.detail)


def _other_name(one: Attempt, proof: Proof, locale: Locale) -> Markup:
    what = what_met(one.look, locale)
    if can_be_locked(one.detail, proof.subject):
        words = locale._(
            "• {name} leads to the same service without a certificate: {what}. <code>/protect {name}</code> locks it too."
        )
    elif is_wildcard(one.detail):
        words = locale._(
            "• Any name under {name} leads to the same service without a certificate: {what}. Delete that record at Cloudflare (DNS), or have the service answer to its own name only."
        )
    else:
        words = locale._(
            "• {name} leads to the same service without a certificate: {what}. I cannot lock that name: have the service answer to its own name only, or point the record elsewhere (Cloudflare: DNS)."
        )
    return words.format(name=one.detail, what=what)


def _unclear(one: Attempt, proof: Proof, locale: Locale) -> Markup:
    if one.look.why is Cause.BLOCKED_EITHER_WAY or (
        one.trial is AttemptKind.LIVE and one.look.verdict is Verdict.BLOCKED
    ):
        return locale._(
            "• I was turned away with a valid certificate and without one, so this proves nothing. If your devices are turned away too, the host is probably not in Cloudflare's list, or another rule blocks it."
        )
    if one.trial is AttemptKind.LIVE and proof.mode is LockMode.SHUT:
        return locale._("• With a valid certificate I still got in, although everything shall be shut.")
    words = {
        AttemptKind.WITHOUT: locale._("• Without a certificate: {what}."),
        AttemptKind.LIVE: locale._("• With a valid certificate: {what}."),
        AttemptKind.REVOKED: locale._("• With a revoked certificate: {what}."),
        AttemptKind.PATH: locale._("• The open path without a certificate: {what}. Callers may not get through."),
        AttemptKind.NEIGHBOUR: locale._("• One letter beside the open path: {what}."),
    }
    return words[one.trial].format(what=what_met(one.look, locale))


def what_met(look: ProbeResult, locale: Locale) -> Markup:
    """What one request met, in half a sentence."""
    words = {
        Cause.BLOCK_PAGE: locale._("Cloudflare turned me away"),
        Cause.FORBIDDEN: locale._("I was turned away"),
        Cause.SERVICE: locale._("the service answered ({status})"),
        Cause.CHALLENGE: locale._("Cloudflare wanted to see whether I am human, which tells nothing of the lock"),
        Cause.SERVER_ERROR: locale._("the service is down or unwell ({status}), so I cannot tell"),
        Cause.TOO_MANY: locale._("Cloudflare asks for a pause (429), so I cannot tell"),
        Cause.TIME_OUT: locale._("nobody answered within 10 seconds"),
        Cause.NAME_UNKNOWN: locale._("the name is not known"),
        Cause.NO_CONNECTION: locale._("I could not connect"),
        Cause.TLS: locale._("no safe connection came about"),
        Cause.CUT_OFF: locale._("the connection broke off"),
        Cause.NO_CERTIFICATE: locale._("not tried, I have no certificate for it yet"),
        Cause.BLOCKED_EITHER_WAY: locale._("I was turned away either way"),
        Cause.JUST_REVOKED: locale._(
            "I still got in, but it was revoked only minutes ago. Please try again in five minutes"
        ),
        Cause.WOULD_SET_OFF: locale._("not tried, it would set something off"),
        Cause.OTHER_SOURCES: locale._("I was turned away, it is open for other addresses"),
    }
    return words[look.why].format(status=look.status or "–")


def green(proofs: Sequence[Proof], locale: Locale) -> Markup | None:
    """Those that are as they should be, all together."""
    locked = tuple(one.label for one in proofs if one.kind == "host" and one.mode is not LockMode.SHUT)
    shut = tuple(one.label for one in proofs if one.kind == "host" and one.mode is LockMode.SHUT)
    paths = tuple(one.label for one in proofs if one.kind == "path")
    return lines(
        locale._(
            "🟢 {hosts}: turned away without a certificate, let in with a valid one, turned away with a revoked one."
        ).format(hosts=named(locked, locale))
        if locked
        else None,
        locale._("🟢 {hosts}: shut, nobody at all gets in, as ordered.").format(hosts=named(shut, locale))
        if shut
        else None,
        locale._("🟢 Open as ordered, and closed beside it: {paths}.").format(paths=named(paths, locale))
        if paths
        else None,
    )
