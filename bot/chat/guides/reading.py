"""Reads a guide: a head, then screens, in a small part of Markdown. Strict: what it does not know is an error.

The head stands between two lines ``---``: ``title``, ``for`` (``device``, ``app`` or ``admin``), ``versions``,
``checked`` (year and month) and one or more ``source``. Then come the screens, each from a line ``## Heading`` to the
next; ``## Heading {#name}`` gives one a name by which the bot finds it. A screen holds paragraphs and numbered steps,
separated by empty lines; a line that goes on is indented under its step. Within a line: ``**button of the bot**``,
``*what stands on the device*`` and ```what is typed```. Nothing else: no links, no HTML, no pictures.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from markupsafe import Markup


class ForWhom(StrEnum):
    """What a guide is about: a device, an app on it, or a matter for admins alone."""

    DEVICE = "device"
    APP = "app"
    ADMIN = "admin"


@dataclass(frozen=True)
class Screen:
    """One screen. ``steps``: its first list; ``rest``: everything else. ``name`` may be empty."""

    heading: str
    name: str
    steps: Markup
    rest: Markup
    body: Markup


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A guide. ``versions``, ``checked`` and ``sources`` tell for what it was written, when, and from what."""

    slug: str
    title: str
    for_whom: ForWhom
    versions: str
    checked: str
    sources: tuple[str, ...]
    screens: tuple[Screen, ...]

    def named(self, name: str) -> Screen:
        """The screen of that name.

        Raises:
            KeyError: there is none.
        """
        for screen in self.screens:
            if screen.name == name:
                return screen
        raise KeyError(f"{self.slug} has no screen {name}")


_FIELDS: Final = ("title", "for", "versions", "checked", "source")
_ONCE: Final = frozenset(_FIELDS) - {"source"}
_HEADING = re.compile(r"## (?P<heading>[^#{}]+?)(?: \{#(?P<name>[a-z0-9-]+)\})?")
_STEP = re.compile(r"(?P<number>[1-9])\. (?P<text>\S.*)")
_MARKS = re.compile(r"\*\*(?P<b>[^*`]+)\*\*|\*(?P<i>[^*`]+)\*|`(?P<code>[^`]+)`|(?P<plain>[^*`]+)|(?P<odd>.)")
_FORMS: Final = {
    "b": Markup("<b>{text}</b>"),
    "i": Markup("<i>{text}</i>"),
    "code": Markup("<code>{text}</code>"),
    "plain": Markup("{text}"),
}
_FOREIGN = re.compile(r"[<>\[\]|\\]|^[#>=+-]|__|!\(")
_CHECKED = re.compile(r"20\d\d-(0[1-9]|1[0-2])")


def read(slug: str, text: str) -> Guide:
    """The guide in ``text``; ``slug`` is its file's name without the ending.

    Raises:
        ValueError: it is not as the module says; with file and line.
    """
    lines = text.split("\n")
    try:
        end = lines.index("---", 1) if lines[0] == "---" else 0
    except ValueError:
        end = 0
    if not end:
        raise ValueError(f"{slug}.md:1: a head between two lines --- comes first")
    head = _head(slug, lines[1:end])
    screens = _screens(slug, lines[end + 1 :], end + 2)
    return Guide(
        slug=slug,
        title=head["title"][0],
        for_whom=ForWhom(head["for"][0]),
        versions=head["versions"][0],
        checked=head["checked"][0],
        sources=tuple(head["source"]),
        screens=screens,
    )


