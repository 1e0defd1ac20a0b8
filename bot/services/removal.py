"""Removing messages from chats, as chores: a deletion that fails is tried again."""

from datetime import datetime, timedelta

from bot.model.certificates import Certificate
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.services.parts import Parts
from bot.store.database import Transaction


def subject_of(message: MessageRef) -> str:
    """How chores name a message."""
    return f"{message.chat_id}:{message.message_id}"


def message_of(subject: str) -> MessageRef:
    """The message that a chore names."""
    chat_id, message_id = subject.split(":")
    return MessageRef(int(chat_id), int(message_id))


async def forget_message(tx: Transaction, message: MessageRef, due_at: datetime | None = None) -> None:
    """Have a message removed at ``due_at`` (now, when not given); an earlier plan for it is replaced."""
    await tx.chores.drop(ChoreKind.DELETE, subject_of(message))
    await tx.chores.add(ChoreKind.DELETE, subject_of(message), due_at=due_at)


async def forget_later(parts: Parts, message: MessageRef, after: timedelta) -> None:
    """Have a message removed after a while."""
    async with parts.store.write() as tx:
        await forget_message(tx, message, tx.now + after)


async def clear_chat(tx: Transaction, certificate: Certificate) -> None:
    """Have the messages with file and password removed."""
    for message in (certificate.shown_at, certificate.password_at):
        if message is not None:
            await forget_message(tx, message)
