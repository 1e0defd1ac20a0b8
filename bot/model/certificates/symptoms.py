"""What somebody sees whose new key does not work."""

from enum import StrEnum


class Symptom(StrEnum):
    """What the phone or computer shows, in the order in which it is asked."""

    WRONG_PASSWORD = "password"  # noqa: S105 -- a symptom, not a password
    NOTHING_ASKED = "nothing"
    BLOCKED = "blocked"
    NO_MENU = "menu"
    ELSE = "else"
