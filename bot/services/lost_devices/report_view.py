"""A report of a lost device as each of its readers sees it."""

from datetime import datetime

from bot.model.audit import AuditTag
from bot.model.lost_devices import UNLESS_TOLD, Activity, LossCard, LossReader, LossReport, LossState
from bot.model.people.people import FreezeReason, Person, Standing
from bot.model.protection.rule_notices import TurnedAway
from bot.model.protection.zone_lock import LockState
from bot.services.lost_devices.account_activity import traces_of
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Transaction


async def loss_card(
    tx: Transaction, loss: LossReport, reader: Person, lock: LockState | None, turned: tuple[TurnedAway | None, ...]
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
        reaches_others=reaches_others(reader),
        disputable=await disputable(tx, loss, reader),
    )


def reaches_others(reader: Person) -> bool:
    """Whether a reader's tap below a report may touch other people: an admin's in good standing.

    The owner's own copy may be in the hands of whoever has the phone.
    """
    return reader.is_admin


async def disputable(tx: Transaction, loss: LossReport, reader: Person) -> bool:
    """Whether the reader was frozen by that report, may say that it was false, and has not done so yet."""
    by_it = reader.freeze_reason is FreezeReason.REPORTED and reader.frozen_by == loss.reported_by
    if loss.owner_id != reader.id or reader.standing is not Standing.FROZEN or not by_it:
        return False
    reporter = await tx.people.of_id(loss.reported_by)
    if loss.state is not LossState.OPEN or reporter.standing is not Standing.OK:
        return False
    done = await tx.audit.by(actor_of(reader), loss.reported_at)
    return not any(event.tag == AuditTag.PERSON_FROZEN and event.subject == reporter.public_id for event in done)


def reader_of(loss: LossReport, reader: Person) -> LossReader:
    """What somebody is to a report: its owner, an admin in good standing, or merely its reporter."""
    if loss.owner_id == reader.id:
        return LossReader.OWNER
    return LossReader.ADMIN if reader.is_admin else LossReader.REPORTER


def told_since(loss: LossReport, reader: Person) -> datetime | None:
    """Since when the reader is shown what the account did.

    Admins who have not answered themselves are shown a day, or more when anybody said so: they need no answer from
    a phone that may be in the wrong hands. Who is neither owner nor admin is shown nothing.
    """
    role = reader_of(loss, reader)
    if role is LossReader.REPORTER:
        return None
    if reader.public_id in loss.answers:
        return loss.answers[reader.public_id].since
    if role is not LossReader.ADMIN:
        return None
    return min([loss.reported_at - UNLESS_TOLD, *(answer.since for answer in loss.answers.values())])


async def list_of(
    tx: Transaction, loss: LossReport, owner: Person, since: datetime, reader: Person
) -> tuple[Activity, ...]:
    """What the account did since then, besides what was blocked with the report, and to the reader themself."""
    return await traces_of(tx, owner, since, {*loss.certificates, reader.public_id})
