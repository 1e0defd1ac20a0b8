"""Keys that are made, and stay, on somebody's computer: where that is, and what their request says."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.model.certificates.certificates import Certificate

NO_NAME = "–"
"""What stands for a subject without any part."""


class Place(StrEnum):
    """Where a key is made."""

    UNIX = "unix"
    WINDOWS = "windows"
    TOOL = "tool"


@dataclass(frozen=True)
class RequestLines:
    """What to run in that place; the bot waits for the request until ``until``.

    ``lines``: of UNIX openssl's; of WINDOWS PowerShell's and Git Bash's; of TOOL keytool's two, certtool's three and
    step's one. ``name``: what the request is to carry, as short name and value.
    """

    certificate: Certificate
    place: Place
    name: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    until: datetime


@dataclass(frozen=True)
class RequestSays:
    """What a request has that was not asked for.

    ``name``: its own subject, where it is another; ``NO_NAME`` where it has none. ``more_names``: names beside it.
    ``challenge``: a password that anybody can read. ``by_windows``: Windows made it, and keeps its key.
    """

    name: str = ""
    more_names: bool = False
    challenge: bool = False
    by_windows: bool = False

    def as_payload(self) -> dict[str, Any]:
        """As a chore keeps it."""
        return dict(vars(self))
