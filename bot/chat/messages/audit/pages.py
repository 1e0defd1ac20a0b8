"""The record in words: one sentence for each tag."""

from datetime import datetime

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.audit.sentences import DETAILS, SENTENCES, WITH_DETAIL
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.chat.messages.proofs.verdicts import what_met
from bot.model.audit import NamedSubject, ReadableEvent
from bot.model.certificates.certificates import RevokeReason
from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.results import RecordFile, RecordPage, RecordPeople

_SAY_NOTHING = frozenset({"", RevokeReason.PLAIN.value})


def page(result: RecordPage, locale: Locale) -> Message:
    """One page of events, newest first."""
    if result.about is None:
        head = locale.many(
            "<b>What happened here</b>: {n} event",
            "<b>What happened here</b>: {n} events, the newest first",
            result.total,
        )
    else:
        head = locale.many(
            "<b>About {name}</b>: {n} event",
            "<b>About {name}</b>: {n} events, the newest first",
            result.total,
            name=result.about.name,
        )
    told = [line(event, locale) for event in result.events]
    subject = "" if result.about is None else result.about.public_id
    turning = _turning(CallbackAction.RECORD, subject, result.page, result.pages, locale)
    return Message(
        html=paragraphs(head, *(told or [locale._("Nothing yet.")])),
        rows=(*turning, *_choices(result, locale)),
    )


def line(readable: ReadableEvent, locale: Locale) -> Markup:
    """One event: when, and what."""
    return Markup("{when} – {what}").format(when=locale.clock(readable.event.at), what=sentence(readable, locale))


def sentence(readable: ReadableEvent, locale: Locale) -> Markup:
    """One event in words; a tag that is none of ours any more is shown as it is."""
    event = readable.event
    text = SENTENCES.get(event.tag)
    if text is None:
        return Markup("{tag}").format(tag=event.tag)
    actor, subject = _named(readable.actor, locale), _named(readable.subject, locale)
    said = locale._(text).format(actor=actor, subject=subject)
    key = WITH_DETAIL.get(event.tag)
    more = str(event.detail.get(key, "")) if key else ""
    if more in _SAY_NOTHING:
        return said
    return Markup("{said} ({more})").format(said=said, more=_detail(key, more, locale))


def _detail(key: str | None, value: str, locale: Locale) -> str | Markup:
    """What the record keeps as a word of its own, in the reader's; what is not known (any more), as it is."""
    if key == "made_at" and (moment := _moment(value)) is not None:
        return locale.clock(moment)
    if key == "met":
        return _met(value, locale)
    return locale._(DETAILS[value]) if value in DETAILS else value.replace("-", " ")[:80]


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _met(value: str, locale: Locale) -> str | Markup:
    verdict, _, why = value.partition(" ")
    if why in set(Cause) and verdict in set(Verdict):
        return what_met(ProbeResult(Verdict(verdict), None, Cause(why)), locale)
    if verdict not in DETAILS or not why:
        return value[:80]
    return Markup("{verdict}, {status}").format(verdict=locale._(DETAILS[verdict]), status=why[:20])


def people(result: RecordPeople, locale: Locale) -> Message:
    """About whom?"""
    rows = tuple(
        (Button(text=each.name, callback=CallbackData(CallbackAction.RECORD, each.public_id, "0")),)
        for each in result.people
    )
    back = Button(text=locale.label("Everybody"), callback=CallbackData(CallbackAction.RECORD, arg="0"))
    return Message(
        html=locale._("About whom shall I tell?"),
        rows=(*rows, *_turning(CallbackAction.RECORD_PEOPLE, "", result.page, result.pages, locale), (back,)),
    )


def file(result: RecordFile, locale: Locale) -> Message:
    """The caption of the whole record."""
    return Message(
        html=lines(
            locale.many(
                "{n} event, as a line of JSON.", "{n} events, one a line (JSON), the oldest first.", result.events
            ),
            locale._("<code>latchkey audit --verify</code> on the server says whether somebody changed the record."),
            locale.many(
                "The oldest event had no room; the command line writes all of them.",
                "The oldest {n} events had no room; the command line writes all of them.",
                result.left_out,
            )
            if result.left_out
            else None,
        ),
        quiet=True,
    )


def _choices(result: RecordPage, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    who = Button(text=locale.label("By person"), callback=CallbackData(CallbackAction.RECORD_PEOPLE, arg="0"))
    if result.about is not None:
        everybody = Button(text=locale.label("Everybody"), callback=CallbackData(CallbackAction.RECORD, arg="0"))
        return ((who, everybody),)
    return ((who, Button(text=locale.label("All as a file"), callback=CallbackData(CallbackAction.RECORD_FILE))),)


def _turning(verb: CallbackAction, subject: str, at: int, pages: int, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    row = []
    if at > 0:
        row.append(Button(text=locale.label("◀ Back"), callback=CallbackData(verb, subject, str(at - 1))))
    if at + 1 < pages:
        row.append(Button(text=locale.label("More ▶"), callback=CallbackData(verb, subject, str(at + 1))))
    return (tuple(row),) if row else ()


def _named(named: NamedSubject, locale: Locale) -> Markup:
    match named.kind:
        case "system":
            return locale._("Latchkey")
        case "server":
            return locale._("Somebody at the server")
        case "account":
            return locale._("The account {id}").format(id=named.name)
        case "device":
            return Markup("{whose}/{name}").format(whose=named.whose, name=named.name)
        case "request" if named.name:
            return locale._("{whose}'s request for {name}").format(whose=named.whose, name=named.name)
        case "request":
            return locale._("{whose}'s request to come in").format(whose=named.whose)
        case "invitation":
            return locale._("the link for {name}").format(name=named.name) if named.name else locale._("an invitation")
        case "claim":
            return locale._("a link to become an admin")
        case _:
            return Markup("{name}").format(name=named.name)
