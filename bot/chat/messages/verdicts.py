"""What was tried at one host or open path, what happened, and what it means."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.chat.messages.form import Voice, lines, named
from bot.model.other_names import can_be_locked, is_wildcard
from bot.model.probing import Look, Verdict, Why
from bot.model.proofs import Colour, Mode, Proof, Trial, Tried

_MOST_TOLD = 8


def told(proofs: Sequence[Proof], voice: Voice) -> list[Markup]:
    """Those that are not green, the first few of many."""
    told = [one(proof, voice) for proof in proofs[:_MOST_TOLD]]
    if len(proofs) > _MOST_TOLD:
        told.append(voice.many("… and {n} more like that.", "… and {n} more like that.", len(proofs) - _MOST_TOLD))
    return told


def one(proof: Proof, voice: Voice) -> Markup:
    """One that is not green: what happened, and what that means."""
    mark = {Colour.RED: "🔴", Colour.YELLOW: "🟡", Colour.GREEN: "🟢"}[proof.colour]
    parts = [_way_in(one, proof, voice) for one in _summed(proof.ways_in)]
    parts += [_unclear(one, proof, voice) for one in _summed(proof.unclear)]
    if proof.mode is Mode.UNLOCKED:
        parts = [
            voice._("• Unlocked on purpose: everybody gets in. On the server, <code>latchkey lock</code> ends that.")
        ]
    return lines(Markup("{mark} <b>{label}</b>").format(mark=mark, label=proof.label), *parts)


def _summed(tried: Sequence[Tried]) -> list[Tried]:
    """Ports in one line; and where nobody needs a certificate at all, the rest says nothing new."""
    if any(one.trial is Trial.WITHOUT and one.look.verdict is Verdict.PASSED for one in tried):
        return [one for one in tried if one.trial in {Trial.WITHOUT, Trial.PATH}]
    if tried and all(one.look.why is Why.BLOCKED_EITHER_WAY or one.trial is Trial.LIVE for one in tried):
        return [tried[0]]
    ports = ", ".join(one.detail for one in tried if one.trial is Trial.PORT)
    rest = [one for one in tried if one.trial is not Trial.PORT]
    first = next((one for one in tried if one.trial is Trial.PORT), None)
    return rest if first is None else [*rest, Tried(Trial.PORT, first.look, ports)]


def _way_in(one: Tried, proof: Proof, voice: Voice) -> Markup:
    if one.trial is Trial.OTHER_NAME:
        return _other_name(one, proof, voice)
    words = {
        Trial.WITHOUT: voice._("• Without a certificate I got in: {what}. So does everybody."),
        Trial.REVOKED: voice._("• With my revoked certificate I got in: {what}. A lost phone does too."),
        Trial.CAPITALS: voice._("• Without a certificate, with the name in capitals, I got in: {what}."),
        Trial.DOT: voice._("• Without a certificate, with a dot after the name, I got in: {what}."),
        Trial.PORT: voice._("• Without a certificate, at port {port}, I got in: {what}."),
        Trial.NEIGHBOUR: voice._("• One letter beside the open path I got in without a certificate: {what}."),
    }
    return words[one.trial].format(what=what_met(one.look, voice), port=one.detail)


def _other_name(one: Tried, proof: Proof, voice: Voice) -> Markup:
    what = what_met(one.look, voice)
    if can_be_locked(one.detail, proof.subject):
        words = voice._(
            "• {name} leads to the same service without a certificate: {what}. <code>/protect {name}</code> locks it too."
        )
    elif is_wildcard(one.detail):
        words = voice._(
            "• Any name under {name} leads to the same service without a certificate: {what}. Delete that record at Cloudflare (DNS), or have the service answer to its own name only."
        )
    else:
        words = voice._(
            "• {name} leads to the same service without a certificate: {what}. I cannot lock that name: have the service answer to its own name only, or point the record elsewhere (Cloudflare: DNS)."
        )
    return words.format(name=one.detail, what=what)


def _unclear(one: Tried, proof: Proof, voice: Voice) -> Markup:
    if one.look.why is Why.BLOCKED_EITHER_WAY or (one.trial is Trial.LIVE and one.look.verdict is Verdict.BLOCKED):
        return voice._(
            "• I was turned away with a valid certificate and without one, so this proves nothing. If your devices are turned away too, the host is probably not in Cloudflare's list, or another rule blocks it."
        )
    if one.trial is Trial.LIVE and proof.mode is Mode.SHUT:
        return voice._("• With a valid certificate I still got in, although everything shall be shut.")
    words = {
        Trial.WITHOUT: voice._("• Without a certificate: {what}."),
        Trial.LIVE: voice._("• With a valid certificate: {what}."),
        Trial.REVOKED: voice._("• With a revoked certificate: {what}."),
        Trial.PATH: voice._("• The open path without a certificate: {what}. Callers may not get through."),
        Trial.NEIGHBOUR: voice._("• One letter beside the open path: {what}."),
    }
    return words[one.trial].format(what=what_met(one.look, voice))


def what_met(look: Look, voice: Voice) -> Markup:
    """What one request met, in half a sentence."""
    words = {
        Why.BLOCK_PAGE: voice._("Cloudflare turned me away"),
        Why.FORBIDDEN: voice._("I was turned away"),
        Why.SERVICE: voice._("the service answered ({status})"),
        Why.CHALLENGE: voice._("Cloudflare wanted to see whether I am human, which tells nothing of the lock"),
        Why.SERVER_ERROR: voice._("the service is down or unwell ({status}), so I cannot tell"),
        Why.TOO_MANY: voice._("Cloudflare asks for a pause (429), so I cannot tell"),
        Why.TIME_OUT: voice._("nobody answered within 10 seconds"),
        Why.NAME_UNKNOWN: voice._("the name is not known"),
        Why.NO_CONNECTION: voice._("I could not connect"),
        Why.TLS: voice._("no safe connection came about"),
        Why.CUT_OFF: voice._("the connection broke off"),
        Why.NO_CERTIFICATE: voice._("not tried, I have no certificate for it yet"),
        Why.BLOCKED_EITHER_WAY: voice._("I was turned away either way"),
        Why.JUST_REVOKED: voice._(
            "I still got in, but it was revoked only minutes ago. Please try again in five minutes"
        ),
        Why.WOULD_SET_OFF: voice._("not tried, it would set something off"),
        Why.OTHER_SOURCES: voice._("I was turned away, it is open for other addresses"),
    }
    return words[look.why].format(status=look.status or "–")


def green(proofs: Sequence[Proof], voice: Voice) -> Markup | None:
    """Those that are as they should be, all together."""
    locked = tuple(one.label for one in proofs if one.kind == "host" and one.mode is not Mode.SHUT)
    shut = tuple(one.label for one in proofs if one.kind == "host" and one.mode is Mode.SHUT)
    paths = tuple(one.label for one in proofs if one.kind == "path")
    return lines(
        voice._(
            "🟢 {hosts}: turned away without a certificate, let in with a valid one, turned away with a revoked one."
        ).format(hosts=named(locked, voice))
        if locked
        else None,
        voice._("🟢 {hosts}: shut, nobody at all gets in, as ordered.").format(hosts=named(shut, voice))
        if shut
        else None,
        voice._("🟢 Open as ordered, and closed beside it: {paths}.").format(paths=named(paths, voice))
        if paths
        else None,
    )
