"""Take-overs of rules made by hand. Every change of state is a compare-and-set and writes one audit event."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.host_notices import TAKE_OVER_MOVES, TakeOverState
from bot.model.message_ref import MessageRef
from bot.model.protection.takeover import HandMadeRule
from bot.model.public_id import new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.tables.edge import take_over


@dataclass(frozen=True, kw_only=True)
class TakeOver:
    """One take-over. ``paths`` are the public ids of open paths that came of it; ``at`` shows how far it is."""

    public_id: str
    state: TakeOverState
    hosts: tuple[str, ...]
    rules: tuple[HandMadeRule, ...]
    paths: tuple[str, ...]
    asked_by: int
    at: MessageRef


class TakeOvers:
    """Reads and changes take-overs."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def add(
        self,
        *,
        hosts: tuple[str, ...],
        rules: tuple[HandMadeRule, ...],
        paths: tuple[str, ...],
        asked_by: int,
        actor: str,
        at: MessageRef,
    ) -> TakeOver:
        """Write down that rules are to be taken over."""
        public_id = new_public_id()
        await self._connection.execute(
            insert(take_over).values(
                public_id=public_id,
                state=TakeOverState.WAITING,
                hosts=list(hosts),
                rules=[[rule.rule_id, rule.text] for rule in rules],
                paths=list(paths),
                asked_by=asked_by,
                asked_at=self._now,
                chat_id=at.chat_id,
                message_id=at.message_id,
            )
        )
        await self._audit.write(AuditTag.TAKE_OVER_ASKED, actor=actor, subject=public_id, detail={"hosts": list(hosts)})
        return await self.of(public_id)

    async def of(self, public_id: str) -> TakeOver:
        """The take-over of that public id.

        Raises:
            Unknown: there is none.
        """
        found = await self._many(take_over.c.public_id == public_id)
        if not found:
            raise NotFound
        return found[0]

    async def in_state(self, state: TakeOverState) -> tuple[TakeOver, ...]:
        """Those in that state."""
        return await self._many(take_over.c.state == state)

    async def move(
        self, which: TakeOver, to: TakeOverState, *, tag: AuditTag, actor: str = SYSTEM, at: MessageRef | None = None
    ) -> TakeOver:
        """Move a take-over from the state ``which`` shows to another one.

        Raises:
            Gone: it is in another state by now.
        """
        if to not in TAKE_OVER_MOVES[which.state]:
            raise StaleAction
        where = at or which.at
        changed = await self._connection.execute(
            update(take_over)
            .where(take_over.c.public_id == which.public_id, take_over.c.state == which.state)
            .values(state=to, chat_id=where.chat_id, message_id=where.message_id)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=actor, subject=which.public_id)
        return await self.of(which.public_id)

    async def _many(self, condition: Any) -> tuple[TakeOver, ...]:
        rows = await self._connection.execute(select(take_over).where(condition).order_by(take_over.c.asked_at))
        return tuple(
            TakeOver(
                public_id=row.public_id,
                state=TakeOverState(row.state),
                hosts=tuple(row.hosts),
                rules=tuple(HandMadeRule(rule_id, text) for rule_id, text in row.rules),
                paths=tuple(row.paths),
                asked_by=row.asked_by,
                at=MessageRef(row.chat_id, row.message_id),
            )
            for row in rows
        )
