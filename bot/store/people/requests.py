"""What people asked for. Every change of state is a compare-and-set and writes one audit event."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import DeviceKind
from bot.model.people.people import Person
from bot.model.people.requests import ENDED_UNDECIDED, REQUEST_MOVES, InstallTarget, Request, RequestKind, RequestState
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.people.people import read_person_row
from bot.store.tables.core import link, person, request


class Requests:
    """Reads and changes requests. Which messages show them: see ``bot.store.people.request_cards``."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of(self, public_id: str) -> Request:
        """The request of that public id.

        Raises:
            Unknown: there is none.
        """
        found = await self._many(request.c.public_id == public_id)
        if not found:
            raise NotFound
        return found[0]

    async def open_of(self, who: Person) -> tuple[Request, ...]:
        """A person's undecided requests, oldest first."""
        return await self._many((request.c.person_id == who.id) & (request.c.state == RequestState.OPEN))

    async def permissions_of(self, who: Person) -> tuple[Request, ...]:
        """What a person was allowed and has not used yet, oldest first."""
        return await self._many(
            (request.c.person_id == who.id)
            & (request.c.state == RequestState.APPROVED)
            & (request.c.permission_until > self._now)
        )

    async def decided_by(self, who: Person, since: datetime) -> tuple[Request, ...]:
        """What a person allowed others since a moment, used, waiting or taken back."""
        return await self._many(
            (request.c.decided_by == who.id)
            & (request.c.decided_at >= since)
            & request.c.state.in_((RequestState.APPROVED, RequestState.USED, RequestState.WITHDRAWN))
        )

    async def last_denied(self, who: Person) -> datetime | None:
        """When an admin last said no to a person."""
        moment: datetime | None = await self._connection.scalar(
            select(func.max(request.c.decided_at)).where(
                request.c.person_id == who.id, request.c.state == RequestState.DENIED
            )
        )
        return moment

    async def outstanding(self) -> tuple[Request, ...]:
        """All that wait for a decision, and all permissions that nobody has used."""
        return await self._many(request.c.state.in_((RequestState.OPEN, RequestState.APPROVED)))

    async def past_expiry(self) -> tuple[Request, ...]:
        """Undecided requests whose time is up."""
        return await self._many((request.c.state == RequestState.OPEN) & (request.c.expires_at <= self._now))

    async def past_permission(self) -> tuple[Request, ...]:
        """Permissions that nobody used in time."""
        return await self._many((request.c.state == RequestState.APPROVED) & (request.c.permission_until <= self._now))

    async def count_open(self) -> int:
        """How many requests wait for a decision."""
        return (
            await self._connection.scalar(
                select(func.count()).select_from(request).where(request.c.state == RequestState.OPEN)
            )
            or 0
        )

    async def is_for(self, certificate_id: int) -> bool:
        """Whether a certificate was made on an admin's yes."""
        found = await self._connection.scalar(select(request.c.id).where(request.c.certificate_id == certificate_id))
        return found is not None

    async def add(
        self,
        who: Person,
        kind: RequestKind,
        *,
        expires_at: datetime,
        tag: AuditTag = AuditTag.REQUEST_MADE,
        actor: str | None = None,
        detail: dict[str, Any] | None = None,
        **values: object,
    ) -> Request:
        """Write a request down. ``values`` are columns, such as ``device_name``, ``link_id`` or ``state``."""
        public_id = new_public_id()
        await self._connection.execute(
            insert(request).values(
                {
                    "public_id": public_id,
                    "kind": kind,
                    "state": RequestState.OPEN,
                    "person_id": who.id,
                    "messages": [],
                    "asked_at": self._now,
                    "expires_at": expires_at,
                    **values,
                }
            )
        )
        await self._audit.write(
            tag,
            actor=actor or f"person:{who.public_id}",
            subject=public_id,
            detail={"kind": kind.value, **(detail or {})},
        )
        return await self.of(public_id)

    async def move(
        self,
        which: Request,
        to: RequestState,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Request:
        """Move a request from the state ``which`` shows to another one.

        Raises:
            Gone: it is in another state by now.
        """
        if to not in REQUEST_MOVES[which.state]:
            raise StaleAction
        return await self.record(which, tag=tag, actor=actor, detail=detail, state=to, **facts)

    async def record(
        self,
        which: Request,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> Request:
        """Write facts beside the state, with their audit event.

        Raises:
            Gone: it is in another state by now.
        """
        changed = await self._connection.execute(
            update(request).where(request.c.id == which.id, request.c.state == which.state).values(**facts)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=actor, subject=which.public_id, detail=detail)
        return await self.of(which.public_id)

    async def transfer_request(self, certificate_id: int, to: int) -> None:
        """The yes behind a certificate stands behind the one that is made in its place."""
        await self._connection.execute(
            update(request).where(request.c.certificate_id == certificate_id).values(certificate_id=to)
        )

    async def last_of(self, who: Person, kind: RequestKind) -> Request | None:
        """What a person asked for last, of that kind; ``None`` when it was nothing yet."""
        newest = select(func.max(request.c.id)).where(request.c.person_id == who.id, request.c.kind == kind)
        found = await self._many(request.c.id == newest.scalar_subquery())
        return found[0] if found else None

    async def count_askers(self, kind: RequestKind, since: datetime, *, besides: Person) -> int:
        """How many other people wait for a decision, or asked since a moment and ended it before there was one."""
        undecided = request.c.state.in_(ENDED_UNDECIDED) & request.c.decided_by.is_(None)
        waiting = select(func.count(request.c.person_id.distinct())).where(
            request.c.kind == kind,
            request.c.person_id != besides.id,
            (request.c.state == RequestState.OPEN) | (undecided & (request.c.asked_at > since)),
        )
        return await self._connection.scalar(waiting) or 0

    async def of_rows(self, ids: Collection[int]) -> tuple[Request, ...]:
        """The requests of these rows, oldest first."""
        return await self._many(request.c.id.in_(ids)) if ids else ()

    async def _many(self, condition: ColumnElement[bool]) -> tuple[Request, ...]:
        decider, maker = person.alias("decider"), person.alias("maker")
        rows = await self._connection.execute(
            select(
                request,
                link.c.label.label("link_label"),
                maker.c.name.label("maker_name"),
                decider.c.name.label("decider_name"),
            )
            .select_from(
                request.outerjoin(link, request.c.link_id == link.c.id)
                .outerjoin(maker, link.c.made_by == maker.c.id)
                .outerjoin(decider, request.c.decided_by == decider.c.id)
            )
            .where(condition)
            .order_by(request.c.id)
        )
        return tuple([await self._read(row) for row in rows.all()])

    async def _read(self, row: Row[Any]) -> Request:
        who = (await self._connection.execute(select(person).where(person.c.id == row.person_id))).one()
        return Request(
            id=row.id,
            public_id=PublicId(row.public_id),
            kind=RequestKind(row.kind),
            state=RequestState(row.state),
            person=read_person_row(who),
            device_name=row.device_name,
            device_kind=DeviceKind(row.device_kind) if row.device_kind else None,
            via=InstallTarget(row.via) if row.via else None,
            days=row.days,
            line=row.line,
            came_by=row.link_label,
            invited_by=row.maker_name,
            replaces=row.replaces_id,
            certificate_id=row.certificate_id,
            asked_at=row.asked_at,
            expires_at=row.expires_at,
            reminded_at=row.reminded_at,
            decided_by=row.decided_by,
            decided_by_name=row.decider_name,
            decided_at=row.decided_at,
            reason=row.reason,
            permission_until=row.permission_until,
        )
