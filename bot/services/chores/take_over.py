"""Switching off what was made by hand, once ours is seen; or on again, before ours lets go.

The one case in which a rule of somebody else is touched, and only on that order: nothing but ``enabled`` changes.
"""

from datetime import timedelta

from bot.errors import Busy, EdgeConflict, EdgeTrouble, RetryAt
from bot.model.audit import Tag
from bot.model.chores import Chore
from bot.model.handmade import HandMadePath
from bot.model.handmade_reading import opens_something
from bot.model.host_notices import TakeOverState
from bot.model.hosts import HostState
from bot.model.paths import PATH_IN_RULE, PathEnd
from bot.services import take_over_words
from bot.services.openpath import close_in
from bot.services.parts import Parts
from bot.services.proof_orders import prove_soon
from bot.services.ruling import order_write
from bot.store.database import Transaction
from bot.store.take_overs import TakeOver

_AGAIN_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)


async def take_over(parts: Parts, chore: Chore) -> None:
    """Bring a take-over, or its undoing, to its end."""
    async with parts.rule_lock.held():
        async with parts.store.read() as tx:
            which = await tx.take_overs.of(chore.subject)
        try:
            if which.state is TakeOverState.WAITING:
                await _switch_off(parts, which)
            elif which.state is TakeOverState.UNDOING:
                await _switch_on(parts, which)
        except EdgeTrouble as trouble:
            seconds = _AGAIN_SECONDS[min(chore.attempts, len(_AGAIN_SECONDS) - 1)]
            wait = trouble.retry_after if isinstance(trouble, Busy) else seconds
            raise RetryAt(parts.clock.now() + timedelta(seconds=wait)) from None


async def _switch_off(parts: Parts, which: TakeOver) -> None:
    if not await _holds_still(parts, which):
        async with parts.store.write() as tx:
            await _moved(tx, which, TakeOverState.STOPPED, Tag.TAKE_OVER_STOPPED)
            await prove_soon(tx, hosts=which.hosts, paths=which.paths)
        return
    for rule in which.rules:
        await parts.edge.switch_rule(rule.rule_id, rule.text, enabled=False)
    async with parts.store.write() as tx:
        await _moved(tx, which, TakeOverState.DONE, Tag.TAKE_OVER_DONE)
        await prove_soon(tx, hosts=which.hosts, paths=which.paths)


async def _holds_still(parts: Parts, which: TakeOver) -> bool:
    """Whether the rules to be switched off are as they were agreed on, and it opens nothing with all others as now."""
    state = await parts.edge.rule_state()
    there = {rule.rule_id: rule.text for rule in state.foreign}
    async with parts.store.read() as tx:
        opened = [await tx.paths.of(public_id) for public_id in which.paths]
    paths = [
        HandMadePath(one.host, one.path, one.method, one.query, one.networks)
        for one in opened
        if one.state in PATH_IN_RULE
    ]
    unchanged = all(there.get(rule.rule_id) == rule.text for rule in which.rules)
    return unchanged and not opens_something(state, [rule.rule_id for rule in which.rules], which.hosts, paths)


async def _switch_on(parts: Parts, which: TakeOver) -> None:
    for rule in which.rules:
        try:
            await parts.edge.switch_rule(rule.rule_id, rule.text, enabled=True)
        except EdgeConflict:
            # Deleted or rewritten meanwhile: theirs is not what was taken over any more, so ours stays.
            async with parts.store.write() as tx:
                await _moved(tx, which, TakeOverState.STOPPED, Tag.TAKE_OVER_STOPPED)
            return
    async with parts.store.write() as tx:
        for host in await tx.hosts.all():
            if host.host in which.hosts and host.state is not HostState.LEAVING:
                await tx.hosts.move(host, HostState.LEAVING, tag=Tag.HOST_UNPROTECT_ASKED, stays_associated=True)
        for public_id in which.paths:
            await close_in(tx, await tx.paths.of(public_id), PathEnd.HOST, None)
        await order_write(tx)
        await _moved(tx, which, TakeOverState.UNDONE, Tag.TAKE_OVER_UNDONE)


async def _moved(tx: Transaction, which: TakeOver, state: TakeOverState, tag: Tag) -> None:
    await take_over_words.show(tx, await tx.take_overs.move(which, state, tag=tag))
