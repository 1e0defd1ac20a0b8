"""Open paths. An address is shown masked; the whole of it stands only behind its opener's Copy button."""

import shlex
from collections.abc import Callable

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.messages.path_list import methods
from bot.chat.messages.path_tries import detours, tried
from bot.chat.press import Press, Verb
from bot.model.path_notices import PathCard, PathEnding, PathMove, PathMoved, PathNotProlonged, PathStillNeeded
from bot.model.paths import OpenPath, PathEnd, PathState

_MOST_COPIED = 256


def card(notice: PathCard, voice: Voice) -> Message:
    """A path as it is now."""
    return _CARDS[notice.path.state](notice, voice)


def _asked(notice: PathCard, voice: Voice) -> Message:
    path = notice.path
    return Message(
        html=paragraphs(
            voice._("<b>Open {path} for good?</b>").format(path=path.shown),
            _narrowed(path, voice),
            voice._(
                "Whoever knows the whole address gets in there without a certificate, at any time. I move it on every day and ask once a month whether it is still needed; when I am off for 30 days, it closes by itself."
            ),
        ),
        rows=(
            (
                Button(text=voice.label("Yes, for good"), press=Press(Verb.PATH_CONFIRM, path.public_id)),
                Button(text=voice.label("No"), press=Press(Verb.PATH_CLOSE, path.public_id)),
            ),
        ),
    )


def _opening(notice: PathCard, voice: Voice) -> Message:
    path = notice.path
    words = (
        voice._("Opening <b>{path}</b> for good.") if path.lasting else voice._("Opening <b>{path}</b> until {until}.")
    )
    return Message(
        html=paragraphs(
            words.format(path=path.shown, until=voice.clock(path.closes_at)),
            _narrowed(path, voice),
            voice._("Cloudflare does not answer yet. I keep trying.") if notice.late else None,
        ),
        rows=((_close(path, voice),),),
    )


def _open(notice: PathCard, voice: Voice) -> Message:
    path = notice.path
    return Message(
        html=paragraphs(
            _head(path, voice),
            _narrowed(path, voice),
            None if notice.own else voice._("Opened by {name}.").format(name=notice.opener),
            tried(notice, voice),
            detours(notice, voice),
            voice._(
                "If a caller does not get through all the same: Cloudflare's Bot Fight Mode may stop it, and on a free plan nothing can be excepted from that."
            ),
        ),
        rows=_buttons(notice, voice),
    )


def _head(path: OpenPath, voice: Voice) -> Markup:
    if path.lasting:
        return voice._(
            "🔓 <b>Open for good</b>: {path}\nNobody needs a certificate there. Without me it would close on {day}."
        ).format(path=path.shown, day=voice.day(path.closes_at))
    return voice._(
        "🔓 <b>Open until {until}</b>: {path}\nNobody needs a certificate there. It closes by itself, even when I am off."
    ).format(path=path.shown, until=voice.clock(path.closes_at))


def _narrowed(path: OpenPath, voice: Voice) -> Markup | None:
    """What the opening is bound to, and why it is there."""
    anything = path.query is None and path.state is not PathState.CLOSED
    return lines(
        voice._("Only <code>{method}</code>.").format(method=methods(path)) if path.method else None,
        voice._("Only from {networks}.").format(networks=", ".join(path.networks)) if path.networks else None,
        voice._("Exactly this path, nothing below it.") if path.path.endswith("/") else None,
        voice._("What stands behind “?” does not matter.") if anything else None,
        voice._("Only with exactly what stands behind “?”.") if path.query else None,
        voice._("Only with nothing behind “?”.") if path.query == "" else None,
        _reason(path, voice),
    )


def _reason(path: OpenPath, voice: Voice) -> Markup | None:
    return voice._("For: {reason}").format(reason=path.reason) if path.reason else None


def _buttons(notice: PathCard, voice: Voice) -> tuple[tuple[Button, ...], ...]:
    path = notice.path
    first = (_close(path, voice),) if path.lasting else (_close(path, voice), _longer(path, voice))
    second: list[Button] = []
    line = _curl(path)
    if notice.own and len(line) <= _MOST_COPIED:
        second.append(Button(text=voice.label("Copy curl"), copy=line))
    if path.can_be_set_off:
        second.append(Button(text=voice.label("Try it"), press=Press(Verb.PATH_TRY, path.public_id)))
    return (first, tuple(second)) if second else (first,)


def _curl(path: OpenPath) -> str:
    method = f" -X {path.try_method}" if path.try_method != "GET" else ""
    return f"curl -i{method} {shlex.quote(path.url)}"


def _close(path: OpenPath, voice: Voice) -> Button:
    return Button(text=voice.label("Close now"), press=Press(Verb.PATH_CLOSE, path.public_id), look="danger")


def _longer(path: OpenPath, voice: Voice) -> Button:
    until = str(int(path.closes_at.timestamp()))
    return Button(text=voice.label("+1 h"), press=Press(Verb.PATH_LONGER, path.public_id, until))


