"""A report of a lost device as each of its readers sees it."""

from datetime import datetime

from bot.model.lock import LockState
from bot.model.losses import UNLESS_TOLD, Loss, LossCard, LossReader, Trace
from bot.model.people import Person, Standing
from bot.model.rule_notices import TurnedAway
from bot.services.tracing import traces_of
from bot.store.database import Transaction


async def loss_card(
    tx: Transaction, loss: Loss, reader: Person, lock: LockState | None, turned: tuple[TurnedAway | None, ...]
) -> LossCard:
    """The report for that reader, as the rows are now; ``lock`` and ``turned`` tell of the door."""
    owner = await tx.people.of_id(loss.owner_id)
    role = reader_of(loss, reader)
    since = told_since(loss, reader)
    return LossCard(
        loss=loss,
        reader=role,
        owner=owner,
        reporter_name=(await tx.people.of_id(loss.reported_by)).name,
        reported_by_reader=loss.reported_by == reader.id,
        frozen=owner.standing is Standing.FROZEN,
        certificates=tuple([await tx.certificates.of(public_id) for public_id in loss.certificates]),
        helpers=tuple(admin.name for admin in await tx.people.admins() if admin.id != owner.id),
        since=since,
        traces=() if since is None else await list_of(tx, loss, owner, since, reader),
        unticked=loss.answers[reader.public_id].unticked if reader.public_id in loss.answers else frozenset(),
        lock=lock,
        turned=turned,
    )


def reader_of(loss: Loss, reader: Person) -> LossReader:
    """What somebody is to a report: its owner, an admin in good standing, or merely its reporter."""
    if loss.owner_id == reader.id:
        return LossReader.OWNER
    return LossReader.ADMIN if reader.is_admin else LossReader.REPORTER


def told_since(loss: Loss, reader: Person) -> datetime | None:
    """Since when the reader is shown what the account did.

    Admins who have not answered themselves are shown a day, or more when anybody said so: they need no answer from
    a phone that may be in the wrong hands. Who is neither owner nor admin is shown nothing.
    """
    if reader.public_id in loss.answers:
        return loss.answers[reader.public_id].since
    if reader_of(loss, reader) is not LossReader.ADMIN:
        return None
    return min([loss.reported_at - UNLESS_TOLD, *(answer.since for answer in loss.answers.values())])


async def list_of(tx: Transaction, loss: Loss, owner: Person, since: datetime, reader: Person) -> tuple[Trace, ...]:
    """What the account did since then, besides what was blocked with the report, and to the reader themself."""
    return await traces_of(tx, owner, since, {*loss.certificates, reader.public_id})
