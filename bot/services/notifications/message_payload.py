"""Where a message stands, as a job's payload keeps it."""

from bot.model.message_ref import MessageRef


def message_payload(message: MessageRef | None) -> dict[str, int]:
    """A message as a chore's payload keeps it."""
    return {} if message is None else {"chat_id": message.chat_id, "message_id": message.message_id}


def payload_message(payload: dict[str, int]) -> MessageRef | None:
    """The message that a chore's payload names, if any."""
    return MessageRef(payload["chat_id"], payload["message_id"]) if "message_id" in payload else None
