"""Which messages show a request, and since when."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.message_ref import MessageRef
from bot.model.people.people import Person
from bot.model.people.requests import ENDED_UNDECIDED, Request, RequestState
from bot.store.people.requests import Requests
from bot.store.tables.core import request

_NEWEST = 500
_SINCE = 2
Entry = list[Any]
"""``[chat, message]``, and behind them when it came; that is not known of older ones."""


class RequestCards:
    """Remembers the messages that show a request: its asker's, and one or more of each admin's."""

    def __init__(self, connection: AsyncConnection, now: datetime, requests: Requests) -> None:
        self._connection = connection
        self._now = now
        self._requests = requests

    async def of(self, which: Request) -> tuple[MessageRef, ...]:
        """The messages that show a request."""
        return tuple(_ref(entry) for entry in await self._entries(which.id))

    async def keep(self, which: Request, message: MessageRef) -> None:
        """Remember a message that shows a request, and that it came now."""
        kept = await self._entries(which.id)
        if message not in [_ref(entry) for entry in kept]:
            entry = [message.chat_id, message.message_id, self._now.isoformat()]
            await self._write(which.id, [*kept, entry])

    async def forget(self, which: Request, message: MessageRef) -> None:
        """A message is gone."""
        kept = await self._entries(which.id)
        await self._write(which.id, [entry for entry in kept if _ref(entry) != message])

    async def shown_at(self, message: MessageRef) -> Request | None:
        """The newest request that a message shows; ``None`` when it shows none."""
        rows = await self._connection.execute(
            select(request.c.id, request.c.messages).order_by(request.c.id.desc()).limit(_NEWEST)
        )
        for row in rows:
            if message in [_ref(entry) for entry in row.messages]:
                return (await self._requests.of_rows([row.id]))[0]
        return None

    async def take_over(self, which: Request, chat_id: int, since: datetime) -> tuple[MessageRef, ...]:
        """The messages of a chat that show a request from now on: its own, or else those that came after ``since`` and
        show what the same person asked for before, of the same kind, if nobody decided on that. Newest first.
        """
        for row in await self._newest(which.person, request.c.kind == which.kind, request.c.id <= which.id):
            there = [entry for entry in row.messages if entry[0] == chat_id]
            if row.id == which.id:
                if there:
                    return _refs(there)
            elif row.state not in ENDED_UNDECIDED or row.decided_by is not None:
                return ()
            elif taken := [entry for entry in there if _came(entry, row.asked_at) > since]:
                await self._write(row.id, [entry for entry in row.messages if entry not in taken])
                await self._write(which.id, [*await self._entries(which.id), *taken])
                return _refs(taken)
        return ()

    async def undecided(self, who: Person) -> tuple[Request, ...]:
        """What a person asked for, nobody decided on, and admins have a card of; oldest first."""
        states = (RequestState.OPEN, *ENDED_UNDECIDED)
        rows = await self._newest(who, request.c.state.in_(states), request.c.decided_by.is_(None))
        shown = [row.id for row in rows if any(entry[0] != who.telegram_id for entry in row.messages)]
        return await self._requests.of_rows(shown)

    async def _newest(self, who: Person, *conditions: Any) -> Sequence[Row[Any]]:
        columns = (request.c.id, request.c.state, request.c.decided_by, request.c.asked_at, request.c.messages)
        chosen: Any = select(*columns).where(request.c.person_id == who.id, *conditions)
        rows: Sequence[Row[Any]] = (
            await self._connection.execute(chosen.order_by(request.c.id.desc()).limit(_NEWEST))
        ).all()
        return rows

    async def _entries(self, row: int) -> list[Entry]:
        return list(await self._connection.scalar(select(request.c.messages).where(request.c.id == row)) or [])

    async def _write(self, row: int, entries: list[Entry]) -> None:
        await self._connection.execute(update(request).where(request.c.id == row).values(messages=entries))


def _ref(entry: Entry) -> MessageRef:
    return MessageRef(entry[0], entry[1])


def _refs(entries: list[Entry]) -> tuple[MessageRef, ...]:
    return tuple(_ref(entry) for entry in sorted(entries, key=lambda entry: int(entry[1]), reverse=True))


def _came(entry: Entry, asked_at: datetime) -> datetime:
    return datetime.fromisoformat(entry[_SINCE]).astimezone(UTC) if len(entry) > _SINCE else asked_at
