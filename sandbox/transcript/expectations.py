"""What a transcript expects of one action, and how it compares with what the phones saw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sandbox.telegram import ChatEvent, ShownMessage
from sandbox.transcript.patterns import ANYTHING, Caught, match, match_buttons, normalised

Kind = Literal["new", "edit", "gone", "notice", "copied", "link"]
Rows = tuple[tuple[str, ...], ...]

_MARKS: Mapping[Kind, str] = {"new": "<", "edit": "~", "gone": " x", "copied": " copies", "link": " goes to"}
_SEEN_AS: Mapping[str, Kind] = {"new": "new", "edit": "edit", "gone": "gone", "popup": "notice", "toast": "notice"}


@dataclass(frozen=True)
class Expected:
    """One thing somebody shall see; ``rows`` are the lines of buttons as written."""

    line: int
    who: str
    kind: Kind
    text: str
    rows: Rows = ()

    def matches(self, seen: "Seen", caught: Caught) -> dict[str, str] | None:
        """What is caught when ``seen`` is it; None when it is something else."""
        if (seen.who, seen.kind) != (self.who, self.kind):
            return None
        if self.kind == "notice":
            return match(_one_line(self.text), _one_line(seen.text), caught)
        found = match(self.text, seen.text, caught, beginning=self.kind == "gone")
        if found is None or self.kind not in ("new", "edit"):
            return found
        return self._match_rows(seen.rows, found)

    def _match_rows(self, rows: Rows, caught: Caught) -> dict[str, str] | None:
        if len(self.rows) <= 1:
            wanted = self.rows[0] if self.rows else ()
            return match_buttons(wanted, [text for row in rows for text in row], caught)
        if len(self.rows) != len(rows) and (ANYTHING,) not in self.rows:
            return None
        # A line break is a button of its own here, so that "[…]" on a line may stand for whole rows.
        return match_buttons(_flat(self.rows), _flat(rows), caught)

    def __str__(self) -> str:
        return _written(self.who, self.kind, self.text, self.rows)


@dataclass(frozen=True)
class Seen:
    """One thing that happened on somebody's phone.

    ``optional`` things may go unmentioned: an edit that was overtaken, and what the phone did by itself.
    """

    who: str
    kind: Kind
    text: str
    rows: Rows = ()
    message_id: int | None = None
    optional: bool = False

    def __str__(self) -> str:
        return _written(self.who, self.kind, self.text, self.rows)


class Mismatch(Exception):
    """What came is not what was expected; ``line`` is where it went wrong, 0 for after everything expected."""

    def __init__(self, line: int, expected: Sequence[Expected], seen: Sequence[Seen], wrong: str) -> None:
        super().__init__(wrong)
        self.line = line
        self.expected = expected
        self.seen = seen
        self.wrong = wrong

    def __str__(self) -> str:
        expected = "\n".join(str(each) for each in self.expected) or "(nothing)"
        came = "\n".join(str(each) for each in self.seen) or "(nothing)"
        return f"{self.wrong}\nexpected:\n{_indented(expected)}\ncame:\n{_indented(came)}"


def message_text(message: ShownMessage | None, text: str) -> str:
    """A message as transcripts write it: the file first, then text or caption."""
    file = f"<file: {message.document.file_name}>\n" if message and message.document else ""
    return normalised(file + text)


def seen_events(events: Sequence[tuple[str, ChatEvent]]) -> list[Seen]:
    """Events of one action, with whose they are; an edit is optional when the same message changed again."""
    last = {event.message_id: event.sequence for _, event in events if event.kind in ("edit", "gone")}
    seen = []
    for who, event in events:
        overtaken = event.kind == "edit" and last[event.message_id] != event.sequence
        buttons = event.message.rows if event.message and event.kind != "gone" else ()
        rows = tuple(tuple(normalised(button.text) for button in row) for row in buttons)
        seen.append(
            Seen(who, _SEEN_AS[event.kind], message_text(event.message, event.text), rows, event.message_id, overtaken)
        )
    return seen


def compare(expected: Sequence[Expected], seen: Sequence[Seen], caught: Caught) -> dict[str, str]:
    """What is caught when everything expected came, in its order, and nothing else.

    The order counts for each phone by itself, and for pop-ups and for what vanishes apart from messages: a bot does
    several things at once.
    Raises ``Mismatch``.
    """
    values = dict(caught)
    streams = [_stream(each) for each in expected] + [_stream(each) for each in seen]
    for stream in dict.fromkeys(streams):
        wanted = [each for each in expected if _stream(each) == stream]
        came = [each for each in seen if _stream(each) == stream]
        search = _Search(wanted, came)
        found = search.run(0, 0, values)
        if found is None:
            line, wrong = search.explanation()
            raise Mismatch(line, expected, seen, wrong)
        values = found
    return values


class _Search:
    """Lays what was expected over what came; remembers how far it got."""

    def __init__(self, wanted: Sequence[Expected], came: Sequence[Seen]) -> None:
        self._wanted = wanted
        self._came = came
        self._furthest = (0, 0)

    def run(self, wanted: int, came: int, caught: Caught) -> dict[str, str] | None:
        self._furthest = max(self._furthest, (wanted, came))
        if came == len(self._came):
            return dict(caught) if wanted == len(self._wanted) else None
        if wanted < len(self._wanted):
            more = self._wanted[wanted].matches(self._came[came], caught)
            if more is not None and (found := self.run(wanted + 1, came + 1, more)) is not None:
                return found
        return self.run(wanted, came + 1, caught) if self._came[came].optional else None

    def explanation(self) -> tuple[int, str]:
        wanted, came = self._furthest
        if wanted == len(self._wanted):
            return 0, f"nobody expected:\n{_indented(str(self._came[came]))}"
        awaited = self._wanted[wanted]
        if came == len(self._came):
            return awaited.line, f"this did not come:\n{_indented(str(awaited))}"
        return awaited.line, f"instead of this line came:\n{_indented(str(self._came[came]))}"


def _stream(thing: Expected | Seen) -> tuple[str, str]:
    apart = thing.kind if thing.kind in ("notice", "gone", "copied", "link") else "message"
    return thing.who, apart


def _flat(rows: Rows) -> list[str]:
    flat = [text for row in rows for text in ("\n", *row)]
    return [text for at, text in enumerate(flat) if text != "\n" or flat[at + 1 : at + 2] != [ANYTHING]]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _written(who: str, kind: Kind, text: str, rows: Rows) -> str:
    if kind == "notice":
        return f'! {who} "{_one_line(text)}"'
    lines = text.split("\n")
    buttons = ["  " + " ".join(f"[{each}]" for each in row) for row in rows]
    return "\n".join([f"{who}{_MARKS[kind]} {lines[0]}", *(f"  {line}" for line in lines[1:]), *buttons])


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.split("\n"))
