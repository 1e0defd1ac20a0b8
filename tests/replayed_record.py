"""The record of a household played once more: who could help at each moment, and who touched whom."""

from collections.abc import Collection, Iterable, Mapping

from bot.model.audit import AuditEvent, AuditTag
from bot.model.public_id import PublicId

_MADE = frozenset(
    {AuditTag.PERSON_MADE_ADMIN, AuditTag.PERSON_MADE_ADMIN_IN_CHAT, AuditTag.PERSON_MADE_ADMIN_ON_SERVER}
)
_UNMADE = frozenset(
    {
        AuditTag.PERSON_NO_LONGER_ADMIN,
        AuditTag.PERSON_UNMADE_ADMIN_IN_CHAT,
        AuditTag.PERSON_UNMADE_ADMIN_ON_SERVER,
        AuditTag.PERSON_LET_IN,
        AuditTag.PERSON_BLOCKED,
        AuditTag.PERSON_REMOVED,
    }
)
_FROZEN = frozenset({AuditTag.PERSON_FROZEN, AuditTag.PERSON_FROZEN_ON_SERVER, AuditTag.PERSON_ENDED})
_STOPPED = _FROZEN | {AuditTag.PERSON_BLOCKED, AuditTag.PERSON_REMOVED}
_BACK = frozenset(
    {
        AuditTag.PERSON_UNFROZEN,
        AuditTag.PERSON_UNFROZEN_ON_SERVER,
        AuditTag.PERSON_TAKEN_BACK,
        AuditTag.PERSON_MADE_ADMIN_ON_SERVER,
    }
)


def weapons(
    events: Iterable[AuditEvent], people: Collection[PublicId], owners: Mapping[PublicId, PublicId]
) -> list[str]:
    """What may never be in a record. ``people``: public ids; ``owners``: whose each certificate is, by public ids.

    - A household without an admin in good standing, but by the last one's own report of their own account.
    - A frozen account that changes somebody else, but freezes once whoever reported it.
    - An admin in good standing frozen by somebody who is none, but by that.
    """
    admins: set[str] = set()
    stopped: set[str] = set()
    found = []
    for event in events:
        helpers = admins - stopped
        actor, subject = event.actor.removeprefix("person:"), event.subject
        disputed = event.tag == AuditTag.PERSON_FROZEN and event.detail.get("reason") == "disputed"
        whose = subject if subject in people else owners.get(PublicId(subject), actor)
        if actor in stopped and whose != actor and not disputed:
            found.append(f"the frozen {actor} touches {whose}: {event.tag}")
        by_somebody = event.tag in _STOPPED and actor in people and actor != subject
        if by_somebody and subject in helpers and actor not in helpers and not disputed:
            found.append(f"{actor}, who is no admin, stops the admin {subject}: {event.tag}")
        if event.tag in _MADE:
            admins.add(subject)
        if event.tag in _UNMADE:
            admins.discard(subject)
        if event.tag in _STOPPED:
            stopped.add(subject)
        if event.tag in _BACK:
            stopped.discard(subject)
        own_loss = event.tag == AuditTag.PERSON_FROZEN and event.detail.get("reason") == "lost" and actor == subject
        if helpers and not admins - stopped and not own_loss:
            found.append(f"nobody is left who can help: {event.actor} {event.tag} {subject} {event.detail}")
    return found
