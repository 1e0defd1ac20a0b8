"""Protected hosts. Every change of state is a compare-and-set and writes one audit event."""

from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.message_ref import MessageRef
from bot.model.protection.hosts import HOST_MOVES, HostState, ProtectedHost
from bot.store.audit.trail import AuditTrail
from bot.store.tables.edge import protected_host


class ProtectedHosts:
    """Reads and changes the hosts that shall be protected."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def all(self) -> tuple[ProtectedHost, ...]:
        """Every host, in the order of their names."""
        rows = await self._connection.execute(select(protected_host).order_by(protected_host.c.host))
        return tuple(
            ProtectedHost(
                id=row.id,
                host=row.host,
                state=HostState(row.state),
                asked_by=row.asked_by,
                asked_at=row.asked_at,
                protected_at=row.protected_at,
                seen_at=row.seen_at,
                unlocked_at=row.unlocked_at,
                stays_associated=bool(row.stays_associated),
                shown_at=tuple(MessageRef(chat, message) for chat, message in row.messages),
            )
            for row in rows
        )

    async def any(self) -> bool:
        """Whether there is one: without, the zone's rules are none of our business."""
        return await self._connection.scalar(select(protected_host.c.id).limit(1)) is not None

    async def ask(self, host: str, *, asked_by: int, actor: str, shown_at: MessageRef | None = None) -> None:
        """Have a host protected; for one that is protected or on its way nothing changes."""
        known = {one.host: one for one in await self.all()}.get(host)
        if known is not None and known.state is not HostState.LEAVING:
            return
        values = {
            "state": HostState.ASSOCIATING,
            "asked_by": asked_by,
            "asked_at": self._now,
            "protected_at": None,
            "seen_at": None,
            "unlocked_at": None,
            "stays_associated": False,
            "messages": [_place(shown_at)] if shown_at else [],
        }
        if known is None:
            await self._connection.execute(insert(protected_host).values(host=host, **values))
        else:
            await self._connection.execute(
                update(protected_host).where(protected_host.c.id == known.id).values(**values)
            )
        await self._audit.write(AuditTag.HOST_PROTECT_ASKED, actor=actor, subject=_subject(host), detail={"host": host})

    async def move(
        self,
        which: ProtectedHost,
        to: HostState,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        asked_by: int | None = None,
        shown_at: MessageRef | None = None,
        stays_associated: bool = False,
    ) -> None:
        """Move a host from the state ``which`` shows to another one, on the order of ``asked_by`` where there is one.

        Raises:
            Gone: it is in another state by now.
        """
        if to not in HOST_MOVES[which.state]:
            raise StaleAction
        values: dict[str, object] = {"state": to, "stays_associated": stays_associated}
        if to is HostState.PROTECTED:
            values["protected_at"] = self._now
        if asked_by is not None:
            values |= {"asked_by": asked_by, "asked_at": self._now}
        if shown_at is not None:
            values |= {"messages": [_place(shown_at)]}
        changed = await self._connection.execute(
            update(protected_host)
            .where(protected_host.c.id == which.id, protected_host.c.state == which.state)
            .values(**values)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=actor, subject=_subject(which.host), detail={"host": which.host})

    async def found_in_rule(self, host: str) -> None:
        """The rule at Cloudflare has that host, and the rows do not say so: it stays protected."""
        values = {"state": HostState.PROTECTED, "protected_at": self._now, "unlocked_at": None}
        known = await self._connection.execute(
            update(protected_host).where(protected_host.c.host == host).values(**values)
        )
        if known.rowcount == 0:
            await self._connection.execute(insert(protected_host).values(host=host, asked_at=self._now, **values))
        await self._audit.write(AuditTag.HOST_PROTECTED, actor=SYSTEM, subject=_subject(host), detail={"host": host})

    async def unlock(self, which: ProtectedHost, *, tag: AuditTag, actor: str, since: datetime | None) -> None:
        """Unlock a host on purpose since that moment, or lock it again (``None``)."""
        await self._connection.execute(
            update(protected_host)
            .where(protected_host.c.id == which.id)
            .values(unlocked_at=since, seen_at=None, asked_at=self._now)
        )
        await self._audit.write(tag, actor=actor, subject=_subject(which.host), detail={"host": which.host})

    async def seen(self) -> tuple[ProtectedHost, ...]:
        """The edge was seen to lock all protected hosts; answers those of which that is new. The rule's own audit
        event tells it.
        """
        fresh = tuple(one for one in await self.all() if one.state is HostState.PROTECTED and one.is_awaited)
        await self._connection.execute(
            update(protected_host).where(protected_host.c.id.in_([one.id for one in fresh])).values(seen_at=self._now)
        )
        return fresh

    async def remember_message(self, which: ProtectedHost, shown_at: MessageRef, *, alone: bool = False) -> None:
        """Remember which message of a chat tells how far a host is; ``alone``: and that no other one does any more."""
        others = [] if alone else [_place(one) for one in which.shown_at if one.chat_id != shown_at.chat_id]
        await self._connection.execute(
            update(protected_host).where(protected_host.c.id == which.id).values(messages=[*others, _place(shown_at)])
        )

    async def forget_messages(self, which: ProtectedHost) -> None:
        """No message tells any more how far a host is."""
        await self._connection.execute(
            update(protected_host).where(protected_host.c.id == which.id).values(messages=[])
        )

    async def forget(self, which: ProtectedHost) -> None:
        """A leaving host has left.

        Raises:
            Gone: it shall be protected again.
        """
        gone = await self._connection.execute(
            delete(protected_host).where(protected_host.c.id == which.id, protected_host.c.state == HostState.LEAVING)
        )
        if gone.rowcount != 1:
            raise StaleAction
        await self._audit.write(
            AuditTag.HOST_UNPROTECTED, actor=SYSTEM, subject=_subject(which.host), detail={"host": which.host}
        )


def _place(at: MessageRef) -> list[int]:
    return [at.chat_id, at.message_id]


def _subject(host: str) -> str:
    # The record's subjects have 64 characters; the whole name stands in the detail.
    return host[:64]
