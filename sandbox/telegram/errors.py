"""How Telegram says no."""

from typing import Any

from aiohttp import web


class BotApiError(Exception):
    """An answer with ``ok: false``: HTTP status, description in Telegram's words, optional parameters."""

    def __init__(self, status: int, description: str, parameters: dict[str, Any] | None = None) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters or {}

    def response(self) -> web.Response:
        """The error as the server would send it."""
        body: dict[str, Any] = {"ok": False, "error_code": self.status, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return web.json_response(body, status=self.status)


class BadRequestError(BotApiError):
    """400, with Telegram's prefix."""

    def __init__(self, description: str) -> None:
        super().__init__(400, f"Bad Request: {description}")
