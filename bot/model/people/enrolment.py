"""The way to a key that was allowed: one question at a time."""

from dataclasses import dataclass
from enum import StrEnum

from bot.model.people.requests import Request


class WizardStep(StrEnum):
    """What the way to a new key needs next."""

    KIND = "kind"
    COMPUTER = "computer"
    NAME = "name"
    VIA = "via"
    STEPS = "steps"
    LATER = "later"


@dataclass(frozen=True)
class EnrolmentStep:
    """Where somebody is on the way to a key that an admin allowed. ``proposed`` is a free name for the device."""

    request: Request
    step: WizardStep
    proposed: str
