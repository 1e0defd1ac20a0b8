"""Removing messages from chats, as chores: a deletion that fails is tried again."""

from datetime import datetime, timedelta

from bot.model.certificates.certificates import Certificate
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.services.context import AppContext
from bot.store.engine.database import Transaction


def subject_of(message: MessageRef) -> str:
    """How chores name a message."""
    return f"{message.chat_id}:{message.message_id}"


def message_of(subject: str) -> MessageRef:
    """The message that a chore names."""
    chat_id, message_id = subject.split(":")
    return MessageRef(int(chat_id), int(message_id))


async def schedule_message_deletion(tx: Transaction, message: MessageRef, due_at: datetime | None = None) -> None:
    """Have a message removed at ``due_at`` (now, when not given); an earlier plan for it is replaced."""
    await tx.jobs.drop(JobKind.DELETE, subject_of(message))
    await tx.jobs.add(JobKind.DELETE, subject_of(message), due_at=due_at)


async def schedule_message_deletion_later(app: AppContext, message: MessageRef, after: timedelta) -> None:
    """Have a message removed after a while."""
    async with app.store.write() as tx:
        await schedule_message_deletion(tx, message, tx.now + after)


async def schedule_chat_clean_up(tx: Transaction, certificate: Certificate) -> None:
    """Have the messages with file and password removed."""
    for message in (certificate.shown_at, certificate.password_at):
        if message is not None:
            await schedule_message_deletion(tx, message)
