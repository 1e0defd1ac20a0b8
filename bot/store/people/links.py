"""Links with a token. Only the token's SHA-256 is kept: 256 random bits need no slow hash."""

import hashlib
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.people.links import Link, LinkKind
from bot.model.people.people import Account, Person
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import link, person

_TOKEN_BYTES = 32


class Links:
    """Reads and changes links."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def make(
        self,
        kind: LinkKind,
        *,
        expires_at: datetime,
        tag: AuditTag,
        maker: Person | None = None,
        label: str | None = None,
    ) -> tuple[Link, str]:
        """Make a link; answers it with its token, which is told this once."""
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        public_id = new_public_id()
        await self._connection.execute(
            insert(link).values(
                public_id=public_id,
                kind=kind,
                token_sha256=_digest(token),
                label=label,
                made_by=maker.id if maker else None,
                made_at=self._now,
                expires_at=expires_at,
            )
        )
        actor = f"person:{maker.public_id}" if maker else SYSTEM
        await self._audit.write(tag, actor=actor, subject=public_id, detail={"kind": kind.value})
        return await self.of(public_id), token

    async def of(self, public_id: str) -> Link:
        """The link of that public id.

        Raises:
            Unknown: there is none.
        """
        return await self._one(link.c.public_id == public_id)

    async def of_token(self, token: str) -> Link:
        """The link of that token, whatever has become of it.

        Raises:
            Unknown: there is none.
        """
        return await self._one(link.c.token_sha256 == _digest(token))

    async def made_by(self, who: Person, since: datetime) -> tuple[Link, ...]:
        """What links a person made since a moment that may still be opened."""
        return await self._many(
            (link.c.made_by == who.id)
            & (link.c.made_at >= since)
            & link.c.ended_at.is_(None)
            & link.c.opened_by.is_(None)
        )

    async def outstanding(self) -> tuple[Link, ...]:
        """All that are not over, opened or not."""
        return await self._many(link.c.ended_at.is_(None))

    async def open(self, which: Link, account: Account) -> Link:
        """Bind a link to the first account that opens it.

        Raises:
            Gone: it is over, or somebody else opened it.
        """
        changed = await self._connection.execute(
            update(link)
            .where(
                link.c.id == which.id,
                link.c.opened_by.is_(None),
                link.c.ended_at.is_(None),
                link.c.expires_at > self._now,
            )
            .values(opened_by=account.telegram_id, opened_by_name=account.name, opened_at=self._now)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(
            AuditTag.LINK_OPENED,
            actor=f"telegram:{account.telegram_id}",
            subject=which.public_id,
            detail={"kind": which.kind.value},
        )
        return await self.of(which.public_id)

    async def end(self, which: Link, *, tag: AuditTag, actor: str = SYSTEM) -> None:
        """Make a link worthless; harmless when it is over already."""
        changed = await self._connection.execute(
            update(link).where(link.c.id == which.id, link.c.ended_at.is_(None)).values(ended_at=self._now)
        )
        if changed.rowcount == 1:
            await self._audit.write(tag, actor=actor, subject=which.public_id)

    async def _one(self, condition: ColumnElement[bool]) -> Link:
        found = await self._many(condition)
        if not found:
            raise NotFound
        return found[0]

    async def _many(self, condition: ColumnElement[bool]) -> tuple[Link, ...]:
        rows = await self._connection.execute(
            select(link, person.c.name.label("maker_name"))
            .select_from(link.outerjoin(person, link.c.made_by == person.c.id))
            .where(condition)
            .order_by(link.c.id)
        )
        return tuple(_link(row) for row in rows)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _link(row: Any) -> Link:
    return Link(
        id=row.id,
        public_id=PublicId(row.public_id),
        kind=LinkKind(row.kind),
        label=row.label,
        made_by=row.made_by,
        made_by_name=row.maker_name,
        made_at=row.made_at,
        expires_at=row.expires_at,
        opened_by=row.opened_by,
        opened_by_name=row.opened_by_name,
        opened_at=row.opened_at,
        ended_at=row.ended_at,
    )
