"""What a reported account did since it was last in good hands, and the buttons that take it back."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Voice, lines
from bot.chat.press import Press, Verb
from bot.model.losses import LossCard, Trace, TraceKind

_MOST_TRACES = 12
_MOST_NAMED = 3
Rows = tuple[tuple[Button, ...], ...]


def traces(notice: LossCard, voice: Voice) -> Markup | None:
    """What the account did since, as far as the reader is shown any of it."""
    if notice.since is None:
        return None
    since = voice.clock(notice.since)
    if not notice.traces:
        return voice._("Since {since} this account did nothing else that lasts.").format(since=since)
    more = len(notice.traces) - _MOST_TRACES
    return lines(
        voice._("Since {since} this account, or whom it let in, did this:").format(since=since),
        *(_trace(trace, notice, voice) for trace in notice.traces[:_MOST_TRACES]),
        voice.many("and {n} more", "and {n} more", more) if more > 0 else None,
        voice._("Untick what was all right, then tap <b>Revoke these too</b>.") if _left(notice) else None,
        _beyond_reach(notice, voice),
    )


def _beyond_reach(notice: LossCard, voice: Voice) -> Markup | None:
    """What stands in the list and is not for this reader: it touches others, and nobody knows who holds this phone."""
    if all(trace.done or notice.may_take_back(trace) for trace in notice.traces):
        return None
    helpers = Markup(", ").join(notice.helpers[:_MOST_NAMED])
    if not helpers:
        return voice._("What touches other people can be taken back by an admin; none is left who can act.")
    return voice._("What touches other people is taken back by an admin: {helpers} can see it too.").format(
        helpers=helpers
    )


def _trace(trace: Trace, notice: LossCard, voice: Voice) -> Markup:
    may = notice.may_take_back(trace)
    mark = "✔️" if trace.done else "☑️" if may and trace.key not in notice.unticked else "◻️" if may else "•"
    at = voice.clock(trace.at)
    said = {
        TraceKind.CERTIFICATE: voice.either(admin="a certificate for {name}, {at}", member="a key for {name}, {at}"),
        TraceKind.PERMISSION: voice._("said yes to {name}, {at}"),
        TraceKind.PERSON: voice._("let {name} in, or back in, {at}"),
        TraceKind.TRUST: voice._("trusted {name} with own devices, {at}"),
        TraceKind.PATH: voice._("opened {name} to everybody, {at}"),
        TraceKind.HOST: voice._("took the lock off {name}, {at}"),
        TraceKind.LIMIT: voice._("set how many devices {name} may have, {at}"),
    }[trace.kind]
    done = voice._(" – taken back") if trace.done else Markup("")
    done = voice._(" – under way…") if trace.going else done
    name = _named(trace)
    return Markup("{mark} ").format(mark=mark) + said.format(name=name, at=at) + done


def _named(trace: Trace) -> str:
    return "/".join(part for part in (trace.owner, trace.name) if part)


def _short(trace: Trace, voice: Voice) -> str:
    text = {
        TraceKind.PERMISSION: voice.label("the yes to {name}"),
        TraceKind.TRUST: voice.label("trust in {name}"),
        TraceKind.LIMIT: voice.label("how many for {name}"),
    }.get(trace.kind, "{name}")
    return text.format(name=_named(trace))


def _left(notice: LossCard) -> bool:
    return any(notice.may_take_back(trace) for trace in notice.traces)


def ticks(notice: LossCard, voice: Voice) -> Rows:
    """A button for each thing that the reader may take back, and the one that does it."""
    rows: Rows = ()
    for trace in notice.traces[:_MOST_TRACES]:
        if notice.may_take_back(trace):
            mark = "◻️" if trace.key in notice.unticked else "☑️"
            press = Press(Verb.TICK, notice.loss.public_id, trace.key)
            rows += ((Button(text=f"{mark} {_short(trace, voice)}", press=press),),)
    if not _left(notice):
        return rows
    press = Press(Verb.THE_REST, notice.loss.public_id)
    return (*rows, (Button(text=voice.label("Revoke these too"), press=press, look="danger"),))
