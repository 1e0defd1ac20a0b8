"""The record's tags: ``source:subject:action``, one enum, so that a reader can count them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal


class AuditTag(StrEnum):
    """What happened."""

    PERSON_MET = "chat:person:met"
    PERSON_MADE_ADMIN = "settings:person:made-admin"
    PERSON_NO_LONGER_ADMIN = "settings:person:no-longer-admin"
    PERSON_UNREACHABLE = "chat:person:unreachable"
    PERSON_REACHABLE = "chat:person:reachable"
    PERSON_LOOKS_LIKE = "chat:person:looks-like"
    PERSON_ASKED_TO_COME_IN = "chat:person:asked-to-come-in"
    PERSON_LET_IN = "chat:person:let-in"
    PERSON_INVITED = "chat:person:invited"
    PERSON_CLAIMED = "server:person:claimed"
    PERSON_TRUSTED = "chat:person:trusted"
    PERSON_NOT_TRUSTED = "chat:person:not-trusted"
    PERSON_LIMIT_SET = "chat:person:limit-set"
    PERSON_END_SET = "chat:person:end-set"
    PERSON_FROZEN = "chat:person:frozen"
    PERSON_UNFROZEN = "chat:person:unfrozen"
    PERSON_ENDED = "worker:person:ended"
    PERSON_BLOCKED = "chat:person:blocked"
    PERSON_REMOVED = "chat:person:removed"
    PERSON_TAKEN_BACK = "chat:person:taken-back"
    PERSON_MADE_ADMIN_IN_CHAT = "chat:person:made-admin"
    PERSON_UNMADE_ADMIN_IN_CHAT = "chat:person:unmade-admin"
    PERSON_MADE_ADMIN_ON_SERVER = "server:person:made-admin"
    PERSON_UNMADE_ADMIN_ON_SERVER = "server:person:unmade-admin"
    PERSON_FROZEN_ON_SERVER = "server:person:frozen"
    PERSON_UNFROZEN_ON_SERVER = "server:person:unfrozen"
    PERSON_REPORTED_LOST = "chat:person:reported-lost"
    PERSON_NOT_LOST_AFTER_ALL = "chat:person:not-lost-after-all"
    PERSON_LAST_HELD = "chat:person:last-held"
    PERSON_STAYS_FROZEN = "chat:person:stays-frozen"
    REQUEST_MADE = "chat:request:made"
    REQUEST_LINE = "chat:request:line"
    REQUEST_REMINDED = "chat:request:reminded"
    REQUEST_APPROVED = "chat:request:approved"
    REQUEST_DENIED = "chat:request:denied"
    REQUEST_REASON = "chat:request:reason"
    REQUEST_BLOCKED = "chat:request:blocked"
    REQUEST_WITHDRAWN = "chat:request:withdrawn"
    REQUEST_EXPIRED = "worker:request:expired"
    REQUEST_CHOSEN = "chat:request:chosen"
    REQUEST_USED = "chat:request:used"
    REQUEST_LAPSED = "worker:request:lapsed"
    LINK_MADE = "chat:link:made"
    LINK_MADE_ON_SERVER = "server:link:made"
    LINK_OPENED = "chat:link:opened"
    LINK_ENDED = "chat:link:ended"
    LINK_ENDED_ON_SERVER = "server:link:ended"
    DEVICE_HELP_ASKED = "chat:device:help-asked"
    CERTIFICATE_ORDERED = "chat:certificate:ordered"
    CERTIFICATE_KEY_MADE = "worker:certificate:key-made"
    CERTIFICATE_ISSUED = "worker:certificate:issued"
    CERTIFICATE_FAILED = "worker:certificate:failed"
    CERTIFICATE_SENT = "worker:certificate:sent"
    CERTIFICATE_DELIVERY_UNKNOWN = "worker:certificate:delivery-unknown"
    CERTIFICATE_PASSWORD_SHOWN = "chat:certificate:password-shown"  # noqa: S105 -- a tag, not a password
    CERTIFICATE_WORKS = "chat:certificate:works"
    CERTIFICATE_CLEANED = "worker:certificate:cleaned"
    CERTIFICATE_REVOKE_ASKED = "chat:certificate:revoke-asked"
    CERTIFICATE_REVOKE_DECIDED = "worker:certificate:revoke-decided"
    CERTIFICATE_FOUND_ACTIVE = "worker:certificate:found-active-again"
    CERTIFICATE_REVOKED = "worker:certificate:revoked"
    CERTIFICATE_RESTORE_ASKED = "chat:certificate:restore-asked"
    CERTIFICATE_RESTORED = "worker:certificate:restored"
    CERTIFICATE_RESTORE_REFUSED = "worker:certificate:restore-refused"
    CERTIFICATE_EXPIRED = "worker:certificate:expired"
    CERTIFICATE_ADOPTED = "chat:certificate:adopted"
    PROBE_KEY_MADE = "worker:probe:key-made"
    PROBE_ISSUED = "worker:probe:issued"
    PROBE_FAILED = "worker:probe:failed"
    PROBE_REVOKE_DECIDED = "worker:probe:revoke-decided"
    PROBE_REVOKED = "worker:probe:revoked"
    STRAY_REVOKED = "worker:stray:revoked"
    ZONE_SETTING_OFF_ASKED = "chat:zone:setting-off-asked"
    ZONE_NEEDS_RSA = "worker:zone:needs-rsa"
    HOST_PROTECT_ASKED = "chat:host:protect-asked"
    HOST_UNPROTECT_ASKED = "chat:host:unprotect-asked"
    HOST_PROTECTED = "worker:host:protected"
    HOST_UNPROTECTED = "worker:host:unprotected"
    RULE_WRITTEN = "worker:rule:written"
    RULE_REMOVED = "worker:rule:removed"
    RULE_SEEN = "worker:rule:seen"
    RULE_FOUND_CHANGED = "worker:rule:found-changed"
    ALLOW_RULE_FOUND = "worker:zone:allow-rule-found"
    RULE_PUT_BACK_ASKED = "chat:rule:put-back-asked"
    RULE_LOCK_ASKED = "chat:rule:lock-asked"
    HOST_LOCK_ASKED = "chat:host:lock-asked"
    TAKE_OVER_ASKED = "chat:take-over:asked"
    TAKE_OVER_DONE = "worker:take-over:done"
    TAKE_OVER_STOPPED = "worker:take-over:stopped"
    TAKE_OVER_UNDO_ASKED = "chat:take-over:undo-asked"
    TAKE_OVER_UNDONE = "worker:take-over:undone"
    LOCKDOWN_ORDERED = "chat:lockdown:ordered"
    LOCKDOWN_EVERYTHING = "chat:lockdown:everything"
    LOCKDOWN_ENDED = "chat:lockdown:ended"
    LOCKDOWN_ORDERED_ON_SERVER = "server:lockdown:ordered"
    LOCKDOWN_EVERYTHING_ON_SERVER = "server:lockdown:everything"
    LOCKDOWN_ENDED_ON_SERVER = "server:lockdown:ended"
    HOST_UNLOCKED_ON_SERVER = "server:host:unlocked"
    HOST_LOCKED_ON_SERVER = "server:host:locked-again"
    RULE_UNLOCKED_ON_SERVER = "server:rule:unlocked"
    RULE_LOCKED_ON_SERVER = "server:rule:locked-again"
    CERTIFICATE_REVOKE_ASKED_ON_SERVER = "server:certificate:revoke-asked"
    CERTIFICATE_RESTORE_ASKED_ON_SERVER = "server:certificate:restore-asked"
    STRAY_REVOKED_ON_SERVER = "server:stray:revoked"
    PATH_ASKED = "chat:path:asked"
    PATH_CONFIRMED = "chat:path:confirmed"
    PATH_CLOCK_AGREES = "worker:path:clock-agrees"
    PATH_OPENED = "worker:path:opened"
    PATH_REFUSED = "worker:path:refused"
    PATH_NOT_CONFIRMED = "chat:path:not-confirmed"
    PATH_TRIED = "worker:path:tried"
    PATH_PROLONG_ASKED = "chat:path:prolong-asked"
    PATH_PROLONGED = "worker:path:prolonged"
    PATH_NOT_PROLONGED = "worker:path:not-prolonged"
    PATH_LEASE_DUE = "worker:path:lease-due"
    PATH_KEPT = "chat:path:kept"
    PATH_CLOSE_ASKED = "chat:path:close-asked"
    PATH_CLOSE_ASKED_ON_SERVER = "server:path:close-asked"
    PATH_RESTORED = "server:path:restored"
    PATH_CLOSED = "worker:path:closed"
    BACKUP_RESTORED = "server:backup:restored"
    BACKUP_COMPARED = "worker:backup:compared"
    UPDATE_SET_ASIDE = "chat:update:set-aside"


SYSTEM = "latchkey"
"""The actor's name when nobody tapped."""

SERVER = "server"
"""The actor's name when somebody used the command line."""


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """One event of the record. ``actor`` and ``subject`` are as stored: public ids and the like."""

    id: int
    at: datetime
    tag: str
    actor: str
    subject: str
    detail: dict[str, Any]


NamedKind = Literal["person", "account", "device", "request", "invitation", "claim", "system", "server", "other"]


@dataclass(frozen=True)
class NamedSubject:
    """Whom or what an id of the record stands for. ``whose`` names the person a device or request belongs to.

    What is not in the tables any more, or never was, is ``other`` and keeps its id as ``name``.
    """

    kind: NamedKind
    name: str
    whose: str = ""


@dataclass(frozen=True)
class ReadableEvent:
    """An event with the names of today."""

    event: AuditEvent
    actor: NamedSubject
    subject: NamedSubject
