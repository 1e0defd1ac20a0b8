"""Rights as they are inside the transaction: what the gate saw may be a moment old."""

from bot.model.people.access import Action, check, may
from bot.model.people.people import Person
from bot.services.context import UNAPPROVED_LIMIT, UNAPPROVED_WINDOW, HouseholdPolicy
from bot.store.engine.database import Transaction


async def authorize(tx: Transaction, actor: Person, action: Action) -> Person:
    """The actor as the record knows them now, when they may do ``action``.

    Raises:
        NotAllowed, Frozen: they may not (any more).
        Unknown: nobody the bot has met.
    """
    check(actor, action)
    fresh = await tx.people.of_id(actor.id)
    check(fresh, action)
    return fresh


async def may_skip_approval(tx: Transaction, actor: Person) -> bool:
    """Whether a certificate of this person needs no admin's yes now: admins, and trusted people twice a day."""
    if not may(actor, Action.ISSUE):
        return False
    made = await tx.certificates.count_without_yes(actor.id, tx.now - UNAPPROVED_WINDOW)
    return actor.is_admin or made < UNAPPROVED_LIMIT


def device_limit_of(person: Person, policy: HouseholdPolicy) -> int:
    """How many devices a person may have: their own number where an admin set one, else everybody's."""
    return policy.device_limit if person.device_limit is None else person.device_limit
