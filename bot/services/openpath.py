"""Opening a path, keeping it open for longer, and closing it. ``bot.services.chores.paths`` carries it out.

What opens waits until our clock is known to be right, and is tried at Cloudflare first; what closes waits for nothing.
"""

from datetime import timedelta

from bot.edge.ruling import more_paths
from bot.errors import Gone, NoPathsNow, NoRoomForPath, NotProtected, PathForLong, PathKnown, Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.hosts import HostState
from bot.model.path_notices import PathCard
from bot.model.path_reading import WantedPath
from bot.model.paths import LEASE, PATH_ENDED, OpenPath, PathEnd, PathState
from bot.model.people import Person
from bot.model.results import OpenPaths
from bot.services import path_news
from bot.services.parts import PROMPT_STAYS, Parts
from bot.services.path_looks import card_of
from bot.services.rights import checked
from bot.services.ruling import order_write, wish
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction

HOUR = timedelta(hours=1)
_WORTH_IT = timedelta(minutes=1)
"""A prolongation by less is none: by then it is open for as long as it may be."""


async def open_path(parts: Parts, actor: Person, wanted: WantedPath, cause: Cause | None = None) -> OpenPath:
    """Have a path opened; a lasting one waits for ``confirm``. Its card is on its way.

    Raises:
        NotProtected, NoPathsNow, PathKnown, NoRoomForPath: nothing was written down.
        NotAllowed, Frozen: nor then.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        await _check_now(parts, tx, wanted.host)
        await _check_new(tx, wanted)
        state = PathState.ASKED if wanted.lasting else PathState.CHECKING
        lasts = LEASE if wanted.lasting else wanted.lasts
        path = await tx.paths.add(wanted, actor, state=state, lasts=lasts, actor=actor_of(actor))
        await _check_room(parts, tx, path)
        await path_news.show(tx, path, actor.telegram_id)
        due = tx.now + PROMPT_STAYS if wanted.lasting else path.closes_at
        await tx.chores.add(ChoreKind.END_PATH, path.public_id, due_at=due)
        if not wanted.lasting:
            await tx.chores.add(ChoreKind.OPEN_PATH, path.public_id)
    return path


async def confirm(
    parts: Parts, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Say a second time that a lasting path shall be opened.

    Raises:
        Gone: it is not waiting for that (any more), or somebody else asked for it.
        NotProtected, NoPathsNow, NoRoomForPath, NotAllowed, Frozen: it is not opened.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.ASKED or path.opened_by != actor.id:
            raise Gone
        await _check_now(parts, tx, path.host)
        await _check_room(parts, tx, path)
        path = await tx.paths.move(path, PathState.CHECKING, tag=Tag.PATH_CONFIRMED, actor=actor_of(actor))
        await tx.chores.add(ChoreKind.OPEN_PATH, path.public_id)
        return await _shown_at(parts, tx, path, actor, at)


async def prolong(
    parts: Parts,
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
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or path.lasting:
            raise Gone
        await _check_now(parts, tx, path.host)
        if path.asked_until is None and int(path.closes_at.timestamp()) == until:
            longer = min(path.closes_at + HOUR, tx.now + parts.policy.most_open)
            if longer - path.closes_at < _WORTH_IT:
                raise PathForLong(path.closes_at, parts.policy.most_open // HOUR)
            path = await tx.paths.note(
                path, tag=Tag.PATH_PROLONG_ASKED, actor=actor_of(actor), asked_until=longer, moved_by=actor.id
            )
            await tx.chores.add(ChoreKind.OPEN_PATH, path.public_id)
        return await _shown_at(parts, tx, path, actor, at)


async def close(
    parts: Parts, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Close a path now, or let go of one that is not open yet; for one that has ended nothing changes.

    Raises:
        Gone: there is none.
        NotAllowed, Frozen: it stays open.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        path = await _of(tx, public_id)
        if at is not None:
            await tx.paths.keep_copy(path, at)
        closing = await close_in(tx, path, PathEnd.BY_HAND, actor)
        if closing == path:
            await path_news.refresh(tx, path)
        return await card_of(parts, tx, closing, actor)


async def close_in(
    tx: Transaction, path: OpenPath, why: PathEnd, actor: Person | None, tag: Tag = Tag.PATH_CLOSE_ASKED
) -> OpenPath:
    """Close a path, in a transaction of somebody's: lockdown, the command line, a lost phone. Never tried first."""
    by = {"actor": actor_of(actor)} if actor else {}
    if path.state in PATH_ENDED or path.state is PathState.CLOSING:
        return path
    if path.state in {PathState.ASKED, PathState.CHECKING}:
        closed = await tx.paths.move(path, PathState.REFUSED, tag=Tag.PATH_NOT_CONFIRMED, end=why, **by)  # type: ignore[arg-type]
        await path_news.refresh(tx, closed)
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
    await order_write(tx)
    await path_news.refresh(tx, closing)
    return closing


