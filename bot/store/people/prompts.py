"""The question a person is answering, so that a restart does not forget it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables.core import prompt


class PromptKind(StrEnum):
    """What was asked."""

    DEVICE_NAME = "device-name"
    VALIDITY = "validity"
    REQUEST_FILE = "request-file"
    END_DATE = "end-date"
    REQUEST_LINE = "request-line"
    PERMITTED_NAME = "permitted-name"
    INVITE_NAME = "invite-name"
    HOSTS = "hosts"


@dataclass(frozen=True)
class Prompt:
    """A question that waits for its answer until ``expires_at``."""

    kind: PromptKind
    payload: dict[str, Any]
    expires_at: datetime


class Prompts:
    """Reads and changes the open questions; a person has one at most."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def ask(
        self, person_id: int, kind: PromptKind, until: datetime, payload: dict[str, Any] | None = None
    ) -> None:
        """Put a question in place of whatever was asked before."""
        values = {"kind": kind, "payload": payload or {}, "asked_at": self._now, "expires_at": until}
        await self._connection.execute(
            insert(prompt)
            .values(person_id=person_id, **values)
            .on_conflict_do_update(index_elements=[prompt.c.person_id], set_=values)
        )

    async def of(self, person_id: int) -> Prompt | None:
        """The open question of a person, unless its time is up."""
        row = (
            await self._connection.execute(
                select(prompt).where(prompt.c.person_id == person_id, prompt.c.expires_at > self._now)
            )
        ).first()
        return None if row is None else Prompt(PromptKind(row.kind), row.payload, row.expires_at)

    async def answered(self, person_id: int) -> None:
        """Forget the question."""
        await self._connection.execute(delete(prompt).where(prompt.c.person_id == person_id))
