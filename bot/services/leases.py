"""Lasting paths: their lease is moved on daily, and once a month somebody says whether they are still needed."""

from datetime import timedelta

from bot.errors import Gone
from bot.model.audit import Tag
from bot.model.chores import ChoreKind
from bot.model.path_notices import PathStillNeeded
from bot.model.paths import LEASE
from bot.services import path_news
from bot.services.telling_later import tell
from bot.store.database import Transaction

_EVERY = timedelta(days=1)
_ASK_EVERY = timedelta(days=30)


async def move_on(tx: Transaction) -> None:
    """Have every lease that is a day old moved on; with a wrong clock it stays, and without the bot it ends."""
    for path in await tx.paths.leases_before(tx.now + LEASE - _EVERY):
        if path.closes_at <= tx.now:
            continue
        try:
            await tx.paths.note(path, tag=Tag.PATH_LEASE_DUE, asked_until=tx.now + LEASE)
        except Gone:
            continue
        await tx.chores.add(ChoreKind.OPEN_PATH, path.public_id)


async def ask_whether_needed(tx: Transaction) -> None:
    """Ask about each lasting path once a month."""
    for path in await tx.paths.not_kept_since(tx.now - _ASK_EVERY):
        await tx.paths.asked_about(path)
        for person in await path_news.audience(tx, path):
            await tell(tx, PathStillNeeded, person.telegram_id, path=path.public_id)
