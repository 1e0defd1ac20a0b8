"""Two people, one subject: whoever pressed first comes first, although each of them has a lane of their own.

Telegram numbers what people press. In lanes alone the later of two presses can win: the earlier one's lane was at work,
or its person had to be written down anew. So a press about something also stands in a line of that something, from
when it comes in until it has taken effect (its change is committed, or its turn is over).
"""

import asyncio
import contextlib
import json
from collections import defaultdict
from dataclasses import dataclass, field

from bot.chat.callback_data import CallbackAction, CallbackData, Unreadable, decode

PATIENCE_SECONDS = 3.0
"""How long one turn may last before nobody lets what stands behind it in its lane go first any more. Most turns take
milliseconds; Telegram may take 20 s for a call, and nobody is held up by that who is not the one it talks to.
"""

PATIENCE_TAKING_AWAY_SECONDS = 1.0

_WITHOUT_ID = {
    CallbackAction.BLOCK_EVERYTHING: "lockdown",
    CallbackAction.END_LOCKDOWN: "lockdown",
    CallbackAction.PUT_BACK: "rule",
    CallbackAction.UNFREEZE_ALL: "unfreeze",
}
_BY_ARGUMENT = frozenset({CallbackAction.ADOPT, CallbackAction.REVOKE_UNKNOWN})


@dataclass
class _Lane:
    """What is known of a lane: since when a turn is at work in it, by the loop's clock; ``changed`` is set by whatever
    happens in it next.
    """

    at_work_since: float | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self) -> None:
        self.changed.set()
        self.changed = asyncio.Event()


class Place:
    """An update's place in its lane and in the line of its subject."""

    def __init__(self, lane: _Lane, line: list["Place"]) -> None:
        self._lane = lane
        self._line = line
        self._before = [earlier for earlier in line if earlier._lane is not lane]  # noqa: SLF001 -- of the same class
        line.append(self)

    async def come(self, patience: float) -> None:
        """Return when all before it have left; or when one of them stands behind a turn that is longer at work than
        ``patience`` seconds: then nobody waits for that one any more. From now on a turn is at work in its lane.
        """
        for earlier in self._before:
            await earlier._has_left(patience)  # noqa: SLF001 -- of the same class
            earlier.leave()
        self._lane.at_work_since = asyncio.get_running_loop().time()
        self._lane.tell()

    def leave(self) -> None:
        """It has taken effect, or never will. Harmless when it has left already."""
        if self in self._line:
            self._line.remove(self)
            self._lane.tell()

    def end(self) -> None:
        """Its turn is over."""
        self.leave()
        self._lane.at_work_since = None
        self._lane.tell()

    async def _has_left(self, patience: float) -> None:
        loop = asyncio.get_running_loop()
        while self in self._line:
            since, changed = self._lane.at_work_since, self._lane.changed
            until = None if since is None else since + patience
            if until is not None and until <= loop.time():
                return
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(until):
                    await changed.wait()


class SubjectOrder:
    """One line a subject, as long as somebody stands in it."""

    def __init__(self) -> None:
        self._lines: dict[str, list[Place]] = {}
        self._lanes: defaultdict[int, _Lane] = defaultdict(_Lane)

    def enter(self, lane: int, subject: str | None) -> Place:
        """The last place in a subject's line; for what is about nothing a line of its own."""
        if subject is None:
            return Place(self._lanes[lane], [])
        for empty in [each for each, line in self._lines.items() if not line]:
            del self._lines[empty]
        return Place(self._lanes[lane], self._lines.setdefault(subject, []))


def subject_of(body: bytes | None) -> str | None:
    """What an update's press is about; ``None`` for all that is no press, or about nothing in particular."""
    if body is None or b'"callback_query"' not in body:
        return None
    query = json.loads(body).get("callback_query")
    press = decode(str(query.get("data", ""))) if isinstance(query, dict) else Unreadable()
    return _subject(press) if isinstance(press, CallbackData) else None


def _subject(callback: CallbackData) -> str | None:
    if callback.verb in _BY_ARGUMENT:
        return callback.arg or None
    return callback.subject or _WITHOUT_ID.get(callback.verb)
