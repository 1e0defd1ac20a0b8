"""The people the bot has met."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import NotFound, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.names import shown_name
from bot.model.people.people import Account, FreezeReason, Person, Role, Standing
from bot.model.public_id import PublicId, new_public_id
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import person

# Built once: they are asked for with every message.
_OF_TELEGRAM = select(person).where(person.c.telegram_id == bindparam("which"))
_OF_ROW = select(person).where(person.c.id == bindparam("which"))
_OF_PUBLIC_ID = select(person).where(person.c.public_id == bindparam("which"))


class People:
    """Reads and changes people."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of_telegram(self, telegram_id: int) -> Person:
        """The person with that account.

        Raises:
            Unknown: nobody the bot has met.
        """
        return await self._one(_OF_TELEGRAM, telegram_id)

    async def of_id(self, person_id: int) -> Person:
        """The person of that row.

        Raises:
            Unknown: there is none.
        """
        return await self._one(_OF_ROW, person_id)

    async def admins(self) -> tuple[Person, ...]:
        """All admins in good standing."""
        rows = await self._connection.execute(
            select(person).where(person.c.role == Role.ADMIN, person.c.standing == Standing.OK).order_by(person.c.id)
        )
        return tuple(read_person_row(row) for row in rows)

    async def standings(self) -> dict[int, tuple[Role, Standing]]:
        """Role and standing of everybody the record knows, by account."""
        rows = await self._connection.execute(select(person.c.telegram_id, person.c.role, person.c.standing))
        return {row.telegram_id: (Role(row.role), Standing(row.standing)) for row in rows}

    async def of(self, public_id: str) -> Person:
        """The person of that public id.

        Raises:
            Unknown: there is none.
        """
        return await self._one(_OF_PUBLIC_ID, public_id)

    async def page(self, number: int, size: int) -> tuple[tuple[Person, ...], int]:
        """One page (from 0) of everybody who belongs here or did, is blocked, or asked to come in; and how many in all.

        Admins first, then members, those who are out, and those who asked last, the newest of them first: however many
        strangers ask, nobody else moves to another page.
        """
        out = person.c.standing.in_((Standing.BLOCKED, Standing.REMOVED))
        known = select(person).where(person.c.role.in_((Role.ADMIN, Role.MEMBER, Role.GUEST)) | out)
        total = await self._connection.scalar(select(func.count()).select_from(known.subquery())) or 0
        guest = (person.c.role == Role.GUEST) & ~out
        newest_first = case((guest, -person.c.id), else_=person.c.id)
        rows = await self._connection.execute(
            known.order_by(guest, out, person.c.role != Role.ADMIN, newest_first).limit(size).offset(number * size)
        )
        return tuple(read_person_row(row) for row in rows), total

    async def everybody(self) -> tuple[Person, ...]:
        """Everybody who belongs here or did."""
        rows = await self._connection.execute(
            select(person).where(person.c.role.in_((Role.ADMIN, Role.MEMBER))).order_by(person.c.id)
        )
        return tuple(read_person_row(row) for row in rows)

    async def ended(self) -> tuple[Person, ...]:
        """People in good standing whose end date has come."""
        rows = await self._connection.execute(
            select(person).where(person.c.standing == Standing.OK, person.c.ends_at <= self._now)
        )
        return tuple(read_person_row(row) for row in rows)

    async def change(
        self,
        who: Person,
        *,
        tag: AuditTag,
        actor: str = SYSTEM,
        detail: dict[str, Any] | None = None,
        **values: object,
    ) -> Person:
        """Change somebody's row from the role and standing that ``who`` shows, with its audit event.

        Raises:
            Gone: role or standing are others by now.
        """
        changed = await self._connection.execute(
            update(person)
            .where(person.c.id == who.id, person.c.role == who.role, person.c.standing == who.standing)
            .values(**values)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=actor, subject=who.public_id, detail=detail)
        return await self.of_id(who.id)

    async def register(
        self, account: Account, role: Role, *, tag: AuditTag, actor: str, reachable: bool = True
    ) -> Person:
        """Write somebody down who is not known yet, or give somebody known another role.

        ``reachable`` is false for whoever has not started the bot: it cannot write to them.
        """
        name = shown_name(account.name)
        try:
            known = await self.of_telegram(account.telegram_id)
        except NotFound:
            added = await self._add(account, name, role, permanent=False, tag=tag, actor=actor)
            if not reachable:
                await self._set(added.id, reachable=False)
            return await self.of_id(added.id)
        return await self.change(known, tag=tag, actor=actor, role=role)

    async def upsert_from_telegram(self, account: Account) -> Person:
        """The person for ``account``, with its name and language as they are now, seen now; a new one has no role."""
        found = (
            await self._connection.execute(select(person).where(person.c.telegram_id == account.telegram_id))
        ).first()
        name = shown_name(account.name)
        if found is None:
            return await self._add(account, name, Role.NONE, permanent=False, tag=AuditTag.PERSON_MET)
        known = read_person_row(found)
        await self._set(known.id, name=name, language=account.language, seen_at=self._now)
        if not known.reachable:
            await self._set(known.id, reachable=True)
            await self._audit.write(AuditTag.PERSON_REACHABLE, actor=_actor(known), subject=known.public_id)
        return await self.of_id(known.id)

    async def set_permanent_admins(self, telegram_ids: frozenset[int]) -> tuple[int, ...]:
        """Make exactly these accounts permanent admins; one that is no longer listed becomes a member,
        unless an admin, or whoever has the server, made it one. Answers the rows of those who are admins no more.
        """
        demoted = []
        rows = await self._connection.execute(
            select(person).where(person.c.permanent.is_(True) | person.c.telegram_id.in_(telegram_ids))
        )
        known = {row.telegram_id: row for row in rows}
        for telegram_id in sorted(telegram_ids):
            row = known.get(telegram_id)
            if row is None:
                account = Account(telegram_id=telegram_id, name=str(telegram_id), language="en")
                await self._add(account, account.name, Role.ADMIN, permanent=True, tag=AuditTag.PERSON_MADE_ADMIN)
            elif not (row.permanent and row.role == Role.ADMIN):
                await self._set(row.id, role=Role.ADMIN, standing=Standing.OK, permanent=True)
                await self._audit.write(AuditTag.PERSON_MADE_ADMIN, actor=SYSTEM, subject=row.public_id)
        for telegram_id, row in known.items():
            if telegram_id not in telegram_ids:
                kept = row.made_admin_by is not None or row.server_admin
                role = Role.ADMIN if kept else Role.MEMBER
                await self._set(row.id, role=role, permanent=False)
                await self._audit.write(AuditTag.PERSON_NO_LONGER_ADMIN, actor=SYSTEM, subject=row.public_id)
                demoted += [row.id] if role is Role.MEMBER else []
        return tuple(demoted)

    async def made_admin_by_server(self, who: Person) -> bool:
        """Whether whoever has the server made somebody an admin."""
        found = await self._connection.scalar(select(person.c.server_admin).where(person.c.id == who.id))
        return bool(found)

    async def mark_unreachable(self, telegram_id: int) -> Person:
        """Note that messages to this account do not arrive; a repeated note changes nothing.

        Raises:
            Unknown: nobody the bot has met.
        """
        known = await self.of_telegram(telegram_id)
        if known.reachable:
            await self._set(known.id, reachable=False)
            await self._audit.write(AuditTag.PERSON_UNREACHABLE, actor=SYSTEM, subject=known.public_id)
        return await self.of_id(known.id)

    async def mark_reachable(self, telegram_id: int) -> None:
        """Note that messages to this account arrive (again).

        Raises:
            Unknown: nobody the bot has met.
        """
        known = await self.of_telegram(telegram_id)
        if not known.reachable:
            await self._set(known.id, reachable=True)
            await self._audit.write(AuditTag.PERSON_REACHABLE, actor=SYSTEM, subject=known.public_id)

    async def set_preferences(self, who: Person, **values: str | None) -> None:
        """Keep how somebody wants to be spoken to (``time_zone``, ``chosen_language``): nobody's right, so no event."""
        await self._set(who.id, **values)

    async def _add(
        self, account: Account, name: str, role: Role, *, permanent: bool, tag: AuditTag, actor: str = SYSTEM
    ) -> Person:
        public_id = new_public_id()
        await self._connection.execute(
            insert(person).values(
                public_id=public_id,
                telegram_id=account.telegram_id,
                name=name,
                role=role,
                standing=Standing.OK,
                trusted=False,
                reachable=True,
                permanent=permanent,
                language=account.language,
                met_at=self._now,
                seen_at=self._now,
            )
        )
        await self._audit.write(tag, actor=actor, subject=public_id)
        return await self.of_telegram(account.telegram_id)

    async def _set(self, person_id: int, **values: object) -> None:
        await self._connection.execute(update(person).where(person.c.id == person_id).values(**values))

    async def _one(self, rows: Select[Any], which: str | int) -> Person:
        row = (await self._connection.execute(rows, {"which": which})).first()
        if row is None:
            raise NotFound
        return read_person_row(row)


def _actor(known: Person) -> str:
    return f"person:{known.public_id}"


def read_person_row(row: Row[Any]) -> Person:
    """A row of ``person`` as the model knows it."""
    return Person(
        id=row.id,
        public_id=PublicId(row.public_id),
        telegram_id=row.telegram_id,
        name=row.name,
        role=Role(row.role),
        standing=Standing(row.standing),
        trusted=row.trusted,
        reachable=row.reachable,
        permanent=row.permanent or row.server_admin,
        language=row.chosen_language or row.language,
        time_zone=row.time_zone,
        device_limit=row.device_limit,
        ends_at=row.ends_at,
        freeze_reason=FreezeReason(row.freeze_reason) if row.freeze_reason else None,
        frozen_at=row.frozen_at,
        frozen_by=row.frozen_by,
        met_at=row.met_at,
        seen_at=row.seen_at,
    )
