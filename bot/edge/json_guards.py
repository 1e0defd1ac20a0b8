"""Reading Cloudflare's answers: every field of theirs is optional, and nothing of an odd shape is an empty one."""

from typing import Any, TypeVar

from bot.errors import Unclear

_Kind = TypeVar("_Kind")


def require_object(value: Any) -> dict[str, Any]:
    """A JSON object; null and a missing key are an empty one.

    Raises:
        Unclear: it is something else.
    """
    return _of_kind(dict, value, {})


def require_list(value: Any) -> list[Any]:
    """A JSON list; null and a missing key are an empty one.

    Raises:
        Unclear: it is something else.
    """
    return _of_kind(list, value, [])


def objects(value: Any) -> list[dict[str, Any]]:
    """A list of objects.

    Raises:
        Unclear: it is something else.
    """
    return [require_object(item) for item in require_list(value)]


def _of_kind(kind: type[_Kind], value: Any, nothing: _Kind) -> _Kind:
    if value is None:
        return nothing
    if not isinstance(value, kind):
        raise Unclear
    return value
