"""The inbox as the chat uses it: stored before Telegram forgets, emptied once handled."""

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from bot.model.audit import SYSTEM, AuditTag
from bot.model.household_notices import PoisonUpdate, TwoPollers, WebhookSet
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.rate_limit import RateDecision
from bot.store.jobs.inbox import StoredUpdate

MAX_ATTEMPTS = 2
NUMBERS_HOLD = timedelta(days=6)


_LANES_OF_OUTSIDERS = 4


@dataclass(frozen=True)
class IncomingUpdate:
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
class PendingUpdate:
    """An update in the inbox, and the lane it belongs to: one for each who belongs here, a few for all others.

    ``takes_away``: it goes before others; never a stranger's, who has nothing to take away.
    ``begun``: its attempt was counted with its storing, for nothing stands before it in its lane.
    """

    received: StoredUpdate
    lane: int
    takes_away: bool = False
    begun: bool = False


@dataclass(frozen=True)
class AcceptedBatch:
    """What of a batch is in the inbox now, and which updates were one too many of their sender, who is told once."""

    to_handle: tuple[PendingUpdate, ...]
    too_fast: tuple[IncomingUpdate, ...]


async def store_updates(
    app: AppContext, arrived: Sequence[IncomingUpdate], is_free: Callable[[int], bool]
) -> AcceptedBatch:
    """Store of a batch what is to be heard. The rest leaves no trace: under a flood, storing it would be the harm.

    ``is_free``: whether a lane has nothing to do.
    """
    await _learn(app)
    heard: list[IncomingUpdate] = []
    too_fast: list[IncomingUpdate] = []
    for update in arrived:
        verdict = app.admission.decide_once(
            update.update_id, update.telegram_id, app.clock.now(), takes_away=update.takes_away
        )
        if verdict is RateDecision.HEARD:
            heard.append(update)
        elif verdict is RateDecision.SLOW:
            too_fast.append(update)
    waiting = await _stored(app, heard, is_free) if heard else ()
    app.admission.arrived()
    return AcceptedBatch(waiting, tuple(too_fast))


async def _stored(
    app: AppContext, heard: Sequence[IncomingUpdate], is_free: Callable[[int], bool]
) -> tuple[PendingUpdate, ...]:
    waiting: list[PendingUpdate] = []
    # One of them may be a revoke, and the batch has to be stored before any of it is handled.
    with app.store.goes_first():
        async with app.store.write() as tx:
            for update in heard:
                lane = _lane(app, update.telegram_id)
                # Only the first: counting the others' attempts one after the other keeps them in the order they came,
                # also those that are about nothing in particular (see ``bot.chat.inbound.ordering``).
                begun = not waiting and is_free(lane)
                received = StoredUpdate(update.update_id, update.telegram_id, update.body, tx.now, int(begun))
                if await tx.inbox.add(received):
                    takes_away = update.takes_away and app.admission.belongs(update.telegram_id)
                    waiting.append(PendingUpdate(received, lane, takes_away, begun))
    return tuple(waiting)


async def unhandled(app: AppContext) -> tuple[PendingUpdate, ...]:
    """What an earlier run left."""
    await _learn(app)
    async with app.store.read() as tx:
        left = await tx.inbox.open()
    return tuple(PendingUpdate(received, _lane(app, received.telegram_id)) for received in left)


async def _learn(app: AppContext) -> None:
    now = app.clock.now()
    if not app.admission.knows_of_late(now):
        async with app.store.read() as tx:
            app.admission.update_standings(await tx.people.standings(), now)


def _lane(app: AppContext, telegram_id: int | None) -> int:
    number = telegram_id or 0
    return number if app.admission.belongs(number) else -(1 + number % _LANES_OF_OUTSIDERS)


async def next_offset(app: AppContext) -> int | None:
    """The getUpdates offset that confirms all that is stored.

    ``None`` when nothing ever was, or only long ago: after a week without updates Telegram's numbers start anew
    anywhere (Bot API, Update), and an offset above them would confirm away what it never gave us.
    """
    async with app.store.read() as tx:
        return await tx.inbox.next_offset(app.clock.now() - NUMBERS_HOLD)


async def begin(app: AppContext, update_id: int) -> bool:
    """Count an attempt; false when there were too many and the update is to be set aside."""
    async with app.store.write() as tx:
        return await tx.inbox.begin(update_id) <= MAX_ATTEMPTS


async def not_tried(app: AppContext, update_ids: Collection[int]) -> None:
    """The bot is told to stop in the middle of these: none of them is to blame for that."""
    if update_ids:
        async with app.store.write() as tx:
            await tx.inbox.not_tried(update_ids)


async def done(app: AppContext, update_id: int) -> None:
    """Empty the row of a handled update."""
    async with app.store.write() as tx:
        await tx.inbox.handled(update_id)


async def set_aside(app: AppContext, update_id: int, error_id: str) -> None:
    """Give up on an update that the bot died of twice, and tell the admins."""
    async with app.store.write() as tx:
        await tx.inbox.handled(update_id)
        await tx.audit.write(
            AuditTag.UPDATE_SET_ASIDE, actor=SYSTEM, subject=str(update_id), detail={"error_id": error_id}
        )
        for admin in await tx.people.admins():
            await enqueue_notice(tx, PoisonUpdate, admin.telegram_id, update_id=update_id, error_id=error_id)


async def notify_poll_conflict(app: AppContext) -> None:
    """Tell the admins that another program fetches this bot's messages."""
    async with app.store.write() as tx:
        for admin in await tx.people.admins():
            await enqueue_notice(tx, TwoPollers, admin.telegram_id)


async def tell_of_webhook(app: AppContext, host: str) -> None:
    """Tell the admins that a webhook at ``host`` (``?``: nobody knows where) gets this bot's messages."""
    async with app.store.write() as tx:
        for admin in await tx.people.admins():
            await enqueue_notice(tx, WebhookSet, admin.telegram_id, host=host)
