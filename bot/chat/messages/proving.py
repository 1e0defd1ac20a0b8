"""/prove: what was tried at the lock, what happened, what it means, and what to do."""

from markupsafe import Markup

from bot.chat.messages import verdicts
from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.proofs import Colour, Mode, ProofRed, ProofReport


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
            *verdicts.told(red, voice),
            *verdicts.told(yellow, voice),
            verdicts.green(green, voice),
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
            *verdicts.told(notice.proofs, voice),
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
