"""The root of the tree of errors."""

from typing import ClassVar


class LatchkeyError(Exception):
    """Root of the tree."""

    again_helps: ClassVar[bool] = False
