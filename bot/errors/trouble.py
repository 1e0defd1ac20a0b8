"""Trouble: Cloudflare or Telegram did not do it, the program cannot start, or not now."""

from datetime import datetime
from typing import Any

from bot.errors.base import LatchkeyError


class EdgeTrouble(LatchkeyError):
    """Cloudflare did not do it."""


class Unclear(EdgeTrouble):
    """Nobody knows whether it was done: a time-out, a lost connection, a 5xx."""

    again_helps = True


class RefusedByEdge(EdgeTrouble):
    """Cloudflare said no to this very request. ``codes`` are its error codes."""

    def __init__(self, status: int, codes: tuple[int, ...] = ()) -> None:
        super().__init__(status, codes)
        self.status = status
        self.codes = codes


class CertificateQuotaFull(RefusedByEdge):
    """The zone has as many live certificates as it may have."""


class Busy(EdgeTrouble):
    """It was not done; ``retry_after`` seconds from now it may be."""

    again_helps = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class MissingRight(EdgeTrouble):
    """The token is not accepted, or lacks the right ``right`` (Cloudflare's own wording)."""

    def __init__(self, right: str) -> None:
        super().__init__(right)
        self.right = right


class RuleQuotaFull(EdgeTrouble):
    """The zone takes no further custom rule; it has ``rules`` of others."""

    def __init__(self, rules: int) -> None:
        super().__init__(rules)
        self.rules = rules


class HostsNotTaken(EdgeTrouble):
    """Cloudflare accepted the list of hosts and left these out of it."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        super().__init__(hosts)
        self.hosts = hosts


class EdgeConflict(EdgeTrouble):
    """Somebody changes the same thing at the same time, or it did not come out as asked; perhaps not done."""

    again_helps = True


class ChatTrouble(LatchkeyError):
    """Telegram did not do it."""


class Unreachable(ChatTrouble):
    """The person blocked the bot, deleted the account, or never started the bot."""


class DeliveryUnknown(ChatTrouble):
    """Nobody knows whether the message arrived: the answer was lost."""

    again_helps = True


class CannotShow(ChatTrouble):
    """Telegram refuses this very message: the message is gone, too old, or badly formed."""


class ChatBusy(ChatTrouble):
    """It was not done; ``retry_after`` seconds from now it may be."""

    again_helps = True

    def __init__(self, retry_after: float) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class StoreTrouble(LatchkeyError):
    """The database did not do it: nothing of it was written. ``line`` is for whoever runs the program."""

    line: str


class StoreUnavailable(StoreTrouble):
    """It may pass. ``why``: ``full`` (no room), ``disk`` (it refuses), ``busy`` (another program), ``read-only``."""

    again_helps = True

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why
        self.line = {
            "full": "The disk is full: the database cannot be written. Make room; nothing is lost.",
            "disk": "The disk refuses: the database cannot be read or written. Look at the disk and its room.",
            "busy": "Another program holds the database: end it, or wait.",
            "read-only": "The database may not be written: look at its rights and at how its disk is mounted.",
        }[why]


class StoreDamaged(StoreTrouble):
    """The database's file is damaged."""

    line = "The database is damaged: restore a backup (latchkey restore-backup FILE)."


class CannotStart(LatchkeyError):
    """One line for whoever starts the program."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


class InvalidSetting(CannotStart):
    """A setting is missing or wrong."""


class InvalidDatabase(CannotStart):
    """The database cannot be used."""


class InvalidBackup(CannotStart):
    """A backup cannot be made or read."""


class AlreadyRunning(CannotStart):
    """Another bot holds this database."""


class RetryAt(LatchkeyError):
    """Raised inside the worker: try this chore again at ``at``, with ``payload`` when that changed."""

    again_helps = True

    def __init__(self, at: datetime, payload: dict[str, Any] | None = None) -> None:
        super().__init__(at)
        self.at = at
        self.payload = payload
