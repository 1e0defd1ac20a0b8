"""The envelope around every answer of Cloudflare's API, and refusals that fit into it."""

from http import HTTPStatus
from typing import Any


class Refusal(Exception):
    """A call is refused: HTTP status, Cloudflare's error code and message.

    ``pointer`` is the JSON pointer of the offending field; ``chain`` becomes ``error_chain``, which is not in
    the published schema but is sent with code 6003.
    """

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        *,
        pointer: str | None = None,
        chain: tuple[int, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.pointer = pointer
        self.chain = chain

    def as_json(self) -> dict[str, Any]:
        """The error as one member of ``errors``."""
        error: dict[str, Any] = {"code": self.code, "message": self.message}
        if self.pointer:
            error["source"] = {"pointer": self.pointer}
        if self.chain:
            error["error_chain"] = [{"code": self.chain[0], "message": self.chain[1]}]
        return error


# A body the API could not take. The numbers for this are not documented; clients must not lean on them.
BAD_BODY = 10026
# Codes of errors on order; 971 and 10001 are of the stand-in's own choice.
_FAULTS = {401: (10000, "Authentication error"), 403: (10000, "Authentication error")} | {
    404: (7003, "No route for the URI"),
    429: (971, "Please wait and consider throttling your request speed"),
}

_STATUSES = frozenset(HTTPStatus)


def success(
    result: Any, *, messages: list[dict[str, Any]] | None = None, info: dict[str, int] | None = None
) -> dict[str, Any]:
    """The envelope of an answer that went well; ``info`` becomes ``result_info``."""
    envelope = {"success": True, "errors": [], "messages": messages or [], "result": result}
    return envelope if info is None else {**envelope, "result_info": info}


def failure(*errors: dict[str, Any]) -> dict[str, Any]:
    """The envelope of a refusal."""
    return {"success": False, "errors": list(errors), "messages": [], "result": None}


def trouble(status: int) -> dict[str, Any]:
    """The envelope of an error that comes with ``status`` for no reason of the call's own."""
    # Cloudflare has statuses of its own (520 to 530) that HTTP does not know.
    phrase = HTTPStatus(status).phrase if status in _STATUSES else "Unknown error"
    code, message = _FAULTS.get(status, (10001, phrase))
    return failure({"code": code, "message": message})


def bad_body(message: str, *, pointer: str | None = None) -> Refusal:
    """A 400 for a body (or query) that the API does not take."""
    return Refusal(400, BAD_BODY, message, pointer=pointer)
