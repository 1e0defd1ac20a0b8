"""Whose name could be mistaken for whose: told wherever an admin decides about somebody."""

from collections.abc import Sequence

from bot.model.lookalikes import lookalike
from bot.model.people import Person, Role
from bot.store.database import Transaction

_RANK = {Role.ADMIN: 2, Role.MEMBER: 1}


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
