"""Open paths. An address is shown masked; the whole of it stands only behind its opener's Copy button."""

import shlex
from collections.abc import Callable

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.chat.messages.openings.path_list import methods
from bot.chat.messages.openings.tries import detours, tried
from bot.model.openings.notices import PathCard, PathEnding, PathMove, PathMoved, PathNotProlonged, PathStillNeeded
from bot.model.openings.paths import OpenPath, PathEnd, PathState

_MAX_COPIED = 256


def card(notice: PathCard, locale: Locale) -> Message:
    """A path as it is now."""
    return _CARDS[notice.path.state](notice, locale)


def _asked(notice: PathCard, locale: Locale) -> Message:
    path = notice.path
    return Message(
        html=paragraphs(
            locale._("<b>Open {path} for good?</b>").format(path=path.shown),
            _narrowed(path, locale),
            locale._(
                "Whoever knows the whole address gets in there without a certificate, at any time. I move it on every day and ask once a month whether it is still needed; when I am off for 30 days, it closes by itself."
            ),
        ),
        rows=(
            (
                Button(
                    text=locale.label("Yes, for good"),
                    callback=CallbackData(CallbackAction.PATH_CONFIRM, path.public_id),
                ),
                Button(text=locale.label("No"), callback=CallbackData(CallbackAction.PATH_CLOSE, path.public_id)),
            ),
        ),
    )


def _opening(notice: PathCard, locale: Locale) -> Message:
    path = notice.path
    words = (
        locale._("Opening <b>{path}</b> for good.")
        if path.lasting
        else locale._("Opening <b>{path}</b> until {until}.")
    )
    return Message(
        html=paragraphs(
            words.format(path=path.shown, until=locale.clock(path.closes_at)),
            _narrowed(path, locale),
            locale._("Cloudflare does not answer yet. I keep trying.") if notice.late else None,
        ),
        rows=((_close(path, locale),),),
    )


def _open(notice: PathCard, locale: Locale) -> Message:
    path = notice.path
    return Message(
        html=paragraphs(
            _head(path, locale),
            _narrowed(path, locale),
            None if notice.own else locale._("Opened by {name}.").format(name=notice.opener),
            tried(notice, locale),
            detours(notice, locale),
            locale._(
                "If a caller does not get through all the same: Cloudflare's Bot Fight Mode may stop it, and on a free plan nothing can be excepted from that."
            ),
        ),
        rows=_buttons(notice, locale),
    )


def _head(path: OpenPath, locale: Locale) -> Markup:
    if path.lasting:
        return locale._(
            "🔓 <b>Open for good</b>: {path}\nNobody needs a certificate there. Without me it would close on {day}."
        ).format(path=path.shown, day=locale.day(path.closes_at))
    return locale._(
        "🔓 <b>Open until {until}</b>: {path}\nNobody needs a certificate there. It closes by itself, even when I am off."
    ).format(path=path.shown, until=locale.clock(path.closes_at))


def _narrowed(path: OpenPath, locale: Locale) -> Markup | None:
    """What the opening is bound to, and why it is there."""
    anything = path.query is None and path.state is not PathState.CLOSED
    return lines(
        locale._("Only <code>{method}</code>.").format(method=methods(path)) if path.method else None,
        locale._("Only from {networks}.").format(networks=", ".join(path.networks)) if path.networks else None,
        locale._("Exactly this path, nothing below it.") if path.path.endswith("/") else None,
        locale._("What stands behind “?” does not matter.") if anything else None,
        locale._("Only with exactly what stands behind “?”.") if path.query else None,
        locale._("Only with nothing behind “?”.") if path.query == "" else None,
        _reason(path, locale),
    )


def _reason(path: OpenPath, locale: Locale) -> Markup | None:
    return locale._("For: {reason}").format(reason=path.reason) if path.reason else None


def _buttons(notice: PathCard, locale: Locale) -> tuple[tuple[Button, ...], ...]:
    path = notice.path
    first = (_close(path, locale),) if path.lasting else (_close(path, locale), _longer(path, locale))
    second: list[Button] = []
    line = _curl(path)
    if notice.own and len(line) <= _MAX_COPIED:
        second.append(Button(text=locale.label("Copy curl"), copy=line))
    if path.can_be_set_off:
        second.append(
            Button(text=locale.label("Try it"), callback=CallbackData(CallbackAction.PATH_TRY, path.public_id))
        )
    return (first, tuple(second)) if second else (first,)


def _curl(path: OpenPath) -> str:
    method = f" -X {path.try_method}" if path.try_method != "GET" else ""
    return f"curl -i{method} {shlex.quote(path.url)}"


def _close(path: OpenPath, locale: Locale) -> Button:
    return Button(
        text=locale.label("Close now"), callback=CallbackData(CallbackAction.PATH_CLOSE, path.public_id), look="danger"
    )


def _longer(path: OpenPath, locale: Locale) -> Button:
    until = str(int(path.closes_at.timestamp()))
    return Button(text=locale.label("+1 h"), callback=CallbackData(CallbackAction.PATH_LONGER, path.public_id, until))


