"""Telegram's HTML: what it takes, what it refuses, the plain text and entities that come out."""

import html
import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import BadRequestError

Entity = dict[str, Any]

MAX_ENTITIES = 100

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "tg-time": "date_time",
    "tg-emoji": "custom_emoji",
}
_MONOSPACE = frozenset({"code", "pre"})
_MARK = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![A-Za-z]));?")
_START = re.compile(r"<([^\s>]*)([^>\"']*(?:(?:\"[^\"]*\"|'[^']*')[^>\"']*)*)>")
_END = re.compile(r"</([^\s>]*)\s*>")
_ATTRIBUTE = re.compile(r"\s*([^\s=\"'>]+)(\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.\-]+)(?=\s|$))?)?")
_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")
_LINK = re.compile(r"(?:(?:https?|tg|ton)://\S+|mailto:\S+|[\w.-]+\.[a-z]{2,}(?:[/?#]\S*)?)", re.IGNORECASE)
_USER_LINK = re.compile(r"tg://user\?id=([0-9]+)")


@dataclass(frozen=True)
class Formatted:
    """Text as people see it, its entities (offsets in UTF-16 units), and the HTML it was made of."""

    text: str
    entities: tuple[Entity, ...] = ()
    html: str = ""

    @property
    def same(self) -> tuple[str, tuple[Entity, ...]]:
        """What decides whether two texts are the same for Telegram."""
        return self.text, self.entities


@dataclass
class _Open:
    tag: str
    kind: str
    offset: int
    begins: int
    more: Entity


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le")) // 2


def plain(text: str) -> Formatted:
    """Text without a parse mode."""
    text = text.strip()
    return Formatted(text, (), html.escape(text, quote=False))


