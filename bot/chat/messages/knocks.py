"""/blocked: who knocked and was turned away. It tells what Cloudflare tells, and does not guess why."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.knocks import BlockedRequest, Knocks, Sort

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"


def looking(voice: Voice) -> Message:
    """Before Cloudflare has told."""
    return Message(html=voice._("🔎 I am asking Cloudflare who knocked…"))


def listed(result: Knocks, voice: Voice) -> Message:
    """The last of them, newest first."""
    again = (Button(text=voice.label("Look again"), press=Press(Verb.BLOCKED)),)
    if result.not_told == "MissingRight":
        text = voice._(
            "I may not read who knocked: the Cloudflare token lacks “{right}”. Add it to the token, then look again."
        ).format(right=result.right)
        return Message(html=text, rows=((Button(text=voice.label("Open the token's page"), url=_TOKENS),), again))
    if result.not_told == "RefusedByEdge":
        return Message(
            html=voice._("Your zone's plan does not tell me who knocked. In Cloudflare, Security, Events may show it."),
            rows=(again,),
        )
    if result.not_told:
        return Message(
            html=voice._("Cloudflare does not tell me who knocked right now. Please try again in some minutes."),
            rows=(again,),
        )
    if not result.requests:
        return Message(
            html=voice.many(
                "Nobody was turned away in the last hour, as far as Cloudflare tells.",
                "Nobody was turned away in the last {n} hours, as far as Cloudflare tells.",
                result.hours,
            ),
            rows=(again,),
        )
    return Message(
        html=paragraphs(
            voice.many(
                "<b>Turned away in the last hour</b>, newest first:",
                "<b>Turned away in the last {n} hours</b>, newest first:",
                result.hours,
            ),
            lines(*(_line(number, one, voice) for number, one in enumerate(result.requests, start=1))),
            voice._(
                "Why, Cloudflare does not say: a stranger, or one of yours without a certificate. Cloudflare may leave some out. One of yours? /guide helps with the device."
            ),
        ),
        rows=(again,),
    )


def _line(number: int, one: BlockedRequest, voice: Voice) -> Markup:
    said = voice._("{number}. {at} {path} – {country}, {program}").format(
        number=number,
        at=voice.clock(one.at),
        path=one.shown,
        country=voice.country(one.country),
        program=_program(one, voice),
    )
    if one.open_there is None:
        return said
    known = (
        voice._(" (number {number} of /paths: {reason})")
        if one.open_there.reason
        else voice._(" (number {number} of /paths)")
    )
    return said + known.format(number=one.open_there.number, reason=one.open_there.reason)


def _program(one: BlockedRequest, voice: Voice) -> str:
    if not isinstance(one.program, Sort):
        return one.program
    return {
        Sort.ANDROID_APP: voice.label("an Android app"),
        Sort.APPLE_APP: voice.label("an iPhone or Mac app"),
        Sort.PYTHON: voice.label("a Python program"),
        Sort.GO: voice.label("a Go program"),
        Sort.ROBOT: voice.label("a web robot"),
        Sort.CLAIMS_LATCHKEY: voice.label("a program that calls itself Latchkey"),
    }[one.program]
