"""The inbox as the chat uses it: stored before Telegram forgets, emptied once handled."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.model.audit import SYSTEM, Tag
from bot.model.chores import ChoreKind
from bot.services.parts import Parts
from bot.store.inbox import Received

MOST_ATTEMPTS = 2
NUMBERS_HOLD = timedelta(days=6)


@dataclass(frozen=True)
class Arrived:
    """One raw update: its number, whose it is, and its JSON."""

    update_id: int
    telegram_id: int | None
    body: bytes


async def keep(parts: Parts, arrived: Sequence[Arrived]) -> tuple[int, ...]:
    """Store updates; answers the numbers of those that were not here yet."""
    async with parts.store.write() as tx:
        fresh = [(u.update_id, await tx.inbox.add(u.update_id, u.telegram_id, u.body)) for u in arrived]
    return tuple(update_id for update_id, is_new in fresh if is_new)


async def unhandled(parts: Parts) -> tuple[Received, ...]:
    """What an earlier run left."""
    async with parts.store.read() as tx:
        return await tx.inbox.open()


async def next_offset(parts: Parts) -> int | None:
    """The getUpdates offset that confirms all that is stored.

    ``None`` when nothing ever was, or only long ago: after a week without updates Telegram's numbers start anew
    anywhere (Bot API, Update), and an offset above them would confirm away what it never gave us.
    """
    async with parts.store.read() as tx:
        return await tx.inbox.next_offset(parts.clock.now() - NUMBERS_HOLD)


async def begin(parts: Parts, update_id: int) -> bool:
    """Count an attempt; false when there were too many and the update is to be set aside."""
    async with parts.store.write() as tx:
        return await tx.inbox.begin(update_id) <= MOST_ATTEMPTS


async def done(parts: Parts, update_id: int) -> None:
    """Empty the row of a handled update."""
    async with parts.store.write() as tx:
        await tx.inbox.handled(update_id)


async def set_aside(parts: Parts, update_id: int, error_id: str) -> None:
    """Give up on an update that the bot died of twice, and tell the admins."""
    async with parts.store.write() as tx:
        await tx.inbox.handled(update_id)
        await tx.audit.write(Tag.UPDATE_SET_ASIDE, actor=SYSTEM, subject=str(update_id), detail={"error_id": error_id})
        payload = {"notice": "PoisonUpdate", "update_id": update_id, "error_id": error_id}
        for admin in await tx.people.admins():
            await tx.chores.add(ChoreKind.NOTICE, str(admin.telegram_id), payload=payload)
