"""Logging: structlog, and a filter that takes out whatever looks like a secret."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

_LOOKS_SECRET = re.compile(
    r"""
    (?<!\d)\d{6,12}:[A-Za-z0-9_-]{30,}       # a Telegram bot token, also behind the "bot" of a URL
    | cf[uak]t?_[A-Za-z0-9_-]{20,}           # Cloudflare's prefixed tokens and keys (2026 formats)
    | (?<=Bearer\ )[A-Za-z0-9._~+/=-]{16,}   # whatever was sent as a bearer token
    | (?<![a-z-])[a-z]{3,8}(?:-[a-z]{3,8}){5}(?![a-z-])  # a file's password: six words of the list
    | -----BEGIN[ A-Z]*PRIVATE[ ]KEY-----.*?(?:-----END[ A-Z]*PRIVATE[ ]KEY-----|$)
    """,
    re.VERBOSE | re.DOTALL,
)
_REDACTED = "[redacted]"

# httpx logs every URL, and a Bot API URL holds the token; python-telegram-bot at DEBUG logs all parameters.
_TALKATIVE = ("httpx", "httpcore", "telegram", "cloudflare", "hpack", "aiosqlite", "sqlalchemy", "alembic")
# It logs an answer it cannot read, whole: a message with a password in it, cut off on its way.
_TELLS_TOO_MUCH = "telegram.request"


class Redactor:
    """Replaces known secrets, and what looks like one, by ``[redacted]``."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        self._secrets = tuple(secret for secret in secrets if secret)

    def text(self, text: str) -> str:
        """``text`` without its secrets."""
        for secret in self._secrets:
            text = text.replace(secret, _REDACTED)
        return _LOOKS_SECRET.sub(_REDACTED, text)

    def __call__(self, _logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """A structlog processor: redact every value."""
        return {key: self._value(value) for key, value in event.items()}

    def _value(self, value: object) -> object:
        if value is None or isinstance(value, bool | int | float):
            return value
        return self.text(value if isinstance(value, str) else str(value))


def set_up(log_format: Literal["console", "json"], secrets: tuple[str, ...] = (), *, level: int = logging.INFO) -> None:
    """Send all log lines, ours and the libraries', through one redacting formatter to standard error."""
    redactor = Redactor(secrets)
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, redactor, last],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(_TELLS_TOO_MUCH).setLevel(logging.CRITICAL)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
