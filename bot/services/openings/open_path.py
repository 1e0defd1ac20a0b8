"""Opening a path, keeping it open for longer, and closing it. ``bot.services.openings.jobs`` carries it out.

What opens waits until our clock is known to be right, and is tried at Cloudflare first; what closes waits for nothing.
"""

from datetime import timedelta

from bot.errors import AlreadyOpen, MaxDurationReached, NoPathsNow, NoRoomForPath, NotFound, NotProtected, StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.openings.input import WantedPath
from bot.model.openings.notices import PathCard
from bot.model.openings.paths import LEASE, PATH_ENDED, OpenPath, PathEnd, PathState
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.protection.hosts import HostState
from bot.model.protection.plan import more_paths
from bot.model.results import OpenPaths
from bot.services.authorization import authorize
from bot.services.context import PROMPT_TTL, AppContext
from bot.services.desired_rule import desired_state, enqueue_rule_write
from bot.services.openings import events
from bot.services.openings.card import card_of
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

HOUR = timedelta(hours=1)
_WORTH_IT = timedelta(minutes=1)
"""A prolongation by less is none: by then it is open for as long as it may be."""


async def open_path(app: AppContext, actor: Person, wanted: WantedPath, cause: Cause | None = None) -> OpenPath:
    """Have a path opened; a lasting one waits for ``confirm``. Its card is on its way.

    Raises:
        NotProtected, NoPathsNow, PathKnown, NoRoomForPath: nothing was written down.
        NotAllowed, Frozen: nor then.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        await _check_now(app, tx, wanted.host)
        await _check_new(tx, wanted)
        state = PathState.ASKED if wanted.lasting else PathState.CHECKING
        lasts = LEASE if wanted.lasting else wanted.lasts
        path = await tx.paths.add(wanted, actor, state=state, lasts=lasts, actor=actor_of(actor))
        await _check_room(app, tx, path)
        await events.show(tx, path, actor.telegram_id)
        due = tx.now + PROMPT_TTL if wanted.lasting else path.closes_at
        await tx.jobs.add(JobKind.END_PATH, path.public_id, due_at=due)
        if not wanted.lasting:
            await tx.jobs.add(JobKind.OPEN_PATH, path.public_id)
    return path


async def confirm(
    app: AppContext, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Say a second time that a lasting path shall be opened.

    Raises:
        Gone: it is not waiting for that (any more), or somebody else asked for it.
        NotProtected, NoPathsNow, NoRoomForPath, NotAllowed, Frozen: it is not opened.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.ASKED or path.opened_by != actor.id:
            raise StaleAction
        await _check_now(app, tx, path.host)
        await _check_room(app, tx, path)
        path = await tx.paths.move(path, PathState.CHECKING, tag=AuditTag.PATH_CONFIRMED, actor=actor_of(actor))
        await tx.jobs.add(JobKind.OPEN_PATH, path.public_id)
        return await _shown_at(app, tx, path, actor, at)


async def prolong(
    app: AppContext,
    actor: Person,
    public_id: str,
    until: int,
    at: MessageRef | None = None,
    cause: Cause | None = None,
) -> PathCard:
    """Have a path open for an hour more than until ``until`` (UNIX seconds), which is what the button said of it: the
    same button twice is one hour.

    Raises:
        PathForLong: no path may be open for that long.
        Gone: it is not open (any more), or it is a lasting one.
        NoPathsNow, NotAllowed, Frozen: it stays as it was.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or path.lasting:
            raise StaleAction
        await _check_now(app, tx, path.host)
        if path.asked_until is None and int(path.closes_at.timestamp()) == until:
            longer = min(path.closes_at + HOUR, tx.now + app.policy.most_open)
            if longer - path.closes_at < _WORTH_IT:
                raise MaxDurationReached(path.closes_at, app.policy.most_open // HOUR)
            path = await tx.paths.record(
                path, tag=AuditTag.PATH_PROLONG_ASKED, actor=actor_of(actor), asked_until=longer, moved_by=actor.id
            )
            await tx.jobs.add(JobKind.OPEN_PATH, path.public_id)
        return await _shown_at(app, tx, path, actor, at)


async def close(
    app: AppContext, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Close a path now, or let go of one that is not open yet; for one that has ended nothing changes.

    Raises:
        Gone: there is none.
        NotAllowed, Frozen: it stays open.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        path = await _of(tx, public_id)
        if at is not None:
            await tx.paths.keep_copy(path, at)
        closing = await close_in(tx, path, PathEnd.BY_HAND, actor)
        if closing == path:
            await events.refresh(tx, path)
        return await card_of(app, tx, closing, actor)


async def close_in(
    tx: Transaction, path: OpenPath, why: PathEnd, actor: Person | None, tag: AuditTag = AuditTag.PATH_CLOSE_ASKED
) -> OpenPath:
    """Close a path, in a transaction of somebody's: lockdown, the command line, a lost phone. Never tried first."""
    by = {"actor": actor_of(actor)} if actor else {}
    if path.state in PATH_ENDED or path.state is PathState.CLOSING:
        return path
    if path.state in {PathState.ASKED, PathState.CHECKING}:
        closed = await tx.paths.move(path, PathState.REFUSED, tag=AuditTag.PATH_NOT_CONFIRMED, end=why, **by)  # type: ignore[arg-type]
        await events.refresh(tx, closed)
        return closed
    closing = await tx.paths.move(
        path,
        PathState.CLOSING,
        tag=tag,
        end=why,
        closed_by=actor.id if actor else None,
        asked_until=None,
        **by,  # type: ignore[arg-type]
    )
    await enqueue_rule_write(tx)
    await events.refresh(tx, closing)
    return closing


async def try_now(
    app: AppContext, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Have an open path tried although the service may act on it.

    Raises:
        Gone: it is not open (any more), or cannot be tried from here.
        NotAllowed, Frozen: it is not tried.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or not path.can_be_set_off:
            raise StaleAction
        await tx.jobs.add(JobKind.TRY_PATH, path.public_id, payload={"asked": True})
        return await _shown_at(app, tx, path, actor, at)


async def keep_open(
    app: AppContext, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """A lasting path is still needed.

    Raises:
        Gone: it is not open (any more).
        NotAllowed, Frozen: nothing was changed.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or not path.lasting:
            raise StaleAction
        path = await tx.paths.record(path, tag=AuditTag.PATH_KEPT, actor=actor_of(actor), kept_at=tx.now)
        return await _shown_at(app, tx, path, actor, at)


async def card(app: AppContext, actor: Person, public_id: str, at: MessageRef) -> PathCard:
    """A path as it is now, to be shown at that message, which follows it from then on.

    Raises:
        Gone: there is none.
        NotAllowed, Frozen: not for the actor.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write() as tx:
        path = await _of(tx, public_id)
        await tx.paths.keep_copy(path, at)
        return await card_of(app, tx, path, actor)


async def open_paths(app: AppContext, actor: Person) -> OpenPaths:
    """All paths that are open, on their way, or on their way out.

    Raises:
        NotAllowed, Frozen: not for the actor.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.read() as tx:
        return OpenPaths(await tx.paths.not_ended())


async def _shown_at(app: AppContext, tx: Transaction, path: OpenPath, actor: Person, at: MessageRef | None) -> PathCard:
    """The path's card, on its way to all messages that show it: the pressed one too, from now on."""
    if at is not None:
        await tx.paths.keep_copy(path, at)
    await events.refresh(tx, path)
    return await card_of(app, tx, path, actor)


async def _of(tx: Transaction, public_id: str) -> OpenPath:
    try:
        return await tx.paths.of(public_id)
    except NotFound:
        raise StaleAction from None


async def _check_now(app: AppContext, tx: Transaction, host: str) -> None:
    """Return when paths are opened at that host as things are."""
    facts = await tx.rules.of_zone(app.policy.zone)
    if facts.lockdown_at is not None:
        raise NoPathsNow("lockdown")
    if facts.unlocked_at is not None:
        raise NoPathsNow("unlocked")
    if host not in {one.host for one in await tx.hosts.all() if one.state is HostState.PROTECTED}:
        raise NotProtected(host)


async def _check_new(tx: Transaction, wanted: WantedPath) -> None:
    asked = (wanted.host, wanted.path, wanted.query, wanted.method, wanted.networks)
    for path in await tx.paths.not_ended():
        same = (path.host, path.path, path.query, path.method, path.networks) == asked
        if same and path.state is not PathState.CLOSING:
            raise AlreadyOpen(path.public_id, path.shown)


async def _check_room(app: AppContext, tx: Transaction, path: OpenPath) -> None:
    """Return when the rule takes this path too, beside all that are in it or on their way into it."""
    now = (await desired_state(tx, app.policy.zone)).wanted
    waiting = [
        one.as_exception for one in await tx.paths.not_ended() if one.state is PathState.CHECKING and one.id != path.id
    ]
    taken = now.with_exceptions((*now.exceptions, *waiting))
    if more_paths(taken, path.as_exception) == 0:
        raise NoRoomForPath(len(taken.exceptions), more_paths(now.with_exceptions(()), path.as_exception))
