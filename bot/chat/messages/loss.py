"""A phone is lost: what is done, who may lift it, and what its account did meanwhile."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.revoking import about_the_door
from bot.chat.press import Press, Verb
from bot.model.certificates import Certificate, State
from bot.model.losses import (
    LastHeld,
    LossCard,
    LossChanged,
    LossReader,
    LossState,
    Reported,
    Trace,
    TraceKind,
)

_MOST_TRACES = 12
_MOST_DEVICES = 10
_MOST_NAMED = 3
Rows = tuple[tuple[Button, ...], ...]


def reported(result: Reported, voice: Voice) -> str:
    """The toast under the tap."""
    if result.already:
        return voice.label("That is reported already; here is how it goes.")
    return voice.label("{name} is frozen; blocking…").format(name=result.owner.name)


def rest_taken_back(result: LossChanged, voice: Voice) -> str:
    """The toast under *Revoke these too*."""
    if not result.count:
        return voice.label("Nothing is ticked: nothing was changed.")
    return voice.label("Taken back: {n}").format(n=voice.number(result.count))


def lifted(result: LossChanged, voice: Voice) -> str:
    """The toast under *Telegram was not on it*."""
    return voice.label("{name} is no longer frozen. The keys stay blocked.").format(name=result.owner.name)


def stays(result: LossChanged, voice: Voice) -> str:
    """The toast under *Freeze stays*."""
    return voice.label("{name} stays frozen. /people lifts it later.").format(name=result.owner.name)


def card(notice: LossCard, voice: Voice) -> Message:
    """A report, as this reader sees it."""
    return Message(
        html=paragraphs(
            _head(notice, voice),
            _devices(notice, voice),
            about_the_door(notice.lock, notice.turned, len(notice.certificates), voice)
            if notice.certificates
            else None,
            _who_lifts(notice, voice),
            _in_telegram(notice, voice) if notice.loss.state is not LossState.LIFTED else None,
            _list(notice, voice),
            _when(notice, voice),
        ),
        rows=_decisions(notice, voice) + _ticks(notice, voice) + _times(notice, voice),
    )


def _head(notice: LossCard, voice: Voice) -> Markup:
    if not notice.frozen:
        text = voice._("The lost phone of <b>{owner}</b>, reported {at}:")
    elif notice.reader is LossReader.OWNER and notice.reported_by_reader:
        text = voice._(
            "🔴 <b>Your account here is frozen</b>, for whoever has that phone has your Telegram too: it can look and block, and gets nothing from me."
        )
    elif notice.reader is LossReader.OWNER:
        text = voice._(
            "🔴 <b>{reporter} reported your phone as lost.</b> So your account here is frozen: it can look and block, and gets nothing from me."
        )
    elif notice.reported_by_reader:
        text = voice._("🔴 Thank you. <b>{owner}</b>'s account here is frozen and gets nothing from me.")
    elif notice.loss.reported_by == notice.owner.id:
        text = voice._(
            "🔴 <b>{owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    else:
        text = voice._(
            "🔴 <b>{reporter} reports that {owner} has lost a phone.</b> The account is frozen: whoever has it gets nothing from me."
        )
    at = voice.clock(notice.loss.reported_at)
    return text.format(owner=notice.owner.name, reporter=notice.reporter_name, at=at)


def _devices(notice: LossCard, voice: Voice) -> Markup:
    more = len(notice.certificates) - _MOST_DEVICES
    return lines(
        *(_device(certificate, voice) for certificate in notice.certificates[:_MOST_DEVICES]),
        voice.many("and {n} more", "and {n} more", more) if more > 0 else None,
    )


def _device(certificate: Certificate, voice: Voice) -> Markup:
    state = {
        State.REVOKING: voice.either(admin="being revoked…", member="being blocked…"),
        State.REVOKED: voice.either(admin="revoked at Cloudflare", member="blocked"),
        State.FAILED: voice.either(admin="will not be made", member="its key will not be made"),
        State.EXPIRED: voice.either(admin="expired before", member="its key had run out before"),
    }.get(certificate.state, voice._("still open"))
    return Markup("• <b>{name}</b>: {state}").format(name=certificate.device.name, state=state)


def _who_lifts(notice: LossCard, voice: Voice) -> Markup:
    loss = notice.loss
    decided = {"by": loss.decided_by_name or "?", "at": voice.clock(loss.decided_at) if loss.decided_at else ""}
    if not notice.frozen and loss.state is not LossState.LIFTED:
        return voice._("The freeze is lifted. What was blocked stays blocked.")
    if loss.state is LossState.LIFTED:
        return voice._("{by} lifted the freeze, {at}. What was blocked stays blocked.").format(**decided)
    helpers = Markup(", ").join(notice.helpers[:_MOST_NAMED])
    if not helpers:
        return voice._(
            "⚠️ No other admin is left who could lift the freeze: only whoever has the server can, with <code>latchkey unfreeze {id}</code>"
        ).format(id=notice.owner.telegram_id)
    if loss.state is LossState.STAYS:
        return voice._("{by} says, {at}: the freeze stays.").format(**decided)
    if notice.reader is LossReader.ADMIN:
        return voice._(
            "Was Telegram <b>not</b> on that phone? Ask {owner} in person, not in Telegram; then one tap ends the freeze. The keys stay blocked."
        ).format(owner=notice.owner.name)
    return voice._("The freeze can be lifted by {helpers}, or by whoever has the server.").format(helpers=helpers)


def _in_telegram(notice: LossCard, voice: Voice) -> Markup:
    if notice.reader is LossReader.OWNER:
        return voice._(
            "<b>Next, in Telegram</b> on a device you still have: <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
        )
    return voice._(
        "Please tell {owner}: in Telegram on a device they still have, <i>Settings › Devices</i>, tap the lost phone, <i>Terminate Session</i>."
    ).format(owner=notice.owner.name)


def _list(notice: LossCard, voice: Voice) -> Markup | None:
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
    )


def _when(notice: LossCard, voice: Voice) -> Markup | None:
    if notice.reader is LossReader.OWNER:
        return voice._("When did you last have it?") if notice.since is None else None
    if notice.reader is LossReader.ADMIN:
        return voice._("When did {owner} last have it? The list begins there.").format(owner=notice.owner.name)
    return None


def _trace(trace: Trace, notice: LossCard, voice: Voice) -> Markup:
    mark = "✔️" if trace.done else "◻️" if trace.key in notice.unticked else "☑️"
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
    return any(not trace.done for trace in notice.traces)


def _ticks(notice: LossCard, voice: Voice) -> Rows:
    rows: Rows = ()
    for trace in notice.traces[:_MOST_TRACES]:
        if not trace.done:
            mark = "◻️" if trace.key in notice.unticked else "☑️"
            press = Press(Verb.TICK, notice.loss.public_id, trace.key)
            rows += ((Button(text=f"{mark} {_short(trace, voice)}", press=press),),)
    if not _left(notice):
        return rows
    press = Press(Verb.THE_REST, notice.loss.public_id)
    return (*rows, (Button(text=voice.label("Revoke these too"), press=press, look="danger"),))


def _decisions(notice: LossCard, voice: Voice) -> Rows:
    if notice.reader is not LossReader.ADMIN or notice.loss.state is not LossState.OPEN or not notice.frozen:
        return ()
    return (
        (
            Button(text=voice.label("Telegram was not on it"), press=Press(Verb.NOT_ON_IT, notice.loss.public_id)),
            Button(text=voice.label("Freeze stays"), press=Press(Verb.STAYS, notice.loss.public_id)),
        ),
    )


def _times(notice: LossCard, voice: Voice) -> Rows:
    if notice.reader is LossReader.REPORTER:
        return ()
    labels = {
        LastHeld.JUST_NOW: voice.label("Just now"),
        LastHeld.AN_HOUR: voice.label("An hour ago"),
        LastHeld.THIS_MORNING: voice.label("This morning"),
        LastHeld.YESTERDAY: voice.label("Yesterday"),
        LastHeld.EARLIER: voice.label("Earlier"),
    }
    buttons = tuple(
        Button(text=label, press=Press(Verb.LAST_HELD, notice.loss.public_id, said.value))
        for said, label in labels.items()
    )
    return (buttons[:3], buttons[3:])
