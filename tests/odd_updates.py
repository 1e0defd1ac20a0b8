"""Updates of odd form: those that Telegram sends, with some of it gone or of another kind."""

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

ANNA = {"id": 100_001, "is_bot": False, "first_name": "secret Anna", "language_code": "en"}
CHAT = {"id": 100_001, "type": "private", "first_name": "secret Anna"}
_SENT = {"message_id": 9, "from": ANNA, "chat": CHAT, "date": 1_790_000_000}
_PRESSED = {"id": "77", "from": ANNA, "chat_instance": "5", "data": "1:rev:abcd1234:"}
_GROUP = {"id": -5, "type": "supergroup", "title": "secret"}

EXAMPLES: tuple[dict[str, Any], ...] = (
    {"message": {**_SENT, "text": "/revoke secret", "entities": [{"type": "bot_command", "offset": 0, "length": 7}]}},
    {"message": {**_SENT, "text": "secret", "reply_to_message": {**_SENT, "text": "x"}, "via_bot": {"id": 5}}},
    {"message": {**_SENT, "document": {"file_id": "secret", "file_unique_id": "x", "file_name": "a", "file_size": 5}}},
    {"message": {**_SENT, "users_shared": {"request_id": 1, "users": [{"user_id": 7, "first_name": "secret"}]}}},
    {"callback_query": {**_PRESSED, "message": {**_SENT, "text": "x"}}},
    {"callback_query": {**_PRESSED, "message": {"message_id": 9, "chat": CHAT, "date": 0}}},
    {"my_chat_member": {"chat": CHAT, "from": ANNA, "date": 5, "new_chat_member": {"user": ANNA, "status": "kicked"}}},
    {"message": {**_SENT, "chat": _GROUP, "text": "/help"}},
)

JSON: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["", "secret", "private", "/revoke", "1:rev:abcd1234:", "\ud800", "\x00"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "from", "chat", "x"]), inner),
    max_leaves=5,
)

Place = tuple[Any, ...]


def places(it: Any, way: Place = ()) -> Iterator[Place]:
    """The way to each value within."""
    inner = it.items() if isinstance(it, dict) else enumerate(it) if isinstance(it, list) else ()
    for key, value in inner:
        yield (*way, key)
        yield from places(value, (*way, key))


def changed(it: Any, place: Place, to: list[Any] | None) -> Any:
    """The same with another value there (``to`` holds it), or without that place."""
    fresh = copy.deepcopy(it)
    holder = fresh
    for key in place[:-1]:
        holder = holder[key]
    if to is None:
        del holder[place[-1]]
    else:
        holder[place[-1]] = to[0]
    return fresh
