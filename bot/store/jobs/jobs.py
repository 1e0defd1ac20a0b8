"""What the worker has still to do."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, bindparam, case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.jobs import DUE, HAS_ITS_TIME, LACKS, LONGEST_WAIT, QUEUED, TAKES_AWAY, Job, JobKind, Queue
from bot.store.tables.core import chore

_MAX_OF_A_QUEUE = 50
_QUEUE = case(*((chore.c.kind.in_(sorted(kinds)), queue) for queue, kinds in QUEUED.items()), else_=Queue.OTHERS)
_ORDERED = (
    select(chore, func.row_number().over(partition_by=_QUEUE, order_by=(chore.c.due_at, chore.c.id)).label("place"))
    .where(chore.c.due_at <= bindparam("now", type_=chore.c.due_at.type))
    .subquery()
)
_DUE = (
    select(_ORDERED)
    .where(_ORDERED.c.place <= _MAX_OF_A_QUEUE)
    .order_by(_ORDERED.c.takes_away.desc(), _ORDERED.c.due_at, _ORDERED.c.id)
)
_NEXT_DUE = (
    select(chore.c.due_at)
    .where(chore.c.due_at > bindparam("now", type_=chore.c.due_at.type))
    .order_by(chore.c.due_at)
    .limit(1)
)

_CLOCKS_DIFFER = timedelta(minutes=1)
_LONGEST_PUT_OFF = timedelta(minutes=10)


class Jobs:
    """Reads and changes the list of chores."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self.added = False
        self.finished: list[int] = []

    async def add(
        self,
        kind: JobKind,
        subject: str,
        *,
        due_at: datetime | None = None,
        payload: dict[str, Any] | None = None,
    ) -> None:
        """Write a chore down, due now unless said otherwise. ``payload`` never holds a secret."""
        await self._connection.execute(
            insert(chore).values(
                kind=kind,
                subject=subject,
                takes_away=kind in TAKES_AWAY,
                due_at=due_at or self._now,
                attempts=0,
                payload=payload or {},
                created_at=self._now,
            )
        )
        self.added = True

    async def due(self) -> tuple[Job, ...]:
        """What is due now, each queue's oldest first, and of each queue no more than it can have at work."""
        rows = await self._connection.execute(_DUE, {"now": self._now})
        return tuple(_chore(row) for row in rows)

    async def next_due(self) -> datetime | None:
        """When the next chore that is not yet due will be; ``None`` when there is none."""
        moment: datetime | None = await self._connection.scalar(_NEXT_DUE, {"now": self._now})
        return moment

    async def of_subject(self, kind: JobKind, subject: str) -> tuple[Job, ...]:
        """The chores of a kind about one subject."""
        rows = await self._connection.execute(
            select(chore).where(chore.c.kind == kind, chore.c.subject == subject).order_by(chore.c.id)
        )
        return tuple(_chore(row) for row in rows)

    async def take_over_duplicates(self, which: Job) -> tuple[Job, ...]:
        """Strike off all other chores of the kind and subject of ``which``, which does their work too; answers them."""
        others = tuple(one for one in await self.of_subject(which.kind, which.subject) if one.id != which.id)
        await self._connection.execute(delete(chore).where(chore.c.id.in_([one.id for one in others])))
        return others

    async def of_kind(self, kind: JobKind) -> tuple[Job, ...]:
        """All chores of a kind."""
        rows = await self._connection.execute(select(chore).where(chore.c.kind == kind).order_by(chore.c.id))
        return tuple(_chore(row) for row in rows)

    async def drop_kind(self, kind: JobKind) -> None:
        """Strike all chores of a kind off the list."""
        await self._connection.execute(delete(chore).where(chore.c.kind == kind))

    async def done(self, chore_id: int) -> None:
        """Strike a chore off the list."""
        await self._connection.execute(delete(chore).where(chore.c.id == chore_id))

    async def drop(self, kind: JobKind, subject: str) -> None:
        """Strike all chores of a kind about one subject off the list."""
        await self._connection.execute(delete(chore).where(chore.c.kind == kind, chore.c.subject == subject))

    async def finish(self, which: Job) -> None:
        """Strike off the chore that this transaction completes: the worker then has nothing left to write."""
        await self.done(which.id)
        self.finished.append(which.id)

    async def put_off(self, which: Job, until: datetime, payload: dict[str, Any] | None = None) -> None:
        """Try again at ``until``, or at once where it was brought forward while it was at work; counts the attempt."""
        brought_forward = and_(chore.c.due_at > which.due_at, chore.c.due_at <= self._now)
        due = case((brought_forward, chore.c.due_at), else_=until)
        values: dict[str, Any] = {"due_at": due, "attempts": chore.c.attempts + 1}
        if payload is not None:
            values["payload"] = payload
        await self._connection.execute(update(chore).where(chore.c.id == which.id).values(**values))

    async def remember(self, chore_id: int, payload: dict[str, Any]) -> None:
        """Keep what was found out on the way, for the next attempt."""
        await self._connection.execute(update(chore).where(chore.c.id == chore_id).values(payload=payload))

    async def bring_forward(self, kind: JobKind, subject: str) -> None:
        """Make the chores of a kind about one subject due now."""
        await self._connection.execute(
            update(chore).where(chore.c.kind == kind, chore.c.subject == subject).values(due_at=self._now)
        )
        self.added = True

    async def hurry(self, which: Job) -> None:
        """Make one chore due now."""
        await self._connection.execute(update(chore).where(chore.c.id == which.id).values(due_at=self._now))
        self.added = True

    async def bring_kind_forward(self, kind: JobKind) -> None:
        """Make all chores of a kind due now: what they waited for is there."""
        await self._connection.execute(update(chore).where(chore.c.kind == kind).values(due_at=self._now))
        self.added = True

    async def bring_lacking_forward(self, rights: Collection[str] | None = None) -> None:
        """Make due now what waits because the token lacked one of ``rights`` (any, where none are named)."""
        lacks = chore.c.payload[LACKS].as_string()
        waits = lacks.is_not(None) if rights is None else lacks.in_(rights)
        done = await self._connection.execute(
            update(chore).where(waits, chore.c.due_at > self._now).values(due_at=self._now)
        )
        self.added = self.added or done.rowcount > 0

    async def repair_due_times(self) -> None:
        """The clock was set back: what was planned by the wrong one waits no longer than it was meant to."""
        rows = await self._connection.execute(select(chore).where(chore.c.due_at > self._now))
        for row in rows.all():
            waits = row.due_at - row.created_at
            if row.kind not in HAS_ITS_TIME and row.due_at > self._now + LONGEST_WAIT:
                # Put off by the wrong clock; when it was written down tells nothing then.
                values = {"due_at": self._now, "created_at": min(row.created_at, self._now)}
            elif row.created_at > self._now + _CLOCKS_DIFFER:
                values = {"due_at": self._now + waits, "created_at": self._now}
            elif DUE in row.payload and row.due_at > self._now + _LONGEST_PUT_OFF:
                values = {"due_at": datetime.fromisoformat(row.payload[DUE])}
            else:
                continue
            await self._connection.execute(update(chore).where(chore.c.id == row.id).values(**values))
            self.added = True

    async def count(self) -> int:
        """How many chores there are."""
        return await self._connection.scalar(select(func.count()).select_from(chore)) or 0


def _chore(row: Row[tuple[object, ...]]) -> Job:
    return Job(
        id=row.id,
        kind=JobKind(row.kind),
        subject=row.subject,
        due_at=row.due_at,
        attempts=row.attempts,
        payload=row.payload,
    )
