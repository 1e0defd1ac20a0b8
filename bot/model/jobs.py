"""Chores: what the worker has still to do. They hold ids and never a secret."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.errors import EdgeTrouble, MissingRight


class JobKind(StrEnum):
    """What is to be done."""

    ISSUE = "issue"
    DELIVER = "deliver"
    REVOKE = "revoke"
    RESTORE = "restore"
    WATCH_REVOCATION = "watch-revocation"
    WRITE_RULE = "write-rule"
    WATCH_RULE = "watch-rule"
    NOTICE = "notice"
    EDIT = "edit"
    DELETE = "delete"
    REMIND = "remind"
    EXPIRE = "expire"
    PROBE = "probe"
    """The bot's own certificates."""

    OPEN_PATH = "open-path"
    """Let a path, or a longer time for it, into the rule: once our clock is known to be right."""
    TRY_PATH = "try-path"
    REMIND_PATH = "remind-path"
    END_PATH = "end-path"
    TAKE_OVER = "take-over"
    """Rules made by hand are switched off once ours is seen, or on again; the subject is the take-over."""
    PROVE = "prove"
    """Proving the lock, all of it or what has changed."""

    CHECK_RESTORED = "check-restored"
    """A backup was restored: compare it with Cloudflare. Nothing is written there before."""
    STATUS = "status"
    """Looking at everything for an admin who waits; the subject is the message, or the account."""
    LIST_BLOCKED = "list-blocked"
    """Asking Cloudflare who knocked; the subject is the account that waits."""
    LOOK_AT_UNKNOWN = "look-at-unknown"
    """Showing a certificate that nobody ordered here; the subject is the account that waits."""
    ADOPT = "adopt"
    """Giving such a certificate an owner; the subject is its id at Cloudflare."""
    REVOKE_UNKNOWN = "revoke-unknown"

    MENU = "menu"
    """The chat's command menu; the subject is the account, ``EVERYBODY`` or ``EACH``."""


TAKES_AWAY = frozenset(
    {
        JobKind.REVOKE,
        JobKind.WATCH_REVOCATION,
        JobKind.WRITE_RULE,
        JobKind.WATCH_RULE,
        JobKind.DELETE,
        JobKind.END_PATH,
        JobKind.CHECK_RESTORED,
        JobKind.REVOKE_UNKNOWN,
    }
)
"""Kinds that take access or secrets away: they go first and never wait behind the others."""


class Queue(StrEnum):
    """What waits for its place together. Each queue has places of its own, so that none waits for another."""

    TAKES_AWAY = "takes-away"
    DELETIONS = "deletions"
    """Messages: after a day without the bot there may be hundreds, and a revoke is not one of the last of them."""

    NOTICES = "words"
    """What became of something, told: it does not wait until other people's files are made."""

    MENUS = "menus"
    """Everybody's after an update, and nobody waits for one."""

    OTHERS = "others"


QUEUED = {
    Queue.DELETIONS: frozenset({JobKind.DELETE}),
    Queue.TAKES_AWAY: TAKES_AWAY - {JobKind.DELETE},
    Queue.NOTICES: frozenset({JobKind.NOTICE, JobKind.EDIT}),
    Queue.MENUS: frozenset({JobKind.MENU}),
}
"""The kinds of each queue; all that are not named stand in ``Queue.OTHERS``."""


def queue_of(kind: JobKind) -> Queue:
    """The queue a kind stands in."""
    return next((queue for queue, kinds in QUEUED.items() if kind in kinds), Queue.OTHERS)


HAS_ITS_TIME = frozenset(
    {
        JobKind.DELETE,
        JobKind.EXPIRE,
        JobKind.REMIND,
        JobKind.REMIND_PATH,
        JobKind.END_PATH,
        JobKind.TRY_PATH,
    }
)
"""Kinds that are meant for a moment, however far ahead. All others are to be done soon."""

LONGEST_WAIT = timedelta(hours=2)
"""What is to be done soon never waits that long for its next try; what seems to was put off by a wrong clock."""

EVERYBODY = "everybody"
"""As a menu's subject: all who have none of their own."""

EACH = "each"
"""As a menu's subject: whoever has one of their own, one after the other, where it differs from what was set."""

DUE = "due"
"""In a payload: when the chore was due, where it was put off because this machine's clock is ahead."""

LACKS = "lacks"
"""In a payload: the right that the token lacked at the last attempt. The chore is due as soon as it is there."""


def with_lack(payload: Mapping[str, Any], trouble: EdgeTrouble) -> dict[str, Any]:
    """The payload of a chore that is put off because of ``trouble``."""
    kept = {name: value for name, value in payload.items() if name != LACKS}
    return {**kept, LACKS: trouble.right} if isinstance(trouble, MissingRight) else kept


@dataclass(frozen=True, kw_only=True)
class Job:
    """One thing to do, not before ``due_at``. ``subject`` is a public id or a row's number."""

    id: int
    kind: JobKind
    subject: str
    due_at: datetime
    attempts: int
    payload: dict[str, Any]
