"""The record's tags: ``source:subject:action``, one enum, so that a reader can count them."""

from enum import StrEnum


class Tag(StrEnum):
    """What happened."""

    PERSON_MET = "chat:person:met"
    PERSON_MADE_ADMIN = "settings:person:made-admin"
    PERSON_NO_LONGER_ADMIN = "settings:person:no-longer-admin"
    PERSON_UNREACHABLE = "chat:person:unreachable"
    PERSON_REACHABLE = "chat:person:reachable"
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
    STRAY_REVOKED = "worker:stray:revoked"
    ZONE_NEEDS_RSA = "worker:zone:needs-rsa"
    UPDATE_SET_ASIDE = "chat:update:set-aside"


SYSTEM = "latchkey"
"""The actor's name when nobody tapped."""