def _closing(notice: PathCard, voice: Voice) -> Message:
    path = notice.path
    late = voice._("Cloudflare does not answer yet. I keep trying; it closes by itself at {until}.")
    return Message(
        html=paragraphs(
            voice._("Closing <b>{path}</b> now.").format(path=path.shown),
            late.format(until=voice.clock(path.closes_at)) if notice.late else None,
        )
    )


def _closed(notice: PathCard, voice: Voice) -> Message:
    return Message(html=_ended(notice.path, voice))


def _ended(path: OpenPath, voice: Voice) -> Markup:
    words = {
        PathEnd.TIME: voice._("🔒 <b>Closed</b>, its time was up: {path} needs a certificate again."),
        PathEnd.HOST: voice._("<b>{path}</b> is no path of its own any more: its host is not protected by me now."),
        PathEnd.RESTORED: voice._("🔒 <b>Closed</b>: {path}. A backup was restored, so it is not open any more."),
        PathEnd.LOCKDOWN: voice._("🔒 <b>Closed</b> by the lockdown: {path}. It stays closed afterwards."),
    }
    by_hand = voice._("🔒 <b>Closed</b>: {path} needs a certificate again.")
    return (words.get(path.end, by_hand) if path.end else by_hand).format(path=path.shown)


def _refused(notice: PathCard, voice: Voice) -> Message:
    path = notice.path
    words = {
        PathEnd.CLOCK: voice._(
            "<b>Not opened</b>: {path}. My clock and Cloudflare's are more than a minute apart, so it would not close when I say. Please set this machine's time, then send it again."
        ),
        PathEnd.EDGE: voice._(
            "<b>Not opened</b>: Cloudflare did not take the rule with {path} in it. Everything else is as it was; the log has Cloudflare's answer."
        ),
        PathEnd.TIME: voice._(
            "<b>Not opened</b>: {path}. Cloudflare did not answer in time. Please send it again if you still need it."
        ),
        PathEnd.UNANSWERED: voice._("<b>Not opened</b>: {path}. Nobody said yes; please send it again if you need it."),
    }
    plain = voice._("<b>Not opened</b>: {path}.")
    return Message(html=(words.get(path.end, plain) if path.end else plain).format(path=path.shown))


_CARDS: dict[PathState, Callable[[PathCard, Voice], Message]] = {
    PathState.ASKED: _asked,
    PathState.CHECKING: _opening,
    PathState.OPENING: _opening,
    PathState.OPEN: _open,
    PathState.CLOSING: _closing,
    PathState.CLOSED: _closed,
    PathState.REFUSED: _refused,
}


def moved(notice: PathMoved, voice: Voice) -> Message:
    """Somebody else prolonged or closed a path, or it ended by itself."""
    if notice.what is PathMove.PROLONGED:
        said = voice._("{name} keeps {path} open until {until}.").format(
            name=notice.by, path=notice.path.shown, until=voice.clock(notice.path.closes_at)
        )
        return Message(html=said, rows=((_close(notice.path, voice),),))
    if notice.by:
        return Message(
            html=voice._("🔒 {name} closed {path}: it needs a certificate again.").format(
                name=notice.by, path=notice.path.shown
            )
        )
    return Message(html=_ended(notice.path, voice))


def ending(notice: PathEnding, voice: Voice) -> Message:
    """It closes in ten minutes."""
    path = notice.path
    let = Button(text=voice.label("Let it close"), press=Press(Verb.PATH_LET_CLOSE, path.public_id))
    return Message(
        html=lines(
            voice._("{path} closes at {until}. Is more time needed?").format(
                path=path.shown, until=voice.clock(path.closes_at)
            ),
            _reason(path, voice),
        ),
        rows=((_longer(path, voice), let),),
    )


def still_needed(notice: PathStillNeeded, voice: Voice) -> Message:
    """The monthly question."""
    path = notice.path
    return Message(
        html=paragraphs(
            voice._("<b>{path}</b> has been open without a certificate since {day}. Is it still needed?").format(
                path=path.shown, day=voice.day(path.opened_at)
            ),
            _reason(path, voice),
        ),
        rows=(
            (
                Button(text=voice.label("Keep"), press=Press(Verb.PATH_KEEP, path.public_id)),
                Button(text=voice.label("Close"), press=Press(Verb.PATH_CLOSE, path.public_id), look="danger"),
            ),
        ),
    )


def not_prolonged(notice: PathNotProlonged, voice: Voice) -> Message:
    """The clock is wrong."""
    return Message(
        html=voice._(
            "{path} keeps its end, {until}: my clock and Cloudflare's are more than a minute apart. Please set this machine's time."
        ).format(path=notice.path.shown, until=voice.clock(notice.path.closes_at))
    )


def toast(notice: PathCard, voice: Voice) -> str:
    """What is said under a pressed button."""
    words = {
        PathState.CHECKING: voice.label("Opening…"),
        PathState.OPEN: voice.label("All right."),
        PathState.OPENING: voice.label("Opening…"),
        PathState.CLOSING: voice.label("Closing…"),
        PathState.CLOSED: voice.label("It is closed."),
        PathState.REFUSED: voice.label("Not opened."),
    }
    if notice.path.asked_until is not None and notice.path.state is PathState.OPEN:
        return voice.label("An hour more…")
    return words.get(notice.path.state, "")
