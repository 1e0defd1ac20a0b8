"""How services reach people: a Protocol that the chat fills."""

from dataclasses import dataclass, field
from typing import Protocol

from bot.model.certificates.certificates import Certificate
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice, Ready, ReadyOwnKey
from bot.model.people.people import Role
from bot.model.results import Password


@dataclass(frozen=True)
class ChatFile:
    """A file for the chat. Its content is secret or worthless: ``repr`` never shows it."""

    name: str
    content: bytes = field(repr=False)


class Notifier(Protocol):
    """Brings notices, files and passwords to people.

    Every method may raise ``Unreachable`` (the person blocked the bot), ``CannotShow`` (Telegram refuses
    this very message), ``DeliveryUnknown`` (the answer was lost) and ``ChatBusy`` (it was not done).
    """

    async def show(self, notice: Notice, to: int, at: MessageRef | None = None) -> MessageRef:
        """Send a notice to the account ``to``, or turn the message ``at`` into it."""

    async def hand_over(
        self, notice: Ready | ReadyOwnKey, file: ChatFile, to: int, at: MessageRef | None
    ) -> MessageRef:
        """Turn the message ``at`` into the file (repeating that does no harm), or send it as a new message."""

    async def open_slip(self, certificate: Certificate, to: int) -> MessageRef:
        """Send the message that will hold the password, quietly, without the password."""

    async def fill_slip(self, password: Password, at: MessageRef) -> None:
        """Turn that message into the password."""

    async def set_menu(self, to: int, role: Role, language: str) -> None:
        """Show an account the commands that are for its role; strangers see what everybody sees."""

    async def set_menu_of_everybody(self) -> None:
        """Show whoever has no commands of their own those of a stranger, in each language."""

    def menu_of(self, role: Role, language: str) -> str:
        """A fingerprint of what ``set_menu`` sets: another for other commands, other words and another bot."""

    def menu_of_everybody(self) -> str:
        """The same of ``set_menu_of_everybody``."""

    async def remove(self, at: MessageRef) -> None:
        """Delete a message; one that is gone already is fine. One too old to delete is emptied."""
