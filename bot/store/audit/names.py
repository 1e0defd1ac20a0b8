"""From the ids of the record to the names of today."""

from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.audit import SERVER, SYSTEM, AuditEvent, NamedKind, NamedSubject, ReadableEvent
from bot.model.people.links import LinkKind
from bot.store.tables.core import certificate, device, link, person, request

_LINKS: dict[LinkKind, NamedKind] = {LinkKind.INVITE: "invitation", LinkKind.CLAIM: "claim"}


class AuditNames:
    """Looks names up, a few queries for any number of events."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def readable(self, events: Iterable[AuditEvent]) -> tuple[ReadableEvent, ...]:
        """The events with names."""
        events = tuple(events)
        ids = {event.subject for event in events} | {_id_of(event.actor) for event in events}
        known = await self._known(ids)
        return tuple(
            ReadableEvent(
                event, _actor(event.actor, known), known.get(event.subject, NamedSubject("other", event.subject))
            )
            for event in events
        )

    async def _known(self, ids: set[str]) -> dict[str, NamedSubject]:
        owned = device.join(person, device.c.owner_id == person.c.id)
        asked = request.join(person, request.c.person_id == person.c.id)
        whose = person.c.name.label("whose")
        found = {
            **await self._table("person", select(person.c.public_id, person.c.name), ids),
            **await self._table("device", select(device.c.public_id, device.c.name, whose).select_from(owned), ids),
            **await self._table(
                "device",
                select(certificate.c.public_id, device.c.name, whose).select_from(
                    owned.join(certificate, certificate.c.device_id == device.c.id)
                ),
                ids,
            ),
            **await self._table(
                "request",
                select(request.c.public_id, request.c.device_name.label("name"), whose).select_from(asked),
                ids,
            ),
        }
        for kind, named in _LINKS.items():
            chosen = select(link.c.public_id, link.c.label.label("name")).where(link.c.kind == kind)
            found |= await self._table(named, chosen, ids)
        return found

    async def _table(self, kind: NamedKind, chosen: Select[tuple[str, ...]], ids: set[str]) -> dict[str, NamedSubject]:
        rows = await self._connection.execute(chosen.where(chosen.selected_columns["public_id"].in_(ids)))
        return {row.public_id: NamedSubject(kind, row.name or "", getattr(row, "whose", "")) for row in rows}


def _id_of(actor: str) -> str:
    return actor.removeprefix("person:")


def _actor(actor: str, known: dict[str, NamedSubject]) -> NamedSubject:
    if actor == SYSTEM:
        return NamedSubject("system", "")
    if actor == SERVER:
        return NamedSubject("server", "")
    if actor.startswith("telegram:"):
        return NamedSubject("account", actor.removeprefix("telegram:"))
    return known.get(_id_of(actor), NamedSubject("other", actor))
