"""The inbox as the chat uses it: stored before Telegram forgets, emptied once handled."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.model.audit import SYSTEM, Tag
from bot.model.household_notices import PoisonUpdate, TwoPollers, WebhookSet
from bot.services.admission import Verdict
from bot.services.parts import Parts
from bot.services.telling_later import tell
from bot.store.inbox import Received

MOST_ATTEMPTS = 2
NUMBERS_HOLD = timedelta(days=6)


_LANES_OF_OUTSIDERS = 4


@dataclass(frozen=True)
class Arrived:
    """One update as it came: its number, whose it is, and whether it asks to take something away."""

    update_id: int
    telegram_id: int | None
    raw: dict[str, Any] = field(repr=False)
    takes_away: bool = False

    @property
    def body(self) -> bytes:
        """The update as the inbox keeps it."""
        return json.dumps(self.raw, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


@dataclass(frozen=True)
class ToHandle:
    """An update in the inbox, and the lane it belongs to: one for each who belongs here, a few for all others.

    ``takes_away``: it goes before others; never a stranger's, who has nothing to take away.
    ``begun``: its attempt was counted with its storing, for nothing stands before it in its lane.
    """

    received: Received
    lane: int
    takes_away: bool = False
    begun: bool = False


@dataclass(frozen=True)
class Kept:
    """What of a batch is in the inbox now, and which updates were one too many of their sender, who is told once."""

    to_handle: tuple[ToHandle, ...]
    too_fast: tuple[Arrived, ...]


async def keep(parts: Parts, arrived: Sequence[Arrived], is_free: Callable[[int], bool]) -> Kept:
    """Store of a batch what is to be heard. The rest leaves no trace: under a flood, storing it would be the harm.

    ``is_free``: whether a lane has nothing to do.
    """
    await _learn(parts)
    heard: list[Arrived] = []
    too_fast: list[Arrived] = []
    for update in arrived:
        verdict = parts.admission.judge_once(
            update.update_id, update.telegram_id, parts.clock.now(), takes_away=update.takes_away
        )
        if verdict is Verdict.HEARD:
            heard.append(update)
        elif verdict is Verdict.SLOW:
            too_fast.append(update)
    waiting = await _stored(parts, heard, is_free) if heard else ()
    parts.admission.arrived()
    return Kept(waiting, tuple(too_fast))


async def _stored(parts: Parts, heard: Sequence[Arrived], is_free: Callable[[int], bool]) -> tuple[ToHandle, ...]:
    waiting: list[ToHandle] = []
    # One of them may be a revoke, and the batch has to be stored before any of it is handled.
    with parts.store.goes_first():
        async with parts.store.write() as tx:
            for update in heard:
                lane = _lane(parts, update.telegram_id)
                # Only the first: counting the others' attempts one after the other keeps them in the order they came,
                # also those that are about nothing in particular (see ``bot.chat.ordering``).
                begun = not waiting and is_free(lane)
                received = Received(update.update_id, update.telegram_id, update.body, tx.now, int(begun))
                if await tx.inbox.add(received):
                    takes_away = update.takes_away and parts.admission.belongs(update.telegram_id)
                    waiting.append(ToHandle(received, lane, takes_away, begun))
    return tuple(waiting)


async def unhandled(parts: Parts) -> tuple[ToHandle, ...]:
    """What an earlier run left."""
    await _learn(parts)
    async with parts.store.read() as tx:
        left = await tx.inbox.open()
    return tuple(ToHandle(received, _lane(parts, received.telegram_id)) for received in left)


async def _learn(parts: Parts) -> None:
    now = parts.clock.now()
    if not parts.admission.knows_of_late(now):
        async with parts.store.read() as tx:
            parts.admission.learn(await tx.people.standings(), now)


def _lane(parts: Parts, telegram_id: int | None) -> int:
    number = telegram_id or 0
    return number if parts.admission.belongs(number) else -(1 + number % _LANES_OF_OUTSIDERS)


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


async def not_tried(parts: Parts, update_ids: Collection[int]) -> None:
    """The bot is told to stop in the middle of these: none of them is to blame for that."""
    if update_ids:
        async with parts.store.write() as tx:
            await tx.inbox.not_tried(update_ids)


async def done(parts: Parts, update_id: int) -> None:
    """Empty the row of a handled update."""
    async with parts.store.write() as tx:
        await tx.inbox.handled(update_id)


async def set_aside(parts: Parts, update_id: int, error_id: str) -> None:
    """Give up on an update that the bot died of twice, and tell the admins."""
    async with parts.store.write() as tx:
        await tx.inbox.handled(update_id)
        await tx.audit.write(Tag.UPDATE_SET_ASIDE, actor=SYSTEM, subject=str(update_id), detail={"error_id": error_id})
        for admin in await tx.people.admins():
            await tell(tx, PoisonUpdate, admin.telegram_id, update_id=update_id, error_id=error_id)


async def tell_of_two_pollers(parts: Parts) -> None:
    """Tell the admins that another program fetches this bot's messages."""
    async with parts.store.write() as tx:
        for admin in await tx.people.admins():
            await tell(tx, TwoPollers, admin.telegram_id)


async def tell_of_webhook(parts: Parts, host: str) -> None:
    """Tell the admins that a webhook at ``host`` (``?``: nobody knows where) gets this bot's messages."""
    async with parts.store.write() as tx:
        for admin in await tx.people.admins():
            await tell(tx, WebhookSet, admin.telegram_id, host=host)
