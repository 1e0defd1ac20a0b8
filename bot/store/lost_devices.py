"""Reports of lost devices, what each reader answered, and the messages that show them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import AuditTag
from bot.model.lost_devices import LossReport, LossState, ReaderAnswer
from bot.model.message_ref import MessageRef
from bot.model.people.people import Person
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import loss, person


class Losses:
    """Reads and changes reports."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def add(
        self, owner: Person, reporter: Person, certificates: Collection[PublicId], *, whole: bool, state: LossState
    ) -> LossReport:
        """Write a report down."""
        public_id = new_public_id()
        await self._connection.execute(
            insert(loss).values(
                public_id=public_id,
                owner_id=owner.id,
                reported_by=reporter.id,
                reported_at=self._now,
                whole=whole,
                certificates=list(certificates),
                state=state,
                answers={},
                messages=[],
                version=0,
            )
        )
        await self._audit.write(
            AuditTag.PERSON_REPORTED_LOST,
            actor=f"person:{reporter.public_id}",
            subject=owner.public_id,
            detail={"certificates": list(certificates)},
        )
        return await self.of(public_id)

    async def of(self, public_id: str) -> LossReport:
        """The report of that public id.

        Raises:
            Unknown: there is none.
        """
        found = await self._many(loss.c.public_id == public_id)
        if not found:
            raise NotFound
        return found[0]

    async def of_owner(self, owner_id: int) -> tuple[LossReport, ...]:
        """The reports about a person's devices, oldest first."""
        return await self._many(loss.c.owner_id == owner_id)

    async def by(self, reporter: Person, since: datetime) -> tuple[LossReport, ...]:
        """The reports that a person made since a moment (that moment counts), oldest first."""
        return await self._many((loss.c.reported_by == reporter.id) & (loss.c.reported_at >= since))

    async def since(self, moment: datetime) -> tuple[LossReport, ...]:
        """The reports since a moment, oldest first."""
        return await self._many(loss.c.reported_at >= moment)

    async def decide(
        self, which: LossReport, state: LossState, *, tag: AuditTag, by: Person, owner: Person
    ) -> LossReport:
        """An admin's word about the freeze.

        Raises:
            Gone: somebody said something already.
        """
        changed = await self._connection.execute(
            update(loss)
            .where(loss.c.id == which.id, loss.c.state == LossState.OPEN)
            .values(state=state, decided_by=by.id, decided_at=self._now, version=loss.c.version + 1)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=f"person:{by.public_id}", subject=owner.public_id)
        return await self.of(which.public_id)

    async def answer(self, which: LossReport, reader: Person, since: datetime, owner: Person) -> LossReport:
        """Keep since when the device was out of hand, by what ``reader`` says."""
        await self._keep(which, reader, ReaderAnswer(since, _unticked(which, reader)))
        await self._audit.write(
            AuditTag.PERSON_LAST_HELD,
            actor=f"person:{reader.public_id}",
            subject=owner.public_id,
            detail={"since": since.isoformat()},
        )
        return await self.of(which.public_id)

    async def untick(self, which: LossReport, reader: Person, since: datetime, unticked: Collection[str]) -> LossReport:
        """Keep what ``reader`` takes out of their own list. No change of anybody's rights, so no audit event."""
        await self._keep(which, reader, ReaderAnswer(since, frozenset(unticked)))
        return await self.of(which.public_id)

    async def touch(self, which: LossReport) -> LossReport:
        """Note that what its messages show has changed."""
        await self._set(which, version=loss.c.version + 1)
        return await self.of(which.public_id)

    async def copies(self, which: LossReport) -> tuple[MessageRef, ...]:
        """The messages that show a report."""
        kept = await self._connection.scalar(select(loss.c.messages).where(loss.c.id == which.id))
        return tuple(MessageRef(chat_id, message_id) for chat_id, message_id in kept or ())

    async def keep_copy(self, which: LossReport, message: MessageRef) -> None:
        """Remember a message that shows a report."""
        kept = [[copy.chat_id, copy.message_id] for copy in await self.copies(which)]
        shown = [message.chat_id, message.message_id]
        if shown not in kept:
            await self._set(which, messages=[*kept, shown])

    async def drop_copy(self, which: LossReport, message: MessageRef) -> None:
        """Forget a message: it shows something else from now on."""
        kept = [[copy.chat_id, copy.message_id] for copy in await self.copies(which) if copy != message]
        await self._set(which, messages=kept)

    async def _keep(self, which: LossReport, reader: Person, said: ReaderAnswer) -> None:
        answers = {who: _written(answer) for who, answer in which.answers.items()}
        answers[reader.public_id] = _written(said)
        await self._set(which, answers=answers, version=loss.c.version + 1)

    async def _set(self, which: LossReport, **values: object) -> None:
        await self._connection.execute(update(loss).where(loss.c.id == which.id).values(**values))

    async def _many(self, condition: ColumnElement[bool]) -> tuple[LossReport, ...]:
        rows = await self._connection.execute(
            select(loss, person.c.name.label("decider_name"))
            .select_from(loss.outerjoin(person, loss.c.decided_by == person.c.id))
            .where(condition)
            .order_by(loss.c.id)
        )
        return tuple(_loss(row) for row in rows)


def _unticked(which: LossReport, reader: Person) -> frozenset[str]:
    return which.answers[reader.public_id].unticked if reader.public_id in which.answers else frozenset()


def _written(answer: ReaderAnswer) -> dict[str, Any]:
    return {"since": answer.since.isoformat(), "unticked": sorted(answer.unticked)}


def _loss(row: Any) -> LossReport:
    return LossReport(
        id=row.id,
        public_id=PublicId(row.public_id),
        owner_id=row.owner_id,
        reported_by=row.reported_by,
        reported_at=row.reported_at,
        whole=row.whole,
        certificates=tuple(PublicId(public_id) for public_id in row.certificates),
        state=LossState(row.state),
        decided_by_name=row.decider_name,
        decided_at=row.decided_at,
        answers={
            who: ReaderAnswer(datetime.fromisoformat(said["since"]), frozenset(said["unticked"]))
            for who, said in row.answers.items()
        },
        version=row.version,
    )
