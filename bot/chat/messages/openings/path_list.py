"""/paths: what is open now, so that two can be told apart: by a number, their ends, and why they are open."""

from markupsafe import Markup

from bot.chat.callback_data import CallbackAction, CallbackData
from bot.chat.messages.message import Button, Locale, Message, lines, paragraphs
from bot.model.openings.paths import HIDDEN, OpenPath, PathState
from bot.model.results import OpenPaths

_MAX_BUTTON, _MOST_END = 40, 4


def listed(result: OpenPaths, locale: Locale) -> Message:
    """Every path that needs no certificate now."""
    if not result.paths:
        return Message(
            html=locale._(
                "No path is open: everything needs a certificate.\n<code>/openpath https://…</code> opens one for a while."
            )
        )
    rows = tuple(
        (Button(text=_button(path), callback=CallbackData(CallbackAction.PATH, path.public_id)),)
        for path in result.paths
    )
    return Message(
        html=paragraphs(
            locale._("<b>Open without a certificate: {count}</b>").format(count=locale.number(len(result.paths))),
            lines(*(_line(path, locale) for path in result.paths)),
        ),
        rows=rows,
    )


def _line(path: OpenPath, locale: Locale) -> Markup:
    how = {
        PathState.ASKED: locale._("waits for a second yes"),
        PathState.CHECKING: locale._("opening"),
        PathState.OPENING: locale._("opening"),
        PathState.CLOSING: locale._("closing"),
    }
    until = (
        locale._("for good") if path.lasting else locale._("until {until}").format(until=locale.clock(path.closes_at))
    )
    said = locale._("{number}. {path}: {how}").format(number=path.id, path=path.shown, how=how.get(path.state, until))
    method = locale._(", {method} only").format(method=methods(path)) if path.method else Markup()
    reason = locale._(" – {reason}").format(reason=path.reason) if path.reason else Markup()
    return said + method + reason


def methods(path: OpenPath) -> str:
    """The methods that a path is open for."""
    return ", ".join((path.method or "").split())


def _button(path: OpenPath) -> str:
    """The number first, and why it is open before where: a phone shows the beginning of a button."""
    words = f"{path.id}. {path.reason}: {path.shown}" if path.reason else f"{path.id}. {path.shown}"
    end = HIDDEN + path.shown.rpartition(HIDDEN)[2][-_MOST_END:]
    return words if len(words) <= _MAX_BUTTON else words[: _MAX_BUTTON - len(end)] + end
