"""A path's card as things are now."""

from bot.model.jobs import JobKind
from bot.model.openings.notices import PathCard
from bot.model.openings.paths import OpenPath
from bot.model.people.people import Person
from bot.model.protection.rule import PathCheck
from bot.services.certificates.revocation_outcome import LATE
from bot.services.context import AppContext
from bot.services.desired_rule import RULE
from bot.store.engine.database import Transaction


async def card_of(app: AppContext, tx: Transaction, path: OpenPath, reader: Person) -> PathCard:
    """The card of a path for ``reader``."""
    facts = await tx.rules.of_zone(app.policy.zone)
    proof = await tx.proofs.of("path", path.public_id)
    waiting = await tx.jobs.of_subject(JobKind.WRITE_RULE, RULE)
    waiting += await tx.jobs.of_subject(JobKind.OPEN_PATH, path.public_id)
    return PathCard(
        path=path,
        opener=(await tx.people.of_id(path.opened_by)).name,
        own=path.opened_by == reader.id,
        late=any(LATE in chore.payload for chore in waiting),
        seen=facts.seen_at is not None,
        proof=proof,
        detours=facts.paths_by is PathCheck.NORMALISED,
    )
