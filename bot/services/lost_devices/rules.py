"""A report is never a weapon: whom it freezes, and when it freezes whoever reports.

A report blocks keys whoever makes it, for that takes away and is soon made good. Freezing is another matter: nobody
who can still help is frozen by somebody who is no admin, and nobody silences one person after the other.
"""

from datetime import timedelta

from bot.model.people.access import Action, may
from bot.model.people.changes import PersonChange
from bot.model.people.people import FreezeReason, Person
from bot.services.context import HouseholdPolicy
from bot.services.membership.freeze import FrozenNow, freeze, is_last_admin
from bot.services.membership.members import tell_changed
from bot.store.engine.database import Transaction

SEVERAL = 2
"""Reports about this many other people within ``WITHIN`` freeze whoever made them; all of one person's count once."""

WITHIN = timedelta(hours=1)


def may_report_others(policy: HouseholdPolicy, actor: Person) -> bool:
    """Whether the actor may report somebody else's phone: admins, and trusted people where the settings say so."""
    return may(actor, Action.REPORT_OTHERS) and (actor.is_admin or policy.trusted_may_report)


def freezes(actor: Person, owner: Person) -> bool:
    """Whether the actor's report freezes the owner's account.

    One's own always does: Telegram was on that phone. An admin in good standing is frozen by another such admin alone.
    """
    return actor.id == owner.id or not owner.is_admin or actor.is_admin


async def is_too_much(tx: Transaction, actor: Person, owner: Person) -> bool:
    """Whether this report, about to be made, is one person after the other; then ``stop_reporting`` follows it.

    Not for the last admin: somebody must be left who can look. What a report too much says of an admin is for others
    to decide: it freezes none.
    """
    lately = await tx.losses.by(actor, tx.now - WITHIN)
    others = {loss.owner_id for loss in lately} | {owner.id}
    return owner.id != actor.id and len(others - {actor.id}) >= SEVERAL and not await is_last_admin(tx, actor)


async def stop_reporting(tx: Transaction, actor: Person) -> FrozenNow:
    """Freeze whoever reported one person after the other, until an admin has looked."""
    frozen = await freeze(tx, actor, FreezeReason.MANY_REPORTS)
    await tell_changed(tx, PersonChange.MANY_REPORTS, frozen.person, None)
    return frozen
