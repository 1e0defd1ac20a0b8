"""Reading the record: pages in words, all of it as a file, and whether its chain is whole."""

import json
from dataclasses import asdict

from bot.errors import NotFound, StaleAction
from bot.model.audit import AuditEvent, NamedSubject, ReadableEvent
from bot.model.people.access import Action
from bot.model.people.people import Person
from bot.model.results import RecordFile, RecordPage, RecordPeople, RecordVerified
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.store.engine.database import Store

PAGE_SIZE = 8
PEOPLE_PAGE_SIZE = 10
_LAST_PAGE = 100_000
# Telegram takes files of 50 MB from bots (Bot API, Sending files).
_MAX_BYTES = 45 * 2**20
_IN_ONE_GO = 500


async def page(app: AppContext, actor: Person, number: int = 0, about: str = "") -> RecordPage:
    """One page of the record, newest first; ``about`` is a person's public id, or empty for everybody.

    Raises:
        Gone: there is no such person.
        NotAllowed, Frozen: the record is for admins.
    """
    number = min(max(number, 0), _LAST_PAGE)
    async with app.store.read() as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        try:
            whose = await tx.people.of(about) if about else None
        except NotFound:
            raise StaleAction from None
        events, total = await tx.audit.page(number, PAGE_SIZE, whose)
        readable = await tx.names.readable(events)
    return RecordPage(readable, number, max(1, -(-total // PAGE_SIZE)), total, whose)


async def people(app: AppContext, actor: Person, number: int = 0) -> RecordPeople:
    """One page of the people about whom the record can be asked. Raises as ``page``, besides ``StaleAction``."""
    number = min(max(number, 0), _LAST_PAGE)
    async with app.store.read() as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        found, total = await tx.people.page(number, PEOPLE_PAGE_SIZE)
    return RecordPeople(found, number, max(1, -(-total // PEOPLE_PAGE_SIZE)))


async def as_file(app: AppContext, actor: Person) -> RecordFile:
    """The whole record as JSON lines, oldest first. Raises as ``people``."""
    async with app.store.read() as tx:
        await authorize(tx, actor, Action.ADMINISTER)
    return await export(app.store)


async def export(store: Store) -> RecordFile:
    """The whole record as JSON lines, one event a line with the names of today, oldest first; the newest events
    when all of them are more than a file in Telegram may hold.
    """
    lines: list[bytes] = []
    async with store.read() as tx:
        waiting: list[AuditEvent] = []
        async for event in tx.audit.events():
            waiting.append(event)
            if len(waiting) == _IN_ONE_GO:
                lines += [_line(each) for each in await tx.names.readable(waiting)]
                waiting.clear()
        lines += [_line(each) for each in await tx.names.readable(waiting)]
    kept, size = len(lines), 0
    while kept > 0 and size + len(lines[kept - 1]) <= _MAX_BYTES:
        kept -= 1
        size += len(lines[kept])
    return RecordFile(b"".join(lines[kept:]), events=len(lines) - kept, left_out=kept)


async def last(store: Store, count: int) -> tuple[ReadableEvent, ...]:
    """The newest events, oldest of them first."""
    async with store.read() as tx:
        events, _ = await tx.audit.page(0, count)
        return await tx.names.readable(reversed(events))


async def verify(store: Store) -> RecordVerified:
    """Whether each event fits the one before it. What was cut off at the end leaves no gap: compare the count."""
    async with store.read() as tx:
        broken = await tx.audit.first_broken()
        _, total = await tx.audit.page(0, 1)
        found = () if broken is None else await tx.names.readable([broken])
    return RecordVerified(total, found)


def _line(readable: ReadableEvent) -> bytes:
    event = readable.event
    told = {
        **asdict(event),
        "at": event.at.isoformat(),
        "actor_name": _plain_name(readable.actor),
        "subject_name": _plain_name(readable.subject),
    }
    return json.dumps(told, ensure_ascii=False).encode() + b"\n"


def _plain_name(named: NamedSubject) -> str:
    return "/".join(part for part in (named.whose, named.name) if part)
