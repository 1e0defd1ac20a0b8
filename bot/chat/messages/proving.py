"""/prove: what was tried at the lock, what happened, what it means, and what to do."""

from collections.abc import Sequence

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, named, paragraphs
from bot.chat.press import Press, Verb
from bot.model.probing import Look, Verdict, Why
from bot.model.proofs import Colour, Mode, Proof, ProofRed, ProofReport, Trial, Tried

_MOST_TOLD = 8


def starting(voice: Voice) -> Message:
    """Before the first knock."""
    return Message(html=voice._("🔎 I am trying the lock…"))


def report(result: ProofReport, voice: Voice) -> Message:
    """What is proven so far, or in the end."""
    if result.makes_certificates:
        return Message(
            html=paragraphs(
                voice._("🔎 I am trying the lock…"),
                voice._(
                    "First I make two certificates of my own: one that is valid, and one that is revoked. That takes some seconds."
                ),
            )
        )
    if not result.proofs and not result.is_running:
        return _nothing(result, voice)
    red, yellow, green = (result.of_colour(colour) for colour in (Colour.RED, Colour.YELLOW, Colour.GREEN))
    return Message(
        html=paragraphs(
            _headline(result, voice),
            _tried(result, voice),
            *_told(red, voice),
            *_told(yellow, voice),
            _green(green, voice),
            _next(result, voice),
        ),
        rows=() if result.is_running else _rows(result, voice),
    )


def red(notice: ProofRed, voice: Voice) -> Message:
    """Somebody gets in who must not."""
    ours = any(one.mode is Mode.LOCKED for one in notice.proofs)
    return Message(
        html=paragraphs(
            voice._("🔴 <b>I tried the lock, and got in where nobody should.</b>"),
            *_told(notice.proofs, voice),
            _mend(ours=ours, voice=voice),
        ),
        rows=_mending(ours=ours, voice=voice),
    )


def _nothing(result: ProofReport, voice: Voice) -> Message:
    again = _again(voice)
    if result.no_list:
        return Message(
            html=voice._(
                "Cloudflare does not tell me the hosts right now, so there is nothing I could try. Please try again in some minutes."
            ),
            rows=(again,),
        )
    return Message(
        html=voice._("Nothing is locked yet, so there is nothing to try. /protect locks a host."),
        rows=(again,),
    )


def _headline(result: ProofReport, voice: Voice) -> Markup:
    if result.is_running:
        return voice._("🔎 I am trying the lock… {done} done, {left} to go.").format(
            done=len(result.proofs), left=result.waiting
        )
    at = voice.clock(max(one.at for one in result.proofs))
    if result.of_colour(Colour.RED):
        return voice._("🔴 <b>Not locked.</b> Tried at {at}.").format(at=at)
    if result.of_colour(Colour.YELLOW):
        return voice._("🟡 <b>Not sure.</b> Tried at {at}.").format(at=at)
    return voice._("🟢 <b>Locked.</b> Tried at {at}.").format(at=at)


def _tried(result: ProofReport, voice: Voice) -> Markup | None:
    if result.is_running:
        return None
    paths = any(one.kind == "path" for one in result.proofs)
    return lines(
        voice._(
            "I knocked at each host three times: without a certificate, with a valid one of mine, and with a revoked one of mine."
        ),
        voice._("At each open path: there, and one letter beside it.") if paths else None,
    )


def _told(proofs: Sequence[Proof], voice: Voice) -> list[Markup]:
    told = [_one(proof, voice) for proof in proofs[:_MOST_TOLD]]
    if len(proofs) > _MOST_TOLD:
        told.append(voice._("… and {n} more like that.").format(n=len(proofs) - _MOST_TOLD))
    return told


def _one(proof: Proof, voice: Voice) -> Markup:
    mark = {Colour.RED: "🔴", Colour.YELLOW: "🟡", Colour.GREEN: "🟢"}[proof.colour]
    parts = [_way_in(one, voice) for one in _summed(proof.ways_in)]
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


def _way_in(one: Tried, voice: Voice) -> Markup:
    words = {
        Trial.WITHOUT: voice._("• Without a certificate I got in: {what}. So does everybody."),
        Trial.REVOKED: voice._("• With my revoked certificate I got in: {what}. A lost phone does too."),
        Trial.CAPITALS: voice._("• Without a certificate, with the name in capitals, I got in: {what}."),
        Trial.DOT: voice._("• Without a certificate, with a dot after the name, I got in: {what}."),
        Trial.PORT: voice._("• Without a certificate, at port {port}, I got in: {what}."),
        Trial.NEIGHBOUR: voice._("• One letter beside the open path I got in without a certificate: {what}."),
    }
    return words[one.trial].format(what=_what(one.look, voice), port=one.detail)


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
    return words[one.trial].format(what=_what(one.look, voice))


def _what(look: Look, voice: Voice) -> Markup:
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


def _green(green: Sequence[Proof], voice: Voice) -> Markup | None:
    locked = tuple(one.label for one in green if one.kind == "host" and one.mode is not Mode.SHUT)
    shut = tuple(one.label for one in green if one.kind == "host" and one.mode is Mode.SHUT)
    paths = tuple(one.label for one in green if one.kind == "path")
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


def _next(result: ProofReport, voice: Voice) -> Markup | None:
    if result.is_running:
        return None
    if result.of_colour(Colour.RED):
        return _mend(ours=result.ours, voice=voice)
    if result.of_colour(Colour.YELLOW):
        return voice._("Please try again in some minutes. If it stays like this, /status may know why.")
    return voice._("Nothing to do. I try it again every day by myself, and tell you when somebody gets in.")


def _mend(*, ours: bool, voice: Voice) -> Markup:
    if ours:
        return voice._(
            "<b>Put back</b> writes my rule as it should be; then try again. If it is still open, /lockdown shuts everything."
        )
    return voice._("/protect followed by the name puts my own rule there, which closes this.")


def _rows(result: ProofReport, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    mend = _mending(ours=result.ours, voice=voice) if result.of_colour(Colour.RED) else ()
    return (*(row for row in mend if row[0].press != Press(Verb.PROVE)), _again(voice))


def _mending(*, ours: bool, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    put_back = Button(text=voice.label("Put back"), press=Press(Verb.PUT_BACK), look="primary")
    return ((put_back,), _again(voice)) if ours else (_again(voice),)


def _again(voice: Voice) -> tuple[Button, ...]:
    return (Button(text=voice.label("Try again"), press=Press(Verb.PROVE)),)
