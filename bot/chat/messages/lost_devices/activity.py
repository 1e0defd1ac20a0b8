"""What a reported account did since it was last in good hands, and the buttons that take it back."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, lines
from bot.model.lost_devices import Activity, LossCard, TraceKind

_MAX_TRACES = 12
_MAX_NAMED = 3
Rows = tuple[tuple[Button, ...], ...]


def traces(notice: LossCard, locale: Locale) -> Markup | None:
    """What the account did since, as far as the reader is shown any of it."""
    if notice.since is None:
        return None
    since = locale.clock(notice.since)
    if not notice.traces:
        return locale._("Since {since} this account did nothing else that lasts.").format(since=since)
    more = len(notice.traces) - _MAX_TRACES
    return lines(
        locale._("Since {since} this account, or whom it let in, did this:").format(since=since),
        *(_trace(trace, notice, locale) for trace in notice.traces[:_MAX_TRACES]),
        locale.many("and {n} more", "and {n} more", more) if more > 0 else None,
        locale._("Untick what was all right, then tap <b>Revoke these too</b>.") if _left(notice) else None,
        _beyond_reach(notice, locale),
    )


def _beyond_reach(notice: LossCard, locale: Locale) -> Markup | None:
    """What stands in the list and is not for this reader: it touches others, and nobody knows who holds this phone."""
    if all(trace.done or notice.may_take_back(trace) for trace in notice.traces):
        return None
    helpers = Markup(", ").join(notice.helpers[:_MAX_NAMED])
    if not helpers:
        return locale._("What touches other people can be taken back by an admin; none is left who can act.")
    return locale._("What touches other people is taken back by an admin: {helpers} can see it too.").format(
        helpers=helpers
    )


def _trace(trace: Activity, notice: LossCard, locale: Locale) -> Markup:
    may = notice.may_take_back(trace)
    mark = "✔️" if trace.done else "☑️" if may and trace.key not in notice.unticked else "◻️" if may else "•"
    at = locale.clock(trace.at)
    said = {
        TraceKind.CERTIFICATE: locale.either(admin="a certificate for {name}, {at}", member="a key for {name}, {at}"),
        TraceKind.PERMISSION: locale._("said yes to {name}, {at}"),
        TraceKind.PERSON: locale._("let {name} in, or back in, {at}"),
        TraceKind.TRUST: locale._("trusted {name} with own devices, {at}"),
        TraceKind.PATH: locale._("opened {name} to everybody, {at}"),
        TraceKind.HOST: locale._("took the lock off {name}, {at}"),
        TraceKind.LIMIT: locale._("set how many devices {name} may have, {at}"),
    }[trace.kind]
    done = locale._(" – taken back") if trace.done else Markup("")
    done = locale._(" – under way…") if trace.going else done
    name = _named(trace)
    return Markup("{mark} ").format(mark=mark) + said.format(name=name, at=at) + done


def _named(trace: Activity) -> str:
    return "/".join(part for part in (trace.owner, trace.name) if part)


def _short(trace: Activity, locale: Locale) -> str:
    text = {
        TraceKind.PERMISSION: locale.label("the yes to {name}"),
        TraceKind.TRUST: locale.label("trust in {name}"),
        TraceKind.LIMIT: locale.label("how many for {name}"),
    }.get(trace.kind, "{name}")
    return text.format(name=_named(trace))


def _left(notice: LossCard) -> bool:
    return any(notice.may_take_back(trace) for trace in notice.traces)


def ticks(notice: LossCard, locale: Locale) -> Rows:
    """A button for each thing that the reader may take back, and the one that does it."""
    rows: Rows = ()
    for trace in notice.traces[:_MAX_TRACES]:
        if notice.may_take_back(trace):
            mark = "◻️" if trace.key in notice.unticked else "☑️"
            press = CallbackData(CallbackAction.TICK, notice.loss.public_id, trace.key)
            rows += ((Button(text=f"{mark} {_short(trace, locale)}", callback=press),),)
    if not _left(notice):
        return rows
    press = CallbackData(CallbackAction.THE_REST, notice.loss.public_id)
    return (*rows, (Button(text=locale.label("Revoke these too"), callback=press, look="danger"),))