def formatted(text: str, parse_mode: str | None) -> Formatted:
    """The text a bot sent, parsed.

    Raises:
        BadRequestError: it does not parse, has too many entities, or the parse mode is not HTML. Spoiler
            with code and quotes in quotes, which Telegram silently flattens, are refused on purpose.
    """
    if parse_mode in {None, ""}:
        return plain(text)
    if str(parse_mode).lower() != "html":
        raise BadRequestError("unsupported parse_mode")
    parsed = _Parser(text).run()
    if len(parsed.entities) > MAX_ENTITIES:
        raise BadRequestError(f"can't parse entities: more than {MAX_ENTITIES} entities")
    return parsed


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text: list[str] = []
        self.length = 0
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def run(self) -> Formatted:
        at = 0
        while mark := _MARK.search(self.source, at):
            self.add(self.source[at : mark.start()])
            at = self.reference(mark.start()) if mark[0] == "&" else self.tag(mark.start())
        self.add(self.source[at:])
        if self.open:
            raise self.refusal(f"Can't find end tag corresponding to start tag {self.open[-1].tag}")
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return _trimmed("".join(self.text), self.entities, self.source.strip())

    def add(self, text: str) -> None:
        self.text.append(text)
        self.length += utf16_length(text)

    def refusal(self, why: str, at: int | None = None, more: str = "") -> BadRequestError:
        place = "" if at is None else f" at byte offset {len(self.source[:at].encode())}"
        return BadRequestError(f"can't parse entities: {why}{place}{more}")

    def reference(self, at: int) -> int:
        found = _REFERENCE.match(self.source, at)
        self.add(_resolved(found) if found else "&")
        return found.end() if found else at + 1

    def tag(self, at: int) -> int:
        if self.source.startswith("</", at):
            return self.end_tag(at)
        name = re.match(r"<([^\s>]*)", self.source[at:])
        if self.source.find(">", at) < 0:
            raise self.refusal("Unclosed start tag", at)
        tag = name[1].lower() if name else ""
        if tag not in _KINDS:
            raise self.refusal(f'Unsupported start tag "{tag}"', at)
        found = _START.match(self.source, at)
        if not found:
            raise self.refusal("Unclosed start tag", at)
        opened = _Open(tag, _KINDS[tag], self.length, len(self.text), {})
        self.complete(opened, self.attributes(tag, found[2], at), at)
        self.nest(opened, at)
        self.open.append(opened)
        return found.end()

    def attributes(self, tag: str, written: str, at: int) -> dict[str, str]:
        values: dict[str, str] = {}
        place, written = 0, written.rstrip()
        while place < len(written):
            found = _ATTRIBUTE.match(written, place)
            if not found:
                raise self.refusal(f'Empty attribute name in the tag "{tag}"', at)
            value = next((text for text in found.groups()[2:] if text is not None), None)
            if found[2] is None and (tag, found[1]) != ("blockquote", "expandable"):
                raise self.refusal(f'Expected equal sign in declaration of an attribute of the tag "{tag}"', at)
            if found[2] is not None and value is None:
                raise self.refusal("Unexpected end of name token", at)
            values[found[1]] = _REFERENCE.sub(_resolved, value or "")
            place = found.end()
        return values

    def complete(self, opened: _Open, values: dict[str, str], at: int) -> None:
        """Put into the entity what its tag's attributes say."""
        if opened.tag == "span" and values.get("class") != "tg-spoiler":
            raise self.refusal('Tag "span" must have class "tg-spoiler"', at)
        if opened.tag == "blockquote" and "expandable" in values:
            opened.kind = "expandable_blockquote"
        if opened.tag == "a":
            opened.more["url"] = values.get("href", "")
        if opened.tag == "code" and values.get("class", "").startswith("language-"):
            opened.more["language"] = values["class"].removeprefix("language-")
        if opened.tag == "tg-emoji":
            if not values.get("emoji-id", "").isdecimal():
                raise self.refusal("Invalid custom emoji identifier specified")
            opened.more["custom_emoji_id"] = values["emoji-id"]
        if opened.tag == "tg-time":
            if not values.get("unix", "").isdecimal():
                raise self.refusal("Invalid Unix time specified", at)
            if not _TIME_FORMAT.fullmatch(values.get("format", "")):
                raise self.refusal("Invalid date-time format specified", at)
            opened.more["unix_time"] = int(values["unix"])
            opened.more |= {"date_time_format": values["format"]} if values.get("format") else {}

    def nest(self, opened: _Open, at: int) -> None:
        around = {outer.kind for outer in self.open}
        if opened.tag == "blockquote" and around & {"blockquote", "expandable_blockquote"}:
            raise self.refusal("Blockquotes can't be nested", at)
        if (opened.kind == "spoiler" and around & _MONOSPACE) or (opened.kind in _MONOSPACE and "spoiler" in around):
            raise self.refusal("Spoiler can't be combined with code or pre", at)

    def end_tag(self, at: int) -> int:
        if not self.open:
            raise self.refusal("Unexpected end tag", at)
        found = _END.match(self.source, at)
        if not found:
            raise self.refusal("Unclosed end tag", at)
        opened, name = self.open[-1], found[1].lower()
        if name and name != opened.tag:
            expected = f', expected "</{opened.tag}>", found "</{name}>"'
            raise self.refusal("Unmatched end tag", at, expected)
        self.open.pop()
        if self.length > opened.offset:
            self.close(opened)
        return found.end()

    def close(self, opened: _Open) -> None:
        entity = {"type": opened.kind, "offset": opened.offset, "length": self.length - opened.offset}
        if opened.kind == "text_link":
            url = opened.more["url"] or "".join(self.text[opened.begins :])
            if user := _USER_LINK.fullmatch(url):
                person = {"id": int(user[1]), "is_bot": False, "first_name": user[1]}
                self.entities.append(entity | {"type": "text_mention", "user": person})
            elif _LINK.fullmatch(url):
                self.entities.append(entity | {"url": url})
            return
        if opened.kind == "pre" and self.entities:
            last = self.entities[-1]
            if last["type"] == "code" and (last["offset"], last["length"]) == (
                entity["offset"],
                entity["length"],
            ):
                opened.more |= {"language": last["language"]} if "language" in last else {}
                self.entities.pop()
        self.entities.append(entity | opened.more)


def _resolved(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2] or 0)
    if code:
        return chr(code) if code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else found[0]
    return {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}.get(found[3] or "", found[0])


def _trimmed(text: str, entities: list[Entity], source: str) -> Formatted:
    """Without white space around, as Telegram stores it, and with the entities moved along."""
    lead = utf16_length(text) - utf16_length(text.lstrip())
    total = utf16_length(text.strip())
    moved = []
    for entity in entities:
        begin = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, total)
        if end > begin:
            moved.append(entity | {"offset": begin, "length": end - begin})
    for entity in moved:
        if entity["type"] == "code":
            entity.pop("language", None)
    return Formatted(text.strip(), tuple(moved), source)