def _closing(notice: PathCard, locale: Locale) -> Message:
    path = notice.path
    late = locale._("Cloudflare does not answer yet. I keep trying; it closes by itself at {until}.")
    return Message(
        html=paragraphs(
            locale._("Closing <b>{path}</b> now.").format(path=path.shown),
            late.format(until=locale.clock(path.closes_at)) if notice.late else None,
        )
    )


def _closed(notice: PathCard, locale: Locale) -> Message:
    return Message(html=_ended(notice.path, locale))


def _ended(path: OpenPath, locale: Locale) -> Markup:
    words = {
        PathEnd.TIME: locale._("🔒 <b>Closed</b>, its time was up: {path} needs a certificate again."),
        PathEnd.HOST: locale._("<b>{path}</b> is no path of its own any more: its host is not protected by me now."),
        PathEnd.RESTORED: locale._("🔒 <b>Closed</b>: {path}. A backup was restored, so it is not open any more."),
        PathEnd.LOCKDOWN: locale._("🔒 <b>Closed</b> by the lockdown: {path}. It stays closed afterwards."),
    }
    by_hand = locale._("🔒 <b>Closed</b>: {path} needs a certificate again.")
    return (words.get(path.end, by_hand) if path.end else by_hand).format(path=path.shown)


def _refused(notice: PathCard, locale: Locale) -> Message:
    path = notice.path
    words = {
        PathEnd.CLOCK: locale._(
            "<b>Not opened</b>: {path}. My clock and Cloudflare's are more than a minute apart, so it would not close when I say. Please set this machine's time, then send it again."
        ),
        PathEnd.EDGE: locale._(
            "<b>Not opened</b>: Cloudflare did not take the rule with {path} in it. Everything else is as it was; the log has Cloudflare's answer."
        ),
        PathEnd.TIME: locale._(
            "<b>Not opened</b>: {path}. Cloudflare did not answer in time. Please send it again if you still need it."
        ),
        PathEnd.UNANSWERED: locale._(
            "<b>Not opened</b>: {path}. Nobody said yes; please send it again if you need it."
        ),
    }
    plain = locale._("<b>Not opened</b>: {path}.")
    return Message(html=(words.get(path.end, plain) if path.end else plain).format(path=path.shown))


_CARDS: dict[PathState, Callable[[PathCard, Locale], Message]] = {
    PathState.ASKED: _asked,
    PathState.CHECKING: _opening,
    PathState.OPENING: _opening,
    PathState.OPEN: _open,
    PathState.CLOSING: _closing,
    PathState.CLOSED: _closed,
    PathState.REFUSED: _refused,
}


def moved(notice: PathMoved, locale: Locale) -> Message:
    """Somebody else prolonged or closed a path, or it ended by itself."""
    if notice.what is PathMove.PROLONGED:
        said = locale._("{name} keeps {path} open until {until}.").format(
            name=notice.by, path=notice.path.shown, until=locale.clock(notice.path.closes_at)
        )
        return Message(html=said, rows=((_close(notice.path, locale),),))
    if notice.by:
        return Message(
            html=locale._("🔒 {name} closed {path}: it needs a certificate again.").format(
                name=notice.by, path=notice.path.shown
            )
        )
    return Message(html=_ended(notice.path, locale))


def ending(notice: PathEnding, locale: Locale) -> Message:
    """It closes in ten minutes."""
    path = notice.path
    let = Button(
        text=locale.label("Let it close"), callback=CallbackData(CallbackAction.PATH_LET_CLOSE, path.public_id)
    )
    return Message(
        html=lines(
            locale._("{path} closes at {until}. Is more time needed?").format(
                path=path.shown, until=locale.clock(path.closes_at)
            ),
            _reason(path, locale),
        ),
        rows=((_longer(path, locale), let),),
    )


def still_needed(notice: PathStillNeeded, locale: Locale) -> Message:
    """The monthly question."""
    path = notice.path
    return Message(
        html=paragraphs(
            locale._("<b>{path}</b> has been open without a certificate since {day}. Is it still needed?").format(
                path=path.shown, day=locale.day(path.opened_at)
            ),
            _reason(path, locale),
        ),
        rows=(
            (
                Button(text=locale.label("Keep"), callback=CallbackData(CallbackAction.PATH_KEEP, path.public_id)),
                Button(
                    text=locale.label("Close"),
                    callback=CallbackData(CallbackAction.PATH_CLOSE, path.public_id),
                    look="danger",
                ),
            ),
        ),
    )


def not_prolonged(notice: PathNotProlonged, locale: Locale) -> Message:
    """The clock is wrong."""
    return Message(
        html=locale._(
            "{path} keeps its end, {until}: my clock and Cloudflare's are more than a minute apart. Please set this machine's time."
        ).format(path=notice.path.shown, until=locale.clock(notice.path.closes_at))
    )


def toast(notice: PathCard, locale: Locale) -> str:
    """What is said under a pressed button."""
    words = {
        PathState.CHECKING: locale.label("Opening…"),
        PathState.OPEN: locale.label("All right."),
        PathState.OPENING: locale.label("Opening…"),
        PathState.CLOSING: locale.label("Closing…"),
        PathState.CLOSED: locale.label("It is closed."),
        PathState.REFUSED: locale.label("Not opened."),
    }
    if notice.path.asked_until is not None and notice.path.state is PathState.OPEN:
        return locale.label("An hour more…")
    return words.get(notice.path.state, "")
