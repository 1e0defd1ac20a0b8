"""Wildcard patterns as Cloudflare's rules language has them (ruleset engine, operators, "Wildcard matching").

``*`` stands for any text, ``\\*`` and ``\\\\`` for themselves; the whole value has to match. Two stars in a row are
refused there, and more than ten: nothing is claimed of such a pattern here.
"""

import re
import string
from functools import lru_cache

_PART = re.compile(r"\\([*\\])|(\*)|([^\\*]+)|(.)", re.DOTALL)
_MAX_STARS = 10
_TO_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def matches_wildcard(text: str, pattern: str, *, strict: bool) -> bool | None:
    """Whether ``text`` matches, ``None`` where the pattern is none; without ``strict`` ASCII case does not count."""
    if not strict:
        text, pattern = text.translate(_TO_LOWER), pattern.translate(_TO_LOWER)
    compiled = _compiled(pattern)
    return None if compiled is None else compiled.fullmatch(text) is not None


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    parts: list[str] = []
    for literal, star, plain, wrong in _PART.findall(pattern):
        if wrong or (star and parts and parts[-1] == ".*"):
            return None
        parts.append(".*" if star else re.escape(literal or plain))
    return None if parts.count(".*") > _MAX_STARS else re.compile("".join(parts), re.DOTALL)
