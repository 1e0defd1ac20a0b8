"""Open paths: into the rule once our clock is known to be right, tried, reminded of, ended."""

from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Busy, EdgeTrouble, Gone, RetryAt
from bot.model.audit import Tag
from bot.model.chores import Chore
from bot.model.path_notices import PathEnding, PathNotProlonged
from bot.model.paths import LEASE, MOST_CLOCKS_APART, PATH_ENDED, OpenPath, PathEnd, PathState
from bot.model.probing import Look, Verdict, Why
from bot.model.proofs import Proof, Trial
from bot.services import path_news, proof_news
from bot.services.outcomes import LATE
from bot.services.parts import BEFORE_END, Parts
from bot.services.proving import prove_path
from bot.services.ruling import order_write
from bot.services.telling_later import tell
from bot.store.database import Transaction

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0)
_STUCK_AGAIN = timedelta(minutes=10)
_TRY_AGAIN_SECONDS = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)
_PASSING = frozenset({Why.TIME_OUT, Why.NO_CONNECTION, Why.CUT_OFF, Why.TOO_MANY})


async def open_path(parts: Parts, chore: Chore) -> None:
    """Compare the clocks, then let the path, or its longer time, into the rule."""
    path = await _path(parts, chore)
    if path.asked_until is None or path.state not in {PathState.CHECKING, PathState.OPEN}:
        return
    try:
        ahead = await parts.edge.clock_ahead()
    except EdgeTrouble as trouble:
        await _put_off(parts, chore, path, trouble)
        return
    async with parts.store.write() as tx:
        path = await tx.paths.of(chore.subject)
        if path.asked_until is None:
            return
        right, until = abs(ahead) <= MOST_CLOCKS_APART, _until(tx, path, path.asked_until)
        if path.state is PathState.CHECKING:
            await (_let_in(tx, path, until) if right else _refuse(tx, path, ahead))
        elif path.state is PathState.OPEN:
            await (_let_longer(tx, path, until) if right else _refuse_longer(tx, path, ahead))


async def try_path(parts: Parts, chore: Chore) -> None:
    """Request an open path without a certificate, and one beside it; keep what came of it."""
    path = await _path(parts, chore)
    met_before = path.tried is not None and path.tried.verdict is not Verdict.BLOCKED
    wanted = chore.payload.get("asked", False)
    if path.state is not PathState.OPEN or not (wanted or (path.can_be_tried and not met_before)):
        return
    if wanted:
        await _keep_try(parts, path, await parts.prober.look(path.url, method=path.try_method))
        return
    proof = await prove_path(parts, path)
    look = next(one.look for one in proof.tried if one.trial is Trial.PATH)
    again = _may_change(look) and not chore.payload.get("once")
    if again and chore.attempts < len(_TRY_AGAIN_SECONDS):
        raise RetryAt(parts.clock.now() + timedelta(seconds=_TRY_AGAIN_SECONDS[chore.attempts]))
    await _keep_try(parts, path, look, proof)


async def _keep_try(parts: Parts, path: OpenPath, look: Look, proof: Proof | None = None) -> None:
    """Keep what a try met, and show it."""
    async with parts.store.write() as tx:
        try:
            tried = await tx.paths.note(
                path,
                tag=Tag.PATH_TRIED,
                detail={"met": f"{look.verdict} {look.status or look.why}"},
                tried_verdict=look.verdict,
                tried_status=look.status,
            )
        except Gone:
            return
        if proof is not None:
            await proof_news.keep(tx, (proof,))
        await path_news.refresh(tx, tried)


async def remind(parts: Parts, chore: Chore) -> None:
    """A path closes in a few minutes."""
    async with parts.store.write() as tx:
        path = await tx.paths.of(chore.subject)
        if path.state is not PathState.OPEN or path.closes_at <= tx.now:
            return
        if path.closes_at - BEFORE_END > tx.now:
            raise RetryAt(path.closes_at - BEFORE_END)
        for person in await path_news.audience(tx, path):
            await tell(tx, PathEnding, person.telegram_id, path=path.public_id)


async def end(parts: Parts, chore: Chore) -> None:
    """A path's time is up: at the edge it is closed already, here it is written down, and the rule tidied."""
    async with parts.store.write() as tx:
        path = await tx.paths.of(chore.subject)
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
        await path_news.end(tx, path, path.end or PathEnd.TIME)
        await order_write(tx)


async def _path(parts: Parts, chore: Chore) -> OpenPath:
    async with parts.store.read() as tx:
        return await tx.paths.of(chore.subject)


def _until(tx: Transaction, path: OpenPath, asked: datetime) -> datetime:
    """Until when a path may be open: a length of time was asked for, perhaps by a clock that was set right since."""
    if path.state is PathState.CHECKING:
        return min(asked, tx.now + (asked - path.opened_at))
    # An hour more is an hour more than what it is open for by a clock that was right.
    return min(asked, tx.now + LEASE) if path.lasting else asked


async def _let_in(tx: Transaction, path: OpenPath, until: datetime) -> None:
    opening = await tx.paths.move(path, PathState.OPENING, tag=Tag.PATH_CLOCK_AGREES, closes_at=until, asked_until=None)
    await order_write(tx, try_first=True)
    await path_news.refresh(tx, opening)


async def _let_longer(tx: Transaction, path: OpenPath, until: datetime) -> None:
    await tx.paths.note(path, tag=Tag.PATH_CLOCK_AGREES, closes_at=until, asked_until=None)
    await order_write(tx, try_first=True)


async def _refuse(tx: Transaction, path: OpenPath, ahead: timedelta | None, why: PathEnd = PathEnd.CLOCK) -> None:
    detail: dict[str, Any] = {"why": why} if ahead is None else {"why": why, "ahead": round(ahead.total_seconds())}
    refused = await tx.paths.move(path, PathState.REFUSED, tag=Tag.PATH_REFUSED, detail=detail, end=why)
    await path_news.refresh(tx, refused)


async def _refuse_longer(tx: Transaction, path: OpenPath, ahead: timedelta) -> None:
    detail = {"ahead": round(ahead.total_seconds())}
    kept = await tx.paths.note(path, tag=Tag.PATH_NOT_PROLONGED, detail=detail, asked_until=None)
    await path_news.refresh(tx, kept)
    for person in await path_news.audience(tx, path):
        await tell(tx, PathNotProlonged, person.telegram_id, path=path.public_id)


async def _put_off(parts: Parts, chore: Chore, path: OpenPath, trouble: EdgeTrouble) -> None:
    if isinstance(trouble, Busy):
        wait = timedelta(seconds=trouble.retry_after)
    elif trouble.again_helps:
        wait = timedelta(seconds=_AGAIN_SECONDS[min(chore.attempts, len(_AGAIN_SECONDS) - 1)])
    else:
        wait = _STUCK_AGAIN
    _log.warning("a path waits: Cloudflare does not tell the time", trouble=type(trouble).__name__)
    payload = {**chore.payload, LATE: True}
    if LATE not in chore.payload:
        async with parts.store.write() as tx:
            await tx.chores.remember(chore.id, payload)
            await path_news.refresh(tx, path)
    raise RetryAt(parts.clock.now() + wait, payload)


def _may_change(look: Look) -> bool:
    """Whether looking once more may tell something else: the edge has not got the rule yet, or nothing answered."""
    return look.verdict is Verdict.BLOCKED or look.why in _PASSING
