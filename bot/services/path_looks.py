"""A path's card as things are now."""

from bot.model.chores import ChoreKind
from bot.model.path_notices import PathCard
from bot.model.paths import OpenPath
from bot.model.people import Person
from bot.model.rule import PathCheck
from bot.services.outcomes import LATE
from bot.services.parts import Parts
from bot.services.ruling import RULE
from bot.store.database import Transaction


async def card_of(parts: Parts, tx: Transaction, path: OpenPath, reader: Person) -> PathCard:
    """The card of a path for ``reader``."""
    facts = await tx.rules.of_zone(parts.policy.zone)
    proof = await tx.proofs.of("path", path.public_id)
    waiting = await tx.chores.of_subject(ChoreKind.WRITE_RULE, RULE)
    waiting += await tx.chores.of_subject(ChoreKind.OPEN_PATH, path.public_id)
    return PathCard(
        path=path,
        opener=(await tx.people.of_id(path.opened_by)).name,
        own=path.opened_by == reader.id,
        late=any(LATE in chore.payload for chore in waiting),
        seen=facts.seen_at is not None,
        proof=proof,
        detours=facts.paths_by is PathCheck.NORMALISED,
    )
