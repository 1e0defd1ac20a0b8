"""/blocked: who knocked and was turned away. It tells what Cloudflare tells, and does not guess why."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.status.blocked_requests import BlockedRequest, BlockedRequests, ClientKind

_TOKENS = "https://dash.cloudflare.com/profile/api-tokens"


def looking(locale: Locale) -> Message:
    """Before Cloudflare has told."""
    return Message(html=locale._("🔎 I am asking Cloudflare who knocked…"))


def listed(result: BlockedRequests, locale: Locale) -> Message:
    """The last of them, newest first."""
    again = (Button(text=locale.label("Look again"), callback=CallbackData(CallbackAction.BLOCKED)),)
    if result.not_told == "MissingRight":
        text = locale._(
            "I may not read who knocked: the Cloudflare token lacks “{right}”. Add it to the token, then look again."
        ).format(right=result.right)
        return Message(html=text, rows=((Button(text=locale.label("Open the token's page"), url=_TOKENS),), again))
    if result.not_told == "RefusedByEdge":
        return Message(
            html=locale._(
                "Your zone's plan does not tell me who knocked. In Cloudflare, Security, Events may show it."
            ),
            rows=(again,),
        )
    if result.not_told:
        return Message(
            html=locale._("Cloudflare does not tell me who knocked right now. Please try again in some minutes."),
            rows=(again,),
        )
    if not result.requests:
        return Message(
            html=locale.many(
                "Nobody was turned away in the last hour, as far as Cloudflare tells.",
                "Nobody was turned away in the last {n} hours, as far as Cloudflare tells.",
                result.hours,
            ),
            rows=(again,),
        )
    return Message(
        html=paragraphs(
            locale.many(
                "<b>Turned away in the last hour</b>, newest first:",
                "<b>Turned away in the last {n} hours</b>, newest first:",
                result.hours,
            ),
            lines(*(_line(number, one, locale) for number, one in enumerate(result.requests, start=1))),
            locale._(
                "Why, Cloudflare does not say: a stranger, or one of yours without a certificate. Cloudflare may leave some out. One of yours? /guide helps with the device."
            ),
        ),
        rows=(again,),
    )


def _line(number: int, one: BlockedRequest, locale: Locale) -> Markup:
    said = locale._("{number}. {at} {path} – {country}, {program}").format(
        number=number,
        at=locale.clock(one.at),
        path=one.shown,
        country=locale.country(one.country),
        program=_program(one, locale),
    )
    if one.open_there is None:
        return said
    known = (
        locale._(" (number {number} of /paths: {reason})")
        if one.open_there.reason
        else locale._(" (number {number} of /paths)")
    )
    return said + known.format(number=one.open_there.number, reason=one.open_there.reason)


def _program(one: BlockedRequest, locale: Locale) -> str:
    if not isinstance(one.program, ClientKind):
        return one.program
    return {
        ClientKind.ANDROID_APP: locale.label("an Android app"),
        ClientKind.APPLE_APP: locale.label("an iPhone or Mac app"),
        ClientKind.PYTHON: locale.label("a Python program"),
        ClientKind.GO: locale.label("a Go program"),
        ClientKind.ROBOT: locale.label("a web robot"),
        ClientKind.CLAIMS_LATCHKEY: locale.label("a program that calls itself Latchkey"),
    }[one.program]
