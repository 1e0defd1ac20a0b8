"""Durations as people write them: ``90d``, ``6w``, ``18m``, ``2y``."""

import re

from bot.errors import BadValidity

MOST_VALIDITY_DAYS = 3650
_FORM = re.compile(r"(\d{1,5})\s*([dwmy])", re.IGNORECASE)
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


def looks_like_duration(word: str) -> bool:
    """Whether ``word`` is meant as a duration, a right or a wrong one: a number with a unit."""
    return re.fullmatch(r"[-+]?\d+[dwmy]", word, re.IGNORECASE) is not None


def validity_days(word: str) -> int:
    """The whole days that ``word`` means (``m`` is 30 days, ``y`` 365), 1 to 3650.

    Raises:
        BadValidity: unreadable or out of bounds.
    """
    match = _FORM.fullmatch(word.strip())
    if match is None:
        raise BadValidity(MOST_VALIDITY_DAYS)
    days = int(match[1]) * _DAYS[match[2].lower()]
    if not 1 <= days <= MOST_VALIDITY_DAYS:
        raise BadValidity(MOST_VALIDITY_DAYS)
    return days
