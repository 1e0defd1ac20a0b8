"""Lasting paths: their lease is moved on daily, and once a month somebody says whether they are still needed."""

from datetime import timedelta

from bot.errors import StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.openings.notices import PathStillNeeded
from bot.model.openings.paths import LEASE
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.openings import events
from bot.store.engine.database import Transaction

_EVERY = timedelta(days=1)
_ASK_EVERY = timedelta(days=30)


async def move_on(tx: Transaction) -> None:
    """Have every lease that is a day old moved on; with a wrong clock it stays, and without the bot it ends."""
    for path in await tx.paths.leases_before(tx.now + LEASE - _EVERY):
        if path.closes_at <= tx.now:
            continue
        try:
            await tx.paths.record(path, tag=AuditTag.PATH_LEASE_DUE, asked_until=tx.now + LEASE)
        except StaleAction:
            continue
        await tx.jobs.add(JobKind.OPEN_PATH, path.public_id)


async def ask_whether_needed(tx: Transaction) -> None:
    """Ask about each lasting path once a month."""
    for path in await tx.paths.not_kept_since(tx.now - _ASK_EVERY):
        await tx.paths.asked_about(path)
        for person in await events.audience(tx, path):
            await enqueue_notice(tx, PathStillNeeded, person.telegram_id, path=path.public_id)
