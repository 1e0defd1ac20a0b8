"""Open paths. Every change is a compare-and-set and writes one audit event, which never holds a whole path."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.message_ref import MessageRef
from bot.model.openings.input import WantedPath
from bot.model.openings.paths import (
    PATH_ENDED,
    PATH_IN_RULE,
    PATH_MOVES,
    OpenPath,
    PathEnd,
    PathState,
    PathTry,
    shortened,
)
from bot.model.people.people import Person
from bot.model.proofs.probe_results import Verdict
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.tables.edge import open_path

_MAX_COPIES = 8


class OpenPaths:
    """Reads and changes open paths, and remembers which messages show them."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of(self, public_id: str) -> OpenPath:
        """The path of that public id.

        Raises:
            Unknown: there is none.
        """
        found = await self._many(open_path.c.public_id == public_id)
        if not found:
            raise NotFound
        return found[0]

    async def open_now(self) -> tuple[OpenPath, ...]:
        """Those that the rule shall let through now, oldest first."""
        return await self._many(open_path.c.state.in_(PATH_IN_RULE) & (open_path.c.closes_at > self._now))

    async def not_ended(self) -> tuple[OpenPath, ...]:
        """Those that are open, on their way, or on their way out, oldest first."""
        return await self._many(open_path.c.state.not_in(PATH_ENDED))

    async def opened_by(self, who: Person, since: datetime) -> tuple[OpenPath, ...]:
        """What a person opened since a moment and is not closed yet, oldest first."""
        mine = (open_path.c.opened_by == who.id) & (open_path.c.opened_at >= since)
        return await self._many(mine & open_path.c.state.not_in(PATH_ENDED))

    async def leases_before(self, until: datetime) -> tuple[OpenPath, ...]:
        """Lasting paths whose lease ends before ``until`` and is not being moved."""
        lasting = open_path.c.lasting & (open_path.c.state == PathState.OPEN) & open_path.c.asked_until.is_(None)
        return await self._many(lasting & (open_path.c.closes_at < until))

    async def not_kept_since(self, since: datetime) -> tuple[OpenPath, ...]:
        """Lasting paths that nobody has been asked about since ``since``."""
        asked = (open_path.c.kept_at < since) | (open_path.c.kept_at.is_(None) & (open_path.c.opened_at < since))
        return await self._many(open_path.c.lasting & (open_path.c.state == PathState.OPEN) & asked)

    async def add(self, wanted: WantedPath, who: Person, *, state: PathState, lasts: timedelta, actor: str) -> OpenPath:
        """Write down what somebody asks for."""
        public_id = new_public_id()
        until = self._now + lasts
        await self._connection.execute(
            insert(open_path).values(
                public_id=public_id,
                state=state,
                host=wanted.host,
                path=wanted.path,
                sent=wanted.sent,
                query=wanted.query,
                method=wanted.method,
                networks=list(wanted.networks),
                reason=wanted.reason,
                lasting=wanted.lasting,
                opened_by=who.id,
                opened_at=self._now,
                closes_at=until,
                asked_until=until,
                messages=[],
            )
        )
        added = await self.of(public_id)
        await self._event(AuditTag.PATH_ASKED, added, actor)
        return added

    async def move(
        self,
        which: OpenPath,
        to: PathState,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **values: object,
    ) -> OpenPath:
        """Move a path from the state ``which`` shows to another one; what has ended keeps no path to tell.

        Raises:
            Gone: it is in another state by now.
        """
        if to not in PATH_MOVES[which.state]:
            raise StaleAction
        if to in PATH_ENDED:
            forgotten = {"sent": None, "query": None, "asked_until": None}
            values |= {"path": shortened(which.path), "closed_at": self._now, **forgotten}
        return await self._changed(which, tag, actor, detail, state=to, **values)

    async def record(
        self,
        which: OpenPath,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **values: object,
    ) -> OpenPath:
        """Write something down about a path that is still in the state ``which`` shows.

        Raises:
            Gone: it is in another state by now.
        """
        return await self._changed(which, tag, actor, detail, **values)

    async def asked_about(self, which: OpenPath) -> None:
        """Somebody is asked now whether it is still needed: no change of what is open, so no event."""
        await self._connection.execute(update(open_path).where(open_path.c.id == which.id).values(kept_at=self._now))

    async def copies(self, which: OpenPath) -> tuple[MessageRef, ...]:
        """The messages that show a path."""
        kept = await self._connection.scalar(select(open_path.c.messages).where(open_path.c.id == which.id))
        return tuple(MessageRef(chat, message) for chat, message in kept or [])

    async def keep_copy(self, which: OpenPath, at: MessageRef) -> None:
        """Remember a message that shows a path; the newest few are kept."""
        known = [copy for copy in await self.copies(which) if copy != at]
        kept = [[copy.chat_id, copy.message_id] for copy in (*known, at)][-_MAX_COPIES:]
        await self._connection.execute(update(open_path).where(open_path.c.id == which.id).values(messages=kept))

    async def _changed(
        self, which: OpenPath, tag: AuditTag, actor: str, detail: dict[str, Any] | None, **values: object
    ) -> OpenPath:
        changed = await self._connection.execute(
            update(open_path)
            .where(open_path.c.id == which.id, open_path.c.state == which.state)
            .values({open_path.c[name]: value for name, value in values.items()} or {"state": which.state})
        )
        if changed.rowcount != 1:
            raise StaleAction
        now = await self.of(which.public_id)
        await self._event(tag, now, actor, detail)
        return now

    async def _event(self, tag: AuditTag, which: OpenPath, actor: str, detail: dict[str, Any] | None = None) -> None:
        told = {"path": which.masked, "until": which.closes_at.isoformat(), **(detail or {})}
        await self._audit.write(tag, actor=actor, subject=which.public_id, detail=told)

    async def _many(self, condition: ColumnElement[bool]) -> tuple[OpenPath, ...]:
        rows = await self._connection.execute(select(open_path).where(condition).order_by(open_path.c.id))
        return tuple(_open_path(row) for row in rows)


def _open_path(row: Row[Any]) -> OpenPath:
    tried = None if row.tried_verdict is None else PathTry(Verdict(row.tried_verdict), row.tried_status)
    return OpenPath(
        id=row.id,
        public_id=PublicId(row.public_id),
        state=PathState(row.state),
        host=row.host,
        path=row.path,
        sent=row.sent,
        query=row.query,
        method=row.method,
        networks=tuple(row.networks),
        reason=row.reason,
        lasting=row.lasting,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        closes_at=row.closes_at,
        asked_until=row.asked_until,
        written_until=row.written_until,
        moved_by=row.moved_by,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        end=PathEnd(row.end) if row.end else None,
        tried=tried,
        kept_at=row.kept_at,
    )
