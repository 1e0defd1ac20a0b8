"""Lifting what a restored backup froze, once an admin has seen the list."""

from bot.errors import StaleAction
from bot.model.audit import AuditTag
from bot.model.backups import FrozenPerson, Unfrozen
from bot.model.people.access import Action, check
from bot.model.people.changes import PersonChange
from bot.model.people.people import FreezeReason, Person, Standing
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.membership.members import tell_changed
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction


async def unfreeze_all(app: AppContext, actor: Person, cause: Cause | None = None) -> Unfrozen:
    """Lift the freeze of everybody whom the restore froze; one whose end has come is frozen for that a moment later.

    Raises:
        Gone: nobody is frozen for that (any more).
        NotAllowed, Frozen: nothing was changed.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        people = await frozen_people(tx)
        if not people:
            raise StaleAction
        for person in people:
            back = await tx.people.change(
                person,
                tag=AuditTag.PERSON_UNFROZEN,
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


async def frozen_now(tx: Transaction) -> tuple[FrozenPerson, ...]:
    """The same, as a message shows them."""
    return tuple(
        [
            FrozenPerson(person.public_id, person.name, await tx.certificates.count_held(person.id))
            for person in await frozen_people(tx)
        ]
    )
