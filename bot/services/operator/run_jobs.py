"""Carrying out at once what was ordered: for the command line, beside a running bot or without one.

A running bot may do the same chores at the same time: each looks at the rows first, and the rule has its lock.
"""

from datetime import datetime, timedelta

from bot.errors import RetryAt, StaleAction
from bot.model.jobs import Job, JobKind
from bot.services.backups.reconcile_job import check_restored
from bot.services.certificates.restore_job import restore
from bot.services.certificates.revoke_job import revoke, watch_revocation
from bot.services.context import AppContext
from bot.services.protection.rule_jobs import write_rule

_DOES = {
    JobKind.CHECK_RESTORED: check_restored,
    JobKind.WRITE_RULE: write_rule,
    JobKind.REVOKE: revoke,
    JobKind.WATCH_REVOCATION: watch_revocation,
    JobKind.RESTORE: restore,
}
_PAUSE_SECONDS = 0.2


async def carry_out(app: AppContext, within: timedelta) -> None:
    """Take away and give back what is ordered, as far as it can be done in that time; the rest stays ordered."""
    until = app.clock.now() + within
    while (chore := await _next(app)) is not None and chore.due_at <= until and app.clock.now() < until:
        if chore.due_at > app.clock.now():
            await app.clock.wait(_PAUSE_SECONDS)
            continue
        later = await _done_or_later(app, chore)
        async with app.store.write() as tx:
            if later is None:
                await tx.jobs.done(chore.id)
            else:
                await tx.jobs.put_off(chore, later.at, later.payload)


async def _next(app: AppContext) -> Job | None:
    """What is due first; the rule before everything else, since it takes away by itself."""
    async with app.store.read() as tx:
        found = [chore for kind in _DOES for chore in await tx.jobs.of_kind(kind)]
    order = list(_DOES)
    now = app.clock.now()

    def rank(job: Job) -> tuple[datetime, int]:
        return max(job.due_at, now), order.index(job.kind)

    return min(found, key=rank, default=None)


async def _done_or_later(app: AppContext, job: Job) -> RetryAt | None:
    try:
        await _DOES[job.kind](app, job)
    except RetryAt as later:
        return later
    except StaleAction:
        # The running bot did it.
        return None
    return None
