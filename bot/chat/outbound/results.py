"""What Telegram answers, read strictly: an answer that is not of the described form is no answer.

The library builds its objects from whatever came, and fails on what it does not expect with errors of any kind, among
them those that a slip of our own would raise. So each result is looked at before, and of it only what is needed here
goes on: what Telegram adds to a message, or changes in it, cannot be in our way.
"""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeGuard

from telegram import error as theirs
from telegram.request import HTTPXRequest

_USERNAME = re.compile(r"[A-Za-z0-9_]{1,64}")
_FILE_PATH = re.compile(r"[^/\x00-\x1f][^\x00-\x1f]{0,300}")
_LONGEST_WAIT = 24 * 3600
"""Seconds. After a day it is worth a try, whatever was said."""

_MOST = 2**63 - 1
"""What the database holds; Telegram's numbers have 52 bits at most (Bot API, User and Chat)."""


class OddAnswer(theirs.TelegramError):
    """Telegram, or what stands between, answered something that no answer of the Bot API looks like."""

    def __init__(self) -> None:
        super().__init__("an answer of no known form")


class StrictRequest(HTTPXRequest):
    """The library's requests, with answers that are objects as the Bot API describes them, or ``OddAnswer``."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The answer as JSON. (The library's own way would also log it whole, with all that is in it.)"""
        try:
            answer = json.loads(payload.decode("utf-8", "replace"))
        except (ValueError, RecursionError):
            raise OddAnswer from None
        if not isinstance(answer, dict) or not isinstance(answer.get("ok"), bool):
            raise OddAnswer
        if answer["ok"]:
            return {"ok": True, "result": answer.get("result")}
        # The result, for whom the status is a yes: it is none of any method.
        words = _words(answer.get("description"))
        return {"ok": False, "description": words, "parameters": _parameters(answer), "result": None}


def checked(method: str, result: Any) -> Any:
    """What of a method's result is needed here.

    Raises:
        OddAnswer: the result is none of that method's.
    """
    return RESULTS[method](result)


def is_number(value: Any) -> TypeGuard[int]:
    """Whether something of JSON is a whole number that can be stored (``true`` is none)."""
    return type(value) is int and abs(value) <= _MOST


def _words(description: Any) -> str:
    if not isinstance(description, str) or not description:
        raise OddAnswer
    return description


def _parameters(answer: Mapping[str, Any]) -> dict[str, int]:
    given = answer.get("parameters")
    if not isinstance(given, dict):
        return {}
    wait = given.get("retry_after")
    return {"retry_after": min(wait, _LONGEST_WAIT)} if is_number(wait) and wait > 0 else {}


def _sure(is_so: bool) -> None:
    if not is_so:
        raise OddAnswer


def _message(result: Any) -> dict[str, Any]:
    _sure(isinstance(result, dict) and is_number(result.get("message_id")) and result["message_id"] > 0)
    # The rest only keeps the library content: nothing here reads it.
    return {"message_id": result["message_id"], "date": 0, "chat": {"id": 0, "type": "private"}}


def _message_or_true(result: Any) -> Any:
    return result if result is True else _message(result)


def _true(result: Any) -> bool:
    _sure(result is True)
    return True


def _updates(result: Any) -> list[Any]:
    _sure(isinstance(result, list))
    return list(result)


def _bot(result: Any) -> dict[str, Any]:
    _sure(isinstance(result, dict) and is_number(result.get("id")) and result.get("is_bot") is True)
    name = result.get("username")
    _sure(isinstance(name, str) and bool(_USERNAME.fullmatch(name)))
    return {"id": result["id"], "is_bot": True, "first_name": name, "username": name}


def _path(result: Any) -> str:
    path = result.get("file_path") if isinstance(result, dict) else None
    _sure(isinstance(path, str) and bool(_FILE_PATH.fullmatch(path)) and ".." not in path)
    return str(path)


def _webhook(result: Any) -> dict[str, Any]:
    _sure(isinstance(result, dict) and isinstance(result.get("url"), str))
    return {"url": result["url"], "has_custom_certificate": False, "pending_update_count": 0}


RESULTS: dict[str, Callable[[Any], Any]] = {
    "getMe": _bot,
    "getUpdates": _updates,
    "sendMessage": _message,
    "sendDocument": _message,
    "editMessageText": _message_or_true,
    "editMessageMedia": _message_or_true,
    "deleteMessage": _true,
    "answerCallbackQuery": _true,
    "setMyCommands": _true,
    "deleteMyCommands": _true,
    "getFile": _path,
    "getWebhookInfo": _webhook,
    "deleteWebhook": _true,
}
"""Every method that is called, and how its result is read."""
