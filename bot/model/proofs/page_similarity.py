"""Whether two answers come from one and the same service, as far as pages tell.

Pages of one service differ a little from one request to the next (tokens against forgery, times), and in the name they
were asked by; pages of two services differ in their title, or in most of their words.
"""

import re
from dataclasses import dataclass, field
from enum import StrEnum

_TITLE = re.compile(r"<title[^>]*>(.*?)</title>", re.DOTALL)
_WORD = re.compile(r"\w+")
_SELF = "\x00"
"""Takes the place of the name by which a service was asked."""

_ALIKE = 0.75
"""The part of the words that two pages of one service have in common at least."""

_REDIRECTS = range(300, 400)
_TELLING = frozenset({*range(200, 300), 401})
"""Statuses whose pages tell something. What a service refuses or does not have looks alike everywhere, and so does the
page of a redirect.
"""


@dataclass(frozen=True, kw_only=True)
class Page:
    """What came back from ``host``: ``location`` and ``realm`` (``WWW-Authenticate``) are empty where there is none.

    ``body`` may be the beginning of it; ``repr`` does not show it: it is what only devices with a certificate see.
    """

    host: str
    status: int
    location: str = ""
    realm: str = ""
    body: str = field(default="", repr=False)

    @property
    def onwards(self) -> str:
        """The path on the same host to which it sends one on; empty where it does not."""
        if self.status not in _REDIRECTS:
            return ""
        path = self.location.removeprefix(f"https://{self.host}")
        return path if path.startswith("/") and not path.startswith("//") else ""

    def goes_on_like(self, other: "Page") -> bool:
        """Whether both send one on to the same path of their own: what is there can be compared then."""
        return bool(self.onwards) and _path(self.onwards) == _path(other.onwards)


class Likeness(StrEnum):
    """Whether two pages are of one service."""

    SAME = "same"
    OTHER = "other"
    CANNOT_TELL = "cannot-tell"


def likeness(one: Page, other: Page) -> Likeness:
    """Compare two answers to the same request by two names."""
    if one.status != other.status:
        return Likeness.OTHER
    if _path(_plain(one.location, one)) != _path(_plain(other.location, other)):
        return Likeness.OTHER
    left, right = _text(one), _text(other)
    if one.status not in _TELLING or not (left or right):
        return Likeness.CANNOT_TELL
    if _title(left) != _title(right):
        return Likeness.OTHER
    return Likeness.SAME if _in_common(left, right) >= _ALIKE else Likeness.OTHER


def _path(location: str) -> str:
    return location.partition("?")[0]


def _plain(text: str, page: Page) -> str:
    return text.lower().replace(page.host, _SELF)


def _text(page: Page) -> str:
    return _plain(f"{page.realm}\n{page.body}", page).strip()


def _title(text: str) -> str:
    found = _TITLE.search(text)
    return " ".join(found[1].split()) if found else ""


def _in_common(left: str, right: str) -> float:
    if left == right:
        return 1.0
    words, others = set(_WORD.findall(left)), set(_WORD.findall(right))
    return len(words & others) / max(1, len(words | others))
