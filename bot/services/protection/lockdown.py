"""Lockdown: open paths are closed, no certificate is made; and, ordered by itself, nobody gets in at all.

Nothing here waits for anything to be tried first. What it closed stays closed when it ends.
"""

from bot.errors import NotLockedDown
from bot.model.audit import SERVER, AuditTag
from bot.model.message_ref import MessageRef
from bot.model.openings.paths import PathEnd
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.desired_rule import enqueue_rule_write
from bot.services.openings import open_path
from bot.services.protection import lockdown_progress
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction


async def begin(app: AppContext, actor: Person, cause: Cause | None = None) -> None:
    """Begin a lockdown, or say again that there is one.

    Raises:
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await begin_in(tx, app.policy.zone, await authorize(tx, actor, Action.ADMINISTER))


async def block_everything(
    app: AppContext, actor: Person, pressed: MessageRef | None = None, cause: Cause | None = None
) -> None:
    """Have everybody turned away, with a certificate and without.

    Raises:
        NotLockedDown: there is no lockdown (any more).
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await everything_in(tx, app.policy.zone, await authorize(tx, actor, Action.ADMINISTER), pressed)


async def end(app: AppContext, actor: Person, pressed: MessageRef | None = None, cause: Cause | None = None) -> None:
    """End it: hosts and rule come back, paths stay closed.

    Raises:
        NotLockedDown: there is none (any more).
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await end_in(tx, app.policy.zone, await authorize(tx, actor, Action.ADMINISTER), pressed)


async def is_on(app: AppContext) -> bool:
    """Whether there is a lockdown."""
    async with app.store.read() as tx:
        return (await tx.rules.of_zone(app.policy.zone)).lockdown_at is not None


async def begin_in(tx: Transaction, zone: str, actor: Person | None) -> None:
    """The same in a transaction of somebody's; ``None`` is whoever has the server."""
    facts = await tx.rules.of_zone(zone)
    closed = facts.lockdown_told.paths
    if facts.lockdown_at is None:
        tag = AuditTag.LOCKDOWN_ORDERED if actor else AuditTag.LOCKDOWN_ORDERED_ON_SERVER
        await tx.rules.order(zone, tag, _who(actor), lockdown_at=tx.now)
        close_tag = AuditTag.PATH_CLOSE_ASKED if actor else AuditTag.PATH_CLOSE_ASKED_ON_SERVER
        paths = await tx.paths.not_ended()
        for path in paths:
            await open_path.close_in(tx, path, PathEnd.LOCKDOWN, actor, close_tag)
        closed = len(paths)
    if await tx.hosts.any():
        await enqueue_rule_write(tx)
    await lockdown_progress.announce(tx, zone, actor.name if actor else "", closed)


async def everything_in(tx: Transaction, zone: str, actor: Person | None, pressed: MessageRef | None = None) -> None:
    """See ``block_everything``."""
    facts = await tx.rules.of_zone(zone)
    if facts.lockdown_at is None:
        raise NotLockedDown
    if facts.everything_at is None:
        tag = AuditTag.LOCKDOWN_EVERYTHING if actor else AuditTag.LOCKDOWN_EVERYTHING_ON_SERVER
        await tx.rules.order(zone, tag, _who(actor), everything_at=tx.now)
    if await tx.hosts.any():
        await enqueue_rule_write(tx)
    by = actor.name if actor else ""
    await lockdown_progress.announce(tx, zone, by, facts.lockdown_told.paths, pressed)


async def end_in(tx: Transaction, zone: str, actor: Person | None, pressed: MessageRef | None = None) -> None:
    """See ``end``."""
    facts = await tx.rules.of_zone(zone)
    if facts.lockdown_at is None:
        raise NotLockedDown
    tag = AuditTag.LOCKDOWN_ENDED if actor else AuditTag.LOCKDOWN_ENDED_ON_SERVER
    await tx.rules.order(zone, tag, _who(actor), lockdown_at=None, everything_at=None)
    if await tx.hosts.any():
        await enqueue_rule_write(tx, hosts_too=True)
    by = actor.name if actor else ""
    await lockdown_progress.announce(tx, zone, by, facts.lockdown_told.paths, pressed)


def _who(actor: Person | None) -> str:
    return SERVER if actor is None else actor_of(actor)