def _head(slug: str, lines: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, line in enumerate(lines, 2):
        field, colon, value = line.partition(": ")
        if not colon or field not in _FIELDS or not value.strip() or (field in _ONCE and field in found):
            raise ValueError(f"{slug}.md:{number}: not a line of the head: {line!r}")
        found.setdefault(field, []).append(value.strip())
    missing = [field for field in _FIELDS if field not in found]
    if missing:
        raise ValueError(f"{slug}.md:1: the head lacks {', '.join(missing)}")
    if found["for"][0] not in set(ForWhom) or not _CHECKED.fullmatch(found["checked"][0]):
        raise ValueError(f"{slug}.md:1: 'for' or 'checked' is not one that is known")
    return found


def _screens(slug: str, lines: list[str], first: int) -> tuple[Screen, ...]:
    screens: list[Screen] = []
    heading: re.Match[str] | None = None
    begun, start = first, 0
    for index, line in enumerate([*lines, "## end"]):
        if not line.startswith("## "):
            continue
        inside = lines[start:index]
        if heading is not None:
            screens.append(_screen(slug, heading, inside, begun))
        elif any(one.strip() for one in inside):
            raise ValueError(f"{slug}.md:{begun}: text before the first ## heading")
        heading = _HEADING.fullmatch(line)
        if heading is None:
            raise ValueError(f"{slug}.md:{first + index}: not a heading: {line!r}")
        begun, start = first + index + 1, index + 1
    names = [screen.name for screen in screens if screen.name]
    if not screens or len(names) != len(set(names)):
        raise ValueError(f"{slug}.md:{first}: no screen, or two of one name")
    return tuple(screens)


def _screen(slug: str, heading: re.Match[str], lines: list[str], first: int) -> Screen:
    blocks: list[Markup] = []
    steps, rest = Markup(), []
    for start, block in _blocks(lines, first):
        numbered = _STEP.fullmatch(block[0]) is not None
        markup = _list(slug, block, start) if numbered else _paragraph(slug, block, start)
        blocks.append(markup)
        if numbered and not steps:
            steps = markup
        else:
            rest.append(markup)
    if not blocks:
        raise ValueError(f"{slug}.md:{first}: a screen without text")
    between = Markup("\n\n")
    return Screen(heading["heading"], heading["name"] or "", steps, between.join(rest), between.join(blocks))


def _blocks(lines: list[str], first: int) -> list[tuple[int, list[str]]]:
    blocks: list[tuple[int, list[str]]] = []
    open_block = False
    for number, line in enumerate(lines, first):
        if not line.strip():
            open_block = False
        elif open_block:
            blocks[-1][1].append(line)
        else:
            blocks.append((number, [line]))
            open_block = True
    return blocks


def _list(slug: str, block: list[str], first: int) -> Markup:
    items: list[tuple[int, str]] = []
    for number, line in enumerate(block, first):
        step = _STEP.fullmatch(line)
        if step is not None:
            if int(step["number"]) != len(items) + 1:
                raise ValueError(f"{slug}.md:{number}: step {len(items) + 1} is missing")
            items.append((number, step["text"]))
        elif line.startswith("   "):
            items[-1] = (items[-1][0], f"{items[-1][1]} {line.strip()}")
        else:
            raise ValueError(f"{slug}.md:{number}: neither a step nor the rest of one: {line!r}")
    return Markup("\n").join(
        Markup("{n}. {text}").format(n=n, text=_inline(slug, text, at)) for n, (at, text) in enumerate(items, 1)
    )


def _paragraph(slug: str, block: list[str], first: int) -> Markup:
    for number, line in enumerate(block, first):
        if line != line.strip() or _STEP.match(line):
            raise ValueError(f"{slug}.md:{number}: steps stand apart, and text is not indented: {line!r}")
    return _inline(slug, " ".join(block), first)


def _inline(slug: str, text: str, number: int) -> Markup:
    if _FOREIGN.search(re.sub(r"`[^`]*`", "", text)):
        raise ValueError(f"{slug}.md:{number}: more Markdown than a guide has: {text!r}")
    parts: list[Markup] = []
    for mark in _MARKS.finditer(text):
        kind, inner = mark.lastgroup, mark.group(mark.lastgroup or 0)
        if kind == "odd":
            raise ValueError(f"{slug}.md:{number}: a mark that is not closed: {text!r}")
        parts.append(_FORMS[kind or "plain"].format(text=inner))
    return Markup().join(parts)
