"""/paths: what is open now, so that two can be told apart: by a number, their ends, and why they are open."""

from markupsafe import Markup

from bot.chat.messages.form import Button, Message, Voice, lines, paragraphs
from bot.chat.press import Press, Verb
from bot.model.paths import HIDDEN, OpenPath, PathState
from bot.model.results import OpenPaths

_MOST_BUTTON, _MOST_END = 40, 4


def listed(result: OpenPaths, voice: Voice) -> Message:
    """Every path that needs no certificate now."""
    if not result.paths:
        return Message(
            html=voice._(
                "No path is open: everything needs a certificate.\n<code>/openpath https://…</code> opens one for a while."
            )
        )
    rows = tuple((Button(text=_button(path), press=Press(Verb.PATH, path.public_id)),) for path in result.paths)
    return Message(
        html=paragraphs(
            voice._("<b>Open without a certificate: {count}</b>").format(count=voice.number(len(result.paths))),
            lines(*(_line(path, voice) for path in result.paths)),
        ),
        rows=rows,
    )


def _line(path: OpenPath, voice: Voice) -> Markup:
    how = {
        PathState.ASKED: voice._("waits for a second yes"),
        PathState.CHECKING: voice._("opening"),
        PathState.OPENING: voice._("opening"),
        PathState.CLOSING: voice._("closing"),
    }
    until = voice._("for good") if path.lasting else voice._("until {until}").format(until=voice.clock(path.closes_at))
    said = voice._("{number}. {path}: {how}").format(number=path.id, path=path.shown, how=how.get(path.state, until))
    method = voice._(", {method} only").format(method=methods(path)) if path.method else Markup()
    reason = voice._(" – {reason}").format(reason=path.reason) if path.reason else Markup()
    return said + method + reason


def methods(path: OpenPath) -> str:
    """The methods that a path is open for."""
    return ", ".join((path.method or "").split())


def _button(path: OpenPath) -> str:
    """The number first, and why it is open before where: a phone shows the beginning of a button."""
    words = f"{path.id}. {path.reason}: {path.shown}" if path.reason else f"{path.id}. {path.shown}"
    end = HIDDEN + path.shown.rpartition(HIDDEN)[2][-_MOST_END:]
    return words if len(words) <= _MOST_BUTTON else words[: _MOST_BUTTON - len(end)] + end
