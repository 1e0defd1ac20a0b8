"""Public ids: short names of rows that may leave the house (buttons, subjects of certificates)."""

import re
import secrets
from typing import NewType

PublicId = NewType("PublicId", str)

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_LENGTH = 8
_FORM = re.compile(rf"[0-9a-z]{{{_LENGTH}}}")


def new_public_id() -> PublicId:
    """Eight random base36 characters (41 bits): not a secret, but not worth guessing either."""
    return PublicId("".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH)))


def is_public_id(text: str) -> bool:
    """Whether ``text`` has the form of a public id."""
    return _FORM.fullmatch(text) is not None