async def try_now(
    parts: Parts, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """Have an open path tried although the service may act on it.

    Raises:
        Gone: it is not open (any more), or cannot be tried from here.
        NotAllowed, Frozen: it is not tried.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or not path.can_be_set_off:
            raise Gone
        await tx.chores.add(ChoreKind.TRY_PATH, path.public_id, payload={"asked": True})
        return await _shown_at(parts, tx, path, actor, at)


async def keep(
    parts: Parts, actor: Person, public_id: str, at: MessageRef | None = None, cause: Cause | None = None
) -> PathCard:
    """A lasting path is still needed.

    Raises:
        Gone: it is not open (any more).
        NotAllowed, Frozen: nothing was changed.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        path = await _of(tx, public_id)
        if path.state is not PathState.OPEN or not path.lasting:
            raise Gone
        path = await tx.paths.note(path, tag=Tag.PATH_KEPT, actor=actor_of(actor), kept_at=tx.now)
        return await _shown_at(parts, tx, path, actor, at)


async def card(parts: Parts, actor: Person, public_id: str, at: MessageRef) -> PathCard:
    """A path as it is now, to be shown at that message, which follows it from then on.

    Raises:
        Gone: there is none.
        NotAllowed, Frozen: not for the actor.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write() as tx:
        path = await _of(tx, public_id)
        await tx.paths.keep_copy(path, at)
        return await card_of(parts, tx, path, actor)


async def open_paths(parts: Parts, actor: Person) -> OpenPaths:
    """All paths that are open, on their way, or on their way out.

    Raises:
        NotAllowed, Frozen: not for the actor.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.read() as tx:
        return OpenPaths(await tx.paths.not_ended())


async def _shown_at(parts: Parts, tx: Transaction, path: OpenPath, actor: Person, at: MessageRef | None) -> PathCard:
    """The path's card, on its way to all messages that show it: the pressed one too, from now on."""
    if at is not None:
        await tx.paths.keep_copy(path, at)
    await path_news.refresh(tx, path)
    return await card_of(parts, tx, path, actor)


async def _of(tx: Transaction, public_id: str) -> OpenPath:
    try:
        return await tx.paths.of(public_id)
    except Unknown:
        raise Gone from None


async def _check_now(parts: Parts, tx: Transaction, host: str) -> None:
    """Return when paths are opened at that host as things are."""
    facts = await tx.rules.of_zone(parts.policy.zone)
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
            raise PathKnown(path.public_id, path.shown)


async def _check_room(parts: Parts, tx: Transaction, path: OpenPath) -> None:
    """Return when the rule takes this path too, beside all that are in it or on their way into it."""
    now = (await wish(tx, parts.policy.zone)).wanted
    waiting = [
        one.as_exception for one in await tx.paths.not_ended() if one.state is PathState.CHECKING and one.id != path.id
    ]
    taken = now.with_exceptions((*now.exceptions, *waiting))
    if more_paths(taken, path.as_exception) == 0:
        raise NoRoomForPath(len(taken.exceptions), more_paths(now.with_exceptions(()), path.as_exception))
