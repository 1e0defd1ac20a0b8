"""An expression over several lines: the same text, with line breaks where a reader wants them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

_WIDTH: Final = 88
_STEP: Final = "  "
_PIECE: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[(){},]|[^\s(){}",]+')
_JOINS: Final = frozenset({"and", "or", "xor", "&&", "||", "^^"})
_CLOSES: Final = {"(": ")", "{": "}"}


@dataclass
class _Group:
    """What stands between two brackets; ``before`` is what opens it, with a function's name where it is a call."""

    before: str
    after: str
    parts: list["str | _Group"] = field(default_factory=list)

    def __str__(self) -> str:
        return self.before + _flat(self.parts) + self.after


@lru_cache(maxsize=32)
def broken(text: str, width: int = _WIDTH) -> str:
    """The expression with line breaks and indentation alone changed; a bracket that fits on a line stays on it.

    Sets are broken between their members, conditions before ``and`` and ``or``. For valid expressions: a bracket
    that nobody closes is closed here.
    """
    whole = _grouped(text)
    return "\n".join(_lines(whole.parts, "", width))


def _flat(parts: Sequence["str | _Group"]) -> str:
    """On one line; a comma stands right behind what it ends."""
    return "".join(part if part == "," else f" {part}" for part in map(str, parts))[1:]


def _grouped(text: str) -> _Group:
    open_groups = [_Group("", "")]
    end = -1
    for piece in _PIECE.finditer(text):
        token, here = piece[0], open_groups[-1].parts
        if token in _CLOSES:
            called = token == "(" and piece.start() == end and bool(here) and isinstance(here[-1], str)
            group = _Group(f"{here.pop()}(" if called else token, _CLOSES[token])
            here.append(group)
            open_groups.append(group)
        elif token == open_groups[-1].after:
            open_groups.pop()
        else:
            here.append(token)
        end = piece.end()
    return open_groups[0]


def _lines(parts: list[str | _Group], indent: str, width: int) -> list[str]:
    """One condition a line, each with the word that joins it to the one before."""
    lines = []
    for condition in _conditions(parts):
        flat = indent + _flat(condition)
        last = condition[-1]
        if len(flat) <= width or isinstance(last, str) or last.before not in _CLOSES:
            lines.append(flat)
            continue
        lead = _flat([*condition[:-1], last.before])
        inside = [[part] for part in last.parts] if last.before == "{" else [last.parts]
        lines.append(indent + lead)
        for each in inside:
            lines.extend(_lines(each, indent + _STEP, width))
        lines.append(indent + last.after)
    return lines


def _conditions(parts: list[str | _Group]) -> Iterator[list[str | _Group]]:
    condition: list[str | _Group] = []
    for part in parts:
        if isinstance(part, str) and part in _JOINS and condition:
            yield condition
            condition = []
        condition.append(part)
    if condition:
        yield condition
