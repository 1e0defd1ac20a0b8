"""Switching off what was made by hand, once ours is seen; or on again, before ours lets go.

The one case in which a rule of somebody else is touched, and only on that order: nothing but ``enabled`` changes.
"""

from datetime import timedelta

from bot.errors import Busy, EdgeConflict, EdgeTrouble, RetryAt
from bot.model.audit import AuditTag
from bot.model.host_notices import TakeOverState
from bot.model.jobs import Job
from bot.model.openings.paths import PATH_IN_RULE, PathEnd
from bot.model.protection.hosts import HostState
from bot.model.protection.takeover import HandMadePath
from bot.model.takeover.reader import opens_something
from bot.services.context import AppContext
from bot.services.desired_rule import enqueue_rule_write
from bot.services.openings.open_path import close_in
from bot.services.protection import takeover_progress
from bot.services.protection.proof_schedule import prove_soon
from bot.store.engine.database import Transaction
from bot.store.protection.takeovers import TakeOver

_AGAIN_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)


async def take_over(app: AppContext, job: Job) -> None:
    """Bring a take-over, or its undoing, to its end."""
    async with app.rule_lock.held():
        async with app.store.read() as tx:
            which = await tx.take_overs.of(job.subject)
        try:
            if which.state is TakeOverState.WAITING:
                await _switch_off(app, which)
            elif which.state is TakeOverState.UNDOING:
                await _switch_on(app, which)
        except EdgeTrouble as trouble:
            seconds = _AGAIN_SECONDS[min(job.attempts, len(_AGAIN_SECONDS) - 1)]
            wait = trouble.retry_after if isinstance(trouble, Busy) else seconds
            raise RetryAt(app.clock.now() + timedelta(seconds=wait)) from None


async def _switch_off(app: AppContext, which: TakeOver) -> None:
    if not await _holds_still(app, which):
        async with app.store.write() as tx:
            await _moved(tx, which, TakeOverState.STOPPED, AuditTag.TAKE_OVER_STOPPED)
            await prove_soon(tx, hosts=which.hosts, paths=which.paths)
        return
    for rule in which.rules:
        await app.edge.switch_rule(rule.rule_id, rule.text, enabled=False)
    async with app.store.write() as tx:
        await _moved(tx, which, TakeOverState.DONE, AuditTag.TAKE_OVER_DONE)
        await prove_soon(tx, hosts=which.hosts, paths=which.paths)


async def _holds_still(app: AppContext, which: TakeOver) -> bool:
    """Whether the rules to be switched off are as they were agreed on, and it opens nothing with all others as now."""
    state = await app.edge.rule_state()
    there = {rule.rule_id: rule.text for rule in state.foreign}
    async with app.store.read() as tx:
        opened = [await tx.paths.of(public_id) for public_id in which.paths]
    paths = [
        HandMadePath(one.host, one.path, one.method, one.query, one.networks)
        for one in opened
        if one.state in PATH_IN_RULE
    ]
    unchanged = all(there.get(rule.rule_id) == rule.text for rule in which.rules)
    return unchanged and not opens_something(state, [rule.rule_id for rule in which.rules], which.hosts, paths)


async def _switch_on(app: AppContext, which: TakeOver) -> None:
    for rule in which.rules:
        try:
            await app.edge.switch_rule(rule.rule_id, rule.text, enabled=True)
        except EdgeConflict:
            # Deleted or rewritten meanwhile: theirs is not what was taken over any more, so ours stays.
            async with app.store.write() as tx:
                await _moved(tx, which, TakeOverState.STOPPED, AuditTag.TAKE_OVER_STOPPED)
            return
    async with app.store.write() as tx:
        for host in await tx.hosts.all():
            if host.host in which.hosts and host.state is not HostState.LEAVING:
                await tx.hosts.move(host, HostState.LEAVING, tag=AuditTag.HOST_UNPROTECT_ASKED, stays_associated=True)
        for public_id in which.paths:
            await close_in(tx, await tx.paths.of(public_id), PathEnd.HOST, None)
        await enqueue_rule_write(tx)
        await _moved(tx, which, TakeOverState.UNDONE, AuditTag.TAKE_OVER_UNDONE)


async def _moved(tx: Transaction, which: TakeOver, state: TakeOverState, tag: AuditTag) -> None:
    await takeover_progress.show(tx, await tx.take_overs.move(which, state, tag=tag))
