"""Open paths: into the rule once our clock is known to be right, tried, reminded of, ended."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Busy, EdgeTrouble, RetryAt
from bot.model.audit import AuditTag
from bot.model.jobs import Job
from bot.model.openings.notices import PathEnding, PathNotProlonged
from bot.model.openings.paths import LEASE, MAX_CLOCKS_APART, PATH_ENDED, OpenPath, PathEnd, PathState
from bot.services.certificates.revocation_outcome import LATE
from bot.services.context import BEFORE_END, AppContext
from bot.services.desired_rule import enqueue_rule_write
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.openings import events
from bot.store.engine.database import Transaction

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
_STUCK_AGAIN = timedelta(minutes=10)


async def open_path(app: AppContext, job: Job) -> None:
    """Compare the clocks, then let the path, or its longer time, into the rule."""
    path = await path_of(app, job)
    if path.asked_until is None or path.state not in {PathState.CHECKING, PathState.OPEN}:
        return
    try:
        ahead = await app.edge.clock_ahead()
    except EdgeTrouble as trouble:
        await _put_off(app, job, path, trouble)
        return
    async with app.store.write() as tx:
        path = await tx.paths.of(job.subject)
        if path.asked_until is None:
            return
        right, until = abs(ahead) <= MAX_CLOCKS_APART, _until(tx, path, path.asked_until)
        if path.state is PathState.CHECKING:
            await (_let_in(tx, path, until) if right else _refuse(tx, path, ahead))
        elif path.state is PathState.OPEN:
            await (_let_longer(tx, path, until) if right else _refuse_longer(tx, path, ahead))


async def remind(app: AppContext, job: Job) -> None:
    """A path closes in a few minutes."""
    async with app.store.write() as tx:
        path = await tx.paths.of(job.subject)
        if path.state is not PathState.OPEN or path.closes_at <= tx.now:
            return
        if path.closes_at - BEFORE_END > tx.now:
            raise RetryAt(path.closes_at - BEFORE_END)
        for person in await events.audience(tx, path):
            await enqueue_notice(tx, PathEnding, person.telegram_id, path=path.public_id)


async def end(app: AppContext, job: Job) -> None:
    """A path's time is up: at the edge it is closed already, here it is written down, and the rule tidied."""
    async with app.store.write() as tx:
        path = await tx.paths.of(job.subject)
        if path.state in PATH_ENDED:
            return
        if path.state is PathState.ASKED:
            await _refuse(tx, path, None, PathEnd.UNANSWERED)
            return
        if path.closes_at > tx.now:
            raise RetryAt(path.closes_at)
        if path.state is PathState.CHECKING:
            await _refuse(tx, path, None, PathEnd.TIME)
            return
        await events.end(tx, path, path.end or PathEnd.TIME)
        await enqueue_rule_write(tx)


async def path_of(app: AppContext, job: Job) -> OpenPath:
    """The open path that the job is about. Raises ``StaleAction``: there is none any more."""
    async with app.store.read() as tx:
        return await tx.paths.of(job.subject)


def _until(tx: Transaction, path: OpenPath, asked: datetime) -> datetime:
    """Until when a path may be open: a length of time was asked for, perhaps by a clock that was set right since."""
    if path.state is PathState.CHECKING:
        return min(asked, tx.now + (asked - path.opened_at))
    # An hour more is an hour more than what it is open for by a clock that was right.
    return min(asked, tx.now + LEASE) if path.lasting else asked


async def _let_in(tx: Transaction, path: OpenPath, until: datetime) -> None:
    opening = await tx.paths.move(
        path, PathState.OPENING, tag=AuditTag.PATH_CLOCK_AGREES, closes_at=until, asked_until=None
    )
    await enqueue_rule_write(tx, try_first=True)
    await events.refresh(tx, opening)


async def _let_longer(tx: Transaction, path: OpenPath, until: datetime) -> None:
    await tx.paths.record(path, tag=AuditTag.PATH_CLOCK_AGREES, closes_at=until, asked_until=None)
    await enqueue_rule_write(tx, try_first=True)


async def _refuse(tx: Transaction, path: OpenPath, ahead: timedelta | None, why: PathEnd = PathEnd.CLOCK) -> None:
    detail: dict[str, Any] = {"why": why} if ahead is None else {"why": why, "ahead": round(ahead.total_seconds())}
    refused = await tx.paths.move(path, PathState.REFUSED, tag=AuditTag.PATH_REFUSED, detail=detail, end=why)
    await events.refresh(tx, refused)


async def _refuse_longer(tx: Transaction, path: OpenPath, ahead: timedelta) -> None:
    detail = {"ahead": round(ahead.total_seconds())}
    kept = await tx.paths.record(path, tag=AuditTag.PATH_NOT_PROLONGED, detail=detail, asked_until=None)
    await events.refresh(tx, kept)
    for person in await events.audience(tx, path):
        await enqueue_notice(tx, PathNotProlonged, person.telegram_id, path=path.public_id)


async def _put_off(app: AppContext, job: Job, path: OpenPath, trouble: EdgeTrouble) -> None:
    if isinstance(trouble, Busy):
        wait = timedelta(seconds=trouble.retry_after)
    elif trouble.again_helps:
        wait = timedelta(seconds=_AGAIN_SECONDS[min(job.attempts, len(_AGAIN_SECONDS) - 1)])
    else:
        wait = _STUCK_AGAIN
    _log.warning("a path waits: Cloudflare does not tell the time", trouble=type(trouble).__name__)
    payload = {**job.payload, LATE: True}
    if LATE not in job.payload:
        async with app.store.write() as tx:
            await tx.jobs.remember(job.id, payload)
            await events.refresh(tx, path)
    raise RetryAt(app.clock.now() + wait, payload)
