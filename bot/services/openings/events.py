"""Who is told what about open paths, and what the rule's news mean for them.

One function a moment, called in the transaction that records it. A path's card shows the row as it is, wherever it
stands: whoever changes a row has its cards brought up to date.
"""

from collections.abc import Collection

from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.model.openings.notices import PathCard, PathMove, PathMoved
from bot.model.openings.paths import PATH_IN_RULE, OpenPath, PathEnd, PathState
from bot.model.people.people import Person, Standing
from bot.model.proofs.probe_results import Verdict
from bot.model.protection.hosts import HostState
from bot.model.protection.rule import PathException
from bot.services.context import BEFORE_END, AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction


async def show(tx: Transaction, path: OpenPath, to: int, at: MessageRef | None = None) -> None:
    """Show a path's card to somebody."""
    await enqueue_notice(tx, PathCard, to, at, path=path.public_id)


async def remember_message(app: AppContext, what: Notice, at: MessageRef) -> None:
    """Remember where a path is shown; what changed while it was on its way is shown next."""
    if not isinstance(what, PathCard):
        return
    async with app.store.read() as tx:
        known = at in await tx.paths.copies(what.path)
        if known and await tx.paths.of(what.path.public_id) == what.path:
            return
    async with app.store.write() as tx:
        now = await tx.paths.of(what.path.public_id)
        await tx.paths.keep_copy(now, at)
        if now != what.path:
            await enqueue_notice(tx, PathCard, at.chat_id, at, path=now.public_id, only_there=True)


async def refresh(tx: Transaction, path: OpenPath) -> None:
    """Bring every card of a path up to date."""
    for copy in await tx.paths.copies(path):
        await enqueue_notice(tx, PathCard, copy.chat_id, copy, path=path.public_id, only_there=True)


async def audience(tx: Transaction, path: OpenPath) -> tuple[Person, ...]:
    """Who is asked about a path: its opener while they may do something about it, else all admins."""
    opener = await tx.people.of_id(path.opened_by)
    if opener.is_admin and opener.standing is Standing.OK:
        return (opener,)
    return await tx.people.admins()


async def on_moved(tx: Transaction, path: OpenPath, what: PathMove, by: int | None) -> None:
    """Tell those who did not do it: of what somebody did, all other admins; of an end by itself, the opener."""
    people = await tx.people.admins() if by is not None else await audience(tx, path)
    for person in people:
        if person.id != by:
            await enqueue_notice(tx, PathMoved, person.telegram_id, path=path.public_id, what=what, by=by)


async def on_written(tx: Transaction, exceptions: Collection[PathException], *, lockdown: bool = False) -> None:
    """The rule at Cloudflare has these exceptions now, and no others."""
    hosts = {one.host for one in await tx.hosts.all() if one.state is not HostState.LEAVING}
    for path in await tx.paths.not_ended():
        inside = path.state in PATH_IN_RULE or path.state is PathState.CLOSING
        if inside and path.host not in hosts:
            await end(tx, path, PathEnd.HOST)
        elif path.state in PATH_IN_RULE and lockdown:
            await end(tx, path, PathEnd.LOCKDOWN)
        elif path.state is PathState.CLOSING and path.as_exception not in exceptions:
            await end(tx, path, path.end or PathEnd.BY_HAND)
        elif path.state is PathState.OPENING and path.as_exception in exceptions:
            await _opened(tx, path)
        elif path.state is PathState.OPEN and path.as_exception in exceptions and _is_longer(path):
            await _prolonged(tx, path)


async def told_otherwise(tx: Transaction) -> None:
    """The rule tells open paths from others in another way than before."""
    for path in await tx.paths.not_ended():
        if path.state is PathState.OPEN:
            await refresh(tx, path)


async def on_late(tx: Transaction) -> None:
    """Cloudflare does not take the rule yet: whoever waits is told."""
    for path in await tx.paths.not_ended():
        if path.state in {PathState.OPENING, PathState.CLOSING}:
            await refresh(tx, path)


async def on_seen(tx: Transaction) -> None:
    """The edge has the rule as written last: paths in it are tried now."""
    for path in await tx.paths.not_ended():
        blocked = path.tried is not None and path.tried.verdict is Verdict.BLOCKED
        if path.state is not PathState.OPEN or (path.tried is not None and not blocked):
            continue
        if await tx.jobs.of_subject(JobKind.TRY_PATH, path.public_id):
            await tx.jobs.bring_forward(JobKind.TRY_PATH, path.public_id)
        elif path.can_be_tried:
            await tx.jobs.add(JobKind.TRY_PATH, path.public_id, payload={"once": True})
        await refresh(tx, path)


async def not_taken(tx: Transaction) -> bool:
    """Cloudflare refuses the rule for good: what was to be opened is not, so that nothing else waits for it. Answers
    whether there was something.
    """
    opening = [path for path in await tx.paths.not_ended() if path.state is PathState.OPENING]
    for path in opening:
        refused = await tx.paths.move(
            path, PathState.REFUSED, tag=AuditTag.PATH_REFUSED, detail={"why": PathEnd.EDGE}, end=PathEnd.EDGE
        )
        await refresh(tx, refused)
    return bool(opening)


async def end(tx: Transaction, path: OpenPath, why: PathEnd) -> None:
    """A path is closed."""
    closed = await tx.paths.move(path, PathState.CLOSED, tag=AuditTag.PATH_CLOSED, detail={"why": why}, end=why)
    for kind in (JobKind.TRY_PATH, JobKind.REMIND_PATH):
        await tx.jobs.drop(kind, path.public_id)
    await refresh(tx, closed)
    await on_moved(tx, closed, PathMove.CLOSED, closed.closed_by)


async def _opened(tx: Transaction, path: OpenPath) -> None:
    opened = await tx.paths.move(path, PathState.OPEN, tag=AuditTag.PATH_OPENED, written_until=path.closes_at)
    await tx.jobs.add(JobKind.TRY_PATH, path.public_id)
    if not path.lasting and path.closes_at - tx.now > 2 * BEFORE_END:
        await tx.jobs.add(JobKind.REMIND_PATH, path.public_id, due_at=path.closes_at - BEFORE_END)
    await refresh(tx, opened)
    for admin in await tx.people.admins():
        if admin.id != path.opened_by:
            await show(tx, opened, admin.telegram_id)


def _is_longer(path: OpenPath) -> bool:
    return path.written_until is None or path.written_until < path.closes_at


async def _prolonged(tx: Transaction, path: OpenPath) -> None:
    longer = await tx.paths.record(path, tag=AuditTag.PATH_PROLONGED, written_until=path.closes_at)
    if path.lasting:
        return
    if not await tx.jobs.of_subject(JobKind.REMIND_PATH, path.public_id):
        await tx.jobs.add(JobKind.REMIND_PATH, path.public_id, due_at=path.closes_at - BEFORE_END)
    await refresh(tx, longer)
    await on_moved(tx, longer, PathMove.PROLONGED, path.moved_by)
