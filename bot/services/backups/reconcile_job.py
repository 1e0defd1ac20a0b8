"""After a backup was restored: comparing it with Cloudflare, then telling the admins, in one message each."""

from datetime import timedelta

import structlog

from bot.errors import Busy, EdgeTrouble, RetryAt
from bot.model.backups import BackupRestored
from bot.model.jobs import Job, JobKind
from bot.services.backups.reconcile import compare
from bot.services.context import AppContext
from bot.store.engine.database import Transaction

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
_NOBODY_AGAIN = timedelta(seconds=30)


async def check_restored(app: AppContext, job: Job) -> None:
    """Compare, once; then tell all admins, as soon as there is one who may act."""
    if "found" not in job.payload:
        async with app.rule_lock.held():
            await _compared(app, job)
    async with app.store.write() as tx:
        told = await _told(tx)
    if not told:
        raise RetryAt(app.clock.now() + _NOBODY_AGAIN)


async def _compared(app: AppContext, job: Job) -> None:
    try:
        await compare(app)
    except EdgeTrouble as trouble:
        _log.warning("the restored backup is not compared yet", trouble=type(trouble).__name__)
        seconds = _AGAIN_SECONDS[min(job.attempts, len(_AGAIN_SECONDS) - 1)]
        wait = trouble.retry_after if isinstance(trouble, Busy) else seconds
        raise RetryAt(app.clock.now() + timedelta(seconds=wait)) from None


async def _told(tx: Transaction) -> bool:
    """Whether everybody was told, or somebody else has done that."""
    waiting = await tx.jobs.of_kind(JobKind.CHECK_RESTORED)
    admins = await tx.people.admins()
    if waiting and not admins:
        return False
    for one in waiting:
        for admin in admins:
            payload = {"notice": BackupRestored.__name__, **one.payload}
            await tx.jobs.add(JobKind.NOTICE, str(admin.telegram_id), payload=payload)
        await tx.jobs.done(one.id)
    return True
