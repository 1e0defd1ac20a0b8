"""After a backup was restored: comparing it with Cloudflare, then telling the admins, in one message each."""

from datetime import timedelta

import structlog

from bot.errors import Busy, EdgeTrouble, RetryAt
from bot.model.backups import BackupRestored
from bot.model.chores import Chore, ChoreKind
from bot.services.parts import Parts
from bot.services.restored import compare
from bot.store.database import Transaction

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
_NOBODY_AGAIN = timedelta(seconds=30)


async def check_restored(parts: Parts, chore: Chore) -> None:
    """Compare, once; then tell all admins, as soon as there is one who may act."""
    if "found" not in chore.payload:
        async with parts.rule_lock.held():
            await _compared(parts, chore)
    async with parts.store.write() as tx:
        told = await _told(tx)
    if not told:
        raise RetryAt(parts.clock.now() + _NOBODY_AGAIN)


async def _compared(parts: Parts, chore: Chore) -> None:
    try:
        await compare(parts)
    except EdgeTrouble as trouble:
        _log.warning("the restored backup is not compared yet", trouble=type(trouble).__name__)
        seconds = _AGAIN_SECONDS[min(chore.attempts, len(_AGAIN_SECONDS) - 1)]
        wait = trouble.retry_after if isinstance(trouble, Busy) else seconds
        raise RetryAt(parts.clock.now() + timedelta(seconds=wait)) from None


async def _told(tx: Transaction) -> bool:
    """Whether everybody was told, or somebody else has done that."""
    waiting = await tx.chores.of_kind(ChoreKind.CHECK_RESTORED)
    admins = await tx.people.admins()
    if waiting and not admins:
        return False
    for one in waiting:
        for admin in admins:
            payload = {"notice": BackupRestored.__name__, **one.payload}
            await tx.chores.add(ChoreKind.NOTICE, str(admin.telegram_id), payload=payload)
        await tx.chores.done(one.id)
    return True
