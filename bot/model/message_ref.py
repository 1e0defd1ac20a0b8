"""The little that the model knows of a chat: where a message is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class MessageRef:
    """One message in one private chat."""

    chat_id: int
    message_id: int
