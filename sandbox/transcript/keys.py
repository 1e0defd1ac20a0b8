"""What people do with buttons below the input field."""

from dataclasses import dataclass

from sandbox.telegram import Contact
from sandbox.transcript.actions import Action, Stage
from sandbox.transcript.errors import CannotDoError


@dataclass(frozen=True)
class Picks(Action):
    """Somebody picks a contact by a button below the input field; ``number`` is 0 for one of the people."""

    person: str
    contact: str
    button: str
    number: int = 0

    async def perform(self, stage: Stage) -> None:
        """Pick."""
        contact = Contact(self.number, self.contact) if self.number else stage.phone(self.contact).contact
        try:
            stage.phone(self.person).share_users(stage.fill(self.button), [contact])
        except LookupError as missing:
            raise CannotDoError(str(missing)) from missing


@dataclass(frozen=True)
class UsesKey(Action):
    """Somebody taps a button below the input field that sends its text."""

    person: str
    button: str

    async def perform(self, stage: Stage) -> None:
        """Tap it."""
        try:
            stage.phone(self.person).use_key(stage.fill(self.button))
        except LookupError as missing:
            raise CannotDoError(str(missing)) from missing
