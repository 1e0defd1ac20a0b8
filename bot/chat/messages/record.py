"""The record in words: one sentence for each tag."""

from datetime import datetime

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.record_words import DETAILS, SENTENCES, WITH_DETAIL
from bot.chat.messages.verdicts import what_met
from bot.chat.press import Press, Verb
from bot.model.audit import Named, ReadableEvent
from bot.model.certificates import RevokeReason
from bot.model.probing import Look, Verdict, Why
from bot.model.results import RecordFile, RecordPage, RecordPeople

_SAY_NOTHING = frozenset({"", RevokeReason.PLAIN.value})


def page(result: RecordPage, voice: Voice) -> Message:
    """One page of events, newest first."""
    if result.about is None:
        head = voice.many(
            "<b>What happened here</b>: {n} event",
            "<b>What happened here</b>: {n} events, the newest first",
            result.total,
        )
    else:
        head = voice.many(
            "<b>About {name}</b>: {n} event",
            "<b>About {name}</b>: {n} events, the newest first",
            result.total,
            name=result.about.name,
        )
    told = [line(event, voice) for event in result.events]
    subject = "" if result.about is None else result.about.public_id
    turning = _turning(Verb.RECORD, subject, result.page, result.pages, voice)
    return Message(
        html=paragraphs(head, *(told or [voice._("Nothing yet.")])),
        rows=(*turning, *_choices(result, voice)),
    )


def line(readable: ReadableEvent, voice: Voice) -> Markup:
    """One event: when, and what."""
    return Markup("{when} – {what}").format(when=voice.clock(readable.event.at), what=sentence(readable, voice))


def sentence(readable: ReadableEvent, voice: Voice) -> Markup:
    """One event in words; a tag that is none of ours any more is shown as it is."""
    event = readable.event
    text = SENTENCES.get(event.tag)
    if text is None:
        return Markup("{tag}").format(tag=event.tag)
    actor, subject = _named(readable.actor, voice), _named(readable.subject, voice)
    said = voice._(text).format(actor=actor, subject=subject)
    key = WITH_DETAIL.get(event.tag)
    more = str(event.detail.get(key, "")) if key else ""
    if more in _SAY_NOTHING:
        return said
    return Markup("{said} ({more})").format(said=said, more=_detail(key, more, voice))


def _detail(key: str | None, value: str, voice: Voice) -> str | Markup:
    """What the record keeps as a word of its own, in the reader's; what is not known (any more), as it is."""
    if key == "made_at" and (moment := _moment(value)) is not None:
        return voice.clock(moment)
    if key == "met":
        return _met(value, voice)
    return voice._(DETAILS[value]) if value in DETAILS else value.replace("-", " ")[:80]


def _moment(value: str) -> datetime | None:
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return None


def _met(value: str, voice: Voice) -> str | Markup:
    verdict, _, why = value.partition(" ")
    if why in set(Why) and verdict in set(Verdict):
        return what_met(Look(Verdict(verdict), None, Why(why)), voice)
    if verdict not in DETAILS or not why:
        return value[:80]
    return Markup("{verdict}, {status}").format(verdict=voice._(DETAILS[verdict]), status=why[:20])


def people(result: RecordPeople, voice: Voice) -> Message:
    """About whom?"""
    rows = tuple((Button(text=each.name, press=Press(Verb.RECORD, each.public_id, "0")),) for each in result.people)
    back = Button(text=voice.label("Everybody"), press=Press(Verb.RECORD, arg="0"))
    return Message(
        html=voice._("About whom shall I tell?"),
        rows=(*rows, *_turning(Verb.RECORD_PEOPLE, "", result.page, result.pages, voice), (back,)),
    )


def file(result: RecordFile, voice: Voice) -> Message:
    """The caption of the whole record."""
    return Message(
        html=lines(
            voice.many(
                "{n} event, as a line of JSON.", "{n} events, one a line (JSON), the oldest first.", result.events
            ),
            voice._("<code>latchkey audit --verify</code> on the server says whether somebody changed the record."),
            voice.many(
                "The oldest event had no room; the command line writes all of them.",
                "The oldest {n} events had no room; the command line writes all of them.",
                result.left_out,
            )
            if result.left_out
            else None,
        ),
        quiet=True,
    )


def _choices(result: RecordPage, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    who = Button(text=voice.label("By person"), press=Press(Verb.RECORD_PEOPLE, arg="0"))
    if result.about is not None:
        everybody = Button(text=voice.label("Everybody"), press=Press(Verb.RECORD, arg="0"))
        return ((who, everybody),)
    return ((who, Button(text=voice.label("All as a file"), press=Press(Verb.RECORD_FILE))),)


def _turning(verb: Verb, subject: str, at: int, pages: int, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    row = []
    if at > 0:
        row.append(Button(text=voice.label("◀ Back"), press=Press(verb, subject, str(at - 1))))
    if at + 1 < pages:
        row.append(Button(text=voice.label("More ▶"), press=Press(verb, subject, str(at + 1))))
    return (tuple(row),) if row else ()


def _named(named: Named, voice: Voice) -> Markup:
    match named.kind:
        case "system":
            return voice._("Latchkey")
        case "server":
            return voice._("Somebody at the server")
        case "account":
            return voice._("The account {id}").format(id=named.name)
        case "device":
            return Markup("{whose}/{name}").format(whose=named.whose, name=named.name)
        case "request" if named.name:
            return voice._("{whose}'s request for {name}").format(whose=named.whose, name=named.name)
        case "request":
            return voice._("{whose}'s request to come in").format(whose=named.whose)
        case "invitation":
            return voice._("the link for {name}").format(name=named.name) if named.name else voice._("an invitation")
        case "claim":
            return voice._("a link to become an admin")
        case _:
            return Markup("{name}").format(name=named.name)
