"""Text as transcripts write it: what matches anything, what is caught, what must be the same again."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sandbox.transcript.errors import CannotDoError

ANYTHING: Final = "…"

_CATCH = re.compile(r"\{([^\W\d_][\w-]*)(…?)\}")
_TOKEN = re.compile(rf"(\{{[^\W\d_][\w-]*…?\}}|{ANYTHING})")

Caught = Mapping[str, str]


def normalised(text: str) -> str:
    """The text with runs of blanks made one and empty lines left out; line breaks stay."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def filled(text: str, caught: Caught) -> str:
    """The text with what was caught before put in.

    Raises:
        CannotDoError: nothing was caught under a name.
    """

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name not in caught:
            raise CannotDoError(f"nothing was caught as {{{name}}}")
        return caught[name]

    return _CATCH.sub(value, text)


def caught_names(text: str) -> list[str]:
    """The names between braces in a text, in their order."""
    return [found[1] for found in _CATCH.finditer(text)]


def match(pattern: str, text: str, caught: Caught, *, beginning: bool = False) -> dict[str, str] | None:
    """What the pattern catches in the text, with what was caught before; None when it does not match.

    ``…`` stands for anything, also over lines; alone on a line for any number of lines. ``{word}`` takes a word
    without blanks, ``{word…}`` the rest of a line. With ``beginning`` the text may go on after the pattern.
    """
    expression = _Expression(caught)
    for line in normalised(pattern).split("\n"):
        expression.add(line)
    found = re.fullmatch(expression.finished() + (".*" if beginning else ""), normalised(text), re.DOTALL)
    if found is None:
        return None
    return {**caught, **{name: found[group] for name, group in expression.groups.items()}}


def match_buttons(patterns: Sequence[str], texts: Sequence[str], caught: Caught) -> dict[str, str] | None:
    """As ``match``, button by button; a pattern ``…`` stands for any number of buttons."""
    if not patterns:
        return None if texts else dict(caught)
    if patterns[0] == ANYTHING:
        ways = (match_buttons(patterns[1:], texts[skipped:], caught) for skipped in range(len(texts) + 1))
        return next((way for way in ways if way is not None), None)
    if not texts:
        return None
    more = match(patterns[0], texts[0], caught)
    return None if more is None else match_buttons(patterns[1:], texts[1:], more)


@dataclass
class _Expression:
    """A regular expression that grows by lines."""

    caught: Caught
    groups: dict[str, str] = field(default_factory=dict)
    _text: str | None = None
    _lines_between: bool = False

    def add(self, line: str) -> None:
        if line == ANYTHING:
            self._lines_between = True
            return
        between = r"(?:\n.*)?\n" if self._lines_between else r"\n"
        if self._text is None:
            between = r"(?:.*\n)?" if self._lines_between else ""
        self._text = (self._text or "") + between + self._line(line)
        self._lines_between = False

    def finished(self) -> str:
        if self._text is None:
            return ".*" if self._lines_between else ""
        return self._text + (r"(?:\n.*)?" if self._lines_between else "")

    def _line(self, line: str) -> str:
        return "".join(self._piece(piece) for piece in _TOKEN.split(line))

    def _piece(self, piece: str) -> str:
        if piece == ANYTHING:
            return ".*"
        found = _CATCH.fullmatch(piece)
        if not found:
            return re.escape(piece)
        name = found[1]
        if name in self.caught:
            return re.escape(normalised(self.caught[name]))
        if name in self.groups:
            return f"(?P={self.groups[name]})"
        self.groups[name] = f"caught{len(self.groups)}"
        taken = r"[^\n]+" if found[2] else r"\S+"
        return f"(?P<{self.groups[name]}>{taken})"
