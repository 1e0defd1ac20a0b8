"""Lifting what a restored backup froze, once an admin has seen the list."""

from bot.errors import Gone
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.backups import FrozenOne, Unfrozen
from bot.model.changes import PersonChange
from bot.model.people import FreezeReason, Person, Standing
from bot.services.members import tell_changed
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction


async def unfreeze_all(parts: Parts, actor: Person, cause: Cause | None = None) -> Unfrozen:
    """Lift the freeze of everybody whom the restore froze; one whose end has come is frozen for that a moment later.

    Raises:
        Gone: nobody is frozen for that (any more).
        NotAllowed, Frozen: nothing was changed.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        people = await frozen_people(tx)
        if not people:
            raise Gone
        for person in people:
            back = await tx.people.change(
                person,
                tag=Tag.PERSON_UNFROZEN,
                actor=actor_of(actor),
                standing=Standing.OK,
                freeze_reason=None,
                frozen_at=None,
                frozen_by=None,
            )
            await tell_changed(tx, PersonChange.UNFROZEN, back, actor)
        return Unfrozen(tuple(person.name for person in people))


async def frozen_people(tx: Transaction) -> tuple[Person, ...]:
    """Everybody whom a restore froze and nobody has unfrozen since."""
    return tuple(
        person
        for person in await tx.people.everybody()
        if person.standing is Standing.FROZEN and person.freeze_reason is FreezeReason.RESTORED
    )


async def frozen_now(tx: Transaction) -> tuple[FrozenOne, ...]:
    """The same, as a message shows them."""
    return tuple(
        [
            FrozenOne(person.public_id, person.name, await tx.certificates.count_held(person.id))
            for person in await frozen_people(tx)
        ]
    )
