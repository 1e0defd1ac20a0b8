"""Two people, one subject: whoever pressed first comes first, although each of them has a lane of their own.

Telegram numbers what people press. In lanes alone the later of two presses can win: the earlier one's lane was at work,
or its person had to be written down anew. So a press about something also stands in a line of that something, from
when it comes in until it has taken effect (its change is committed, or its turn is over).
"""

import asyncio
import contextlib
import json

from bot.chat.press import Press, Unreadable, Verb, decode

PATIENCE_SECONDS = 3.0
"""How long a press lets earlier ones of other people go first. Most take milliseconds; but one of them may stand behind
others of its person to whom Telegram is slow (20 s a call), and nobody is held up for long by that.
"""

PATIENCE_TAKING_AWAY_SECONDS = 1.0

_WITHOUT_ID = {
    Verb.BLOCK_EVERYTHING: "lockdown",
    Verb.END_LOCKDOWN: "lockdown",
    Verb.PUT_BACK: "rule",
    Verb.UNFREEZE_ALL: "unfreeze",
}
_BY_ARGUMENT = frozenset({Verb.ADOPT, Verb.REVOKE_UNKNOWN})


class Place:
    """A press's place in the line of its subject."""

    def __init__(self, line: list["Place"]) -> None:
        self._line = line
        self._left = asyncio.Event()
        line.append(self)

    async def come(self, patience: float) -> None:
        """Return when all before it have left, or after ``patience`` seconds: then nobody waits for them any more."""
        before = self._line[: self._line.index(self)] if self in self._line else []
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                for earlier in before:
                    await earlier._left.wait()
        for overtaken in before:
            overtaken.leave()

    def leave(self) -> None:
        """It has taken effect, or never will. Harmless when it has left already."""
        self._left.set()
        if self in self._line:
            self._line.remove(self)


class SubjectOrder:
    """One line a subject, as long as somebody stands in it."""

    def __init__(self) -> None:
        self._lines: dict[str, list[Place]] = {}

    def enter(self, subject: str | None) -> Place:
        """The last place in a subject's line; for what is about nothing a line of its own."""
        if subject is None:
            return Place([])
        for empty in [each for each, line in self._lines.items() if not line]:
            del self._lines[empty]
        return Place(self._lines.setdefault(subject, []))


def subject_of(body: bytes | None) -> str | None:
    """What an update's press is about; ``None`` for all that is no press, or about nothing in particular."""
    if body is None or b'"callback_query"' not in body:
        return None
    query = json.loads(body).get("callback_query")
    press = decode(str(query.get("data", ""))) if isinstance(query, dict) else Unreadable()
    return _subject(press) if isinstance(press, Press) else None


def _subject(press: Press) -> str | None:
    if press.verb in _BY_ARGUMENT:
        return press.arg or None
    return press.subject or _WITHOUT_ID.get(press.verb)
