"""Whose name could be mistaken for whose: told wherever an admin decides about somebody."""

from collections.abc import Sequence
from datetime import timedelta

from bot.model.audit import AuditTag
from bot.model.household_notices import LooksLike
from bot.model.people.lookalikes import lookalike
from bot.model.people.people import Person, Role
from bot.services.notifications import request_messages
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Transaction

_RANK = {Role.ADMIN: 2, Role.MEMBER: 1}


AGAIN = timedelta(hours=24)
"""How long admins are not told again of somebody's new names: whoever changes it in a loop rings no phone."""


async def renamed(tx: Transaction, before: Person, now: Person) -> None:
    """Somebody goes by another name: their cards show it; and admins are told where it looks like somebody's."""
    for request in await tx.requests.open_of(now):
        await request_messages.refresh(tx, request)
    everybody = await tx.people.everybody()
    known = most_like(now, everybody)
    if not now.belongs or known is None or most_like(before, everybody) == known:
        return
    last = await tx.audit.last(AuditTag.PERSON_LOOKS_LIKE, now.public_id)
    if last is not None and last <= tx.now < last + AGAIN:
        return
    await tx.audit.write(AuditTag.PERSON_LOOKS_LIKE, actor=actor_of(now), subject=now.public_id)
    for admin in await tx.people.admins():
        if admin.id != now.id:
            await enqueue_notice(tx, LooksLike, admin.telegram_id, person=now.public_id, before=before.name)


async def resembled(tx: Transaction, person: Person) -> str | None:
    """The name of whom a person could be mistaken for; see ``most_like``."""
    return most_like(person, await tx.people.everybody())


def most_like(person: Person, everybody: Sequence[Person]) -> str | None:
    """The name of whom a person could be mistaken for among those who belong here or did; admins before others.

    Nobody is told to look like somebody who may do less: that is the other one's doing.
    """
    own = _RANK.get(person.role, 0)
    others = [other for other in everybody if other.id != person.id]
    for rank in (_RANK[Role.ADMIN], _RANK[Role.MEMBER]):
        known = [other.name for other in others if _RANK.get(other.role, 0) == rank and rank >= own]
        if (found := lookalike(person.name, known)) is not None:
            return found
    return None
