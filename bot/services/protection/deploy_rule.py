"""Carrying out what the rows want of the rule and the hosts. Who calls this holds the writer's lock."""

from dataclasses import dataclass

import structlog

from bot.errors import EdgeTrouble, MissingRight, RefusedByEdge, StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.protection.hosts import HostState
from bot.model.protection.plan import FORM, PlannedRule, plan
from bot.model.protection.rule import PathCheck
from bot.model.protection.rule_state import RuleState
from bot.services.context import AppContext
from bot.services.desired_rule import DesiredState, desired_state
from bot.services.openings import events
from bot.services.protection import rule_events
from bot.store.engine.database import Transaction

_log = structlog.get_logger()


async def write_now(app: AppContext, *, hosts_too: bool = False) -> None:
    """Write the rule from the rows at once, without a chore: for the command line, beside a running bot or without.

    Raises:
        EdgeTrouble: it was not written, or not every host could be associated; writing again is harmless.
    """
    async with app.rule_lock.held():
        async with app.store.read() as tx:
            wanted = await desired_state(tx, app.policy.zone)
        trouble = await carry_out(app, wanted, hosts_too=hosts_too)
    if trouble is not None:
        raise trouble


async def carry_out(
    app: AppContext, wanted: DesiredState, *, try_first: bool = False, hosts_too: bool = False
) -> EdgeTrouble | None:
    """Associate, write, record, and let go of what leaves; answers the trouble with hosts to be associated, which
    stops nothing else.

    Raises:
        EdgeTrouble: the rule was not written, or the leaving hosts are still associated.
    """
    trouble = await _associated(app, wanted, all_of_them=hosts_too)
    if trouble is not None:
        # Nobody is locked out by a host that could not be associated, and no revoke waits for it.
        wanted = wanted.without([one.host for one in wanted.of_state(HostState.ASSOCIATING)])
    if wanted.wanted.hosts:
        applied = await _applied(app, wanted, try_first=try_first)
        async with app.store.write() as tx:
            await _written(app, tx, wanted, applied)
    elif wanted.facts.text or wanted.of_state(HostState.LEAVING):
        await app.edge.remove_rule()
        async with app.store.write() as tx:
            await _removed(app, tx, wanted)
    await _leave(app, wanted)
    return trouble


@dataclass(frozen=True)
class _Applied:
    """A rule as it was written. ``shown`` is the text as Cloudflare shows it, which is what later looks are compared
    with; ``raw_taken`` whether Cloudflare takes a comparison with what was sent, ``None`` where it was not asked.
    """

    planned: PlannedRule
    shown: str
    raw_taken: bool | None


async def _applied(app: AppContext, wanted: DesiredState, *, try_first: bool) -> _Applied:
    """Write the rule. Not every zone may take one that compares what was sent: where it does not, nothing waits for
    that.
    """
    planned = plan(wanted.wanted, wanted.unconfirmed)
    rule = planned.fit.rule
    asks = bool(rule.exceptions) and not rule.everything and rule.paths_by is not PathCheck.NORMALISED
    try:
        state = await app.edge.apply(planned, try_first=try_first)
    except (RefusedByEdge, MissingRight):
        # How a field that a plan lacks is refused is not documented: as a bad request or as a missing right.
        if not asks:
            raise
    else:
        return _Applied(planned, _shown(state, planned), True if asks else None)
    plain = plan(wanted.wanted.telling_paths_by(PathCheck.NORMALISED), wanted.unconfirmed)
    state = await app.edge.apply(plain, try_first=try_first)
    _log.warning("Cloudflare does not compare what was sent: detours to open paths are let through")
    return _Applied(plain, _shown(state, plain), raw_taken=False)


def _shown(state: RuleState, planned: PlannedRule) -> str:
    return state.ours.text if state.ours else planned.text


async def _associated(app: AppContext, wanted: DesiredState, *, all_of_them: bool) -> EdgeTrouble | None:
    """Associate what is to be protected; the trouble with that, where there was some."""
    fresh = frozenset(one.host for one in wanted.of_state(HostState.ASSOCIATING))
    every = fresh | {one.host for one in wanted.of_state(HostState.PROTECTED)}
    hosts = every if all_of_them else fresh
    if not hosts:
        return None
    try:
        await app.edge.change_hosts(add=hosts)
    except EdgeTrouble as trouble:
        return trouble
    return None


async def _written(app: AppContext, tx: Transaction, wanted: DesiredState, applied: _Applied) -> None:
    """Record a write."""
    planned = applied.planned
    zone, rule = app.policy.zone, planned.fit.rule
    await tx.rules.written(zone, text=applied.shown, form=FORM, rule=rule, raw_taken=applied.raw_taken)
    # Where nobody at all gets in, nobody has to be named.
    turned_away = wanted.wanted.fingerprints if rule.everything else rule.fingerprints
    await rule_events.let_in(tx, await tx.blocks.written(turned_away))
    for host in wanted.of_state(HostState.ASSOCIATING):
        if host.host in rule.hosts:
            await _moved(tx, host.host)
    await rule_events.on_written(tx, zone, planned, told_before=wanted.facts.told)
    if rule.paths_by is not wanted.facts.paths_by:
        await events.told_otherwise(tx)
    await tx.jobs.drop_kind(JobKind.WATCH_RULE)
    if planned.enabled:
        await tx.jobs.add(JobKind.WATCH_RULE, rule.beacon)
    else:
        await rule_events.on_settled(tx)


async def _removed(app: AppContext, tx: Transaction, wanted: DesiredState) -> None:
    if wanted.facts.text:
        await tx.rules.removed(app.policy.zone)
    await rule_events.let_in(tx, await tx.blocks.written(()))
    await rule_events.removed(tx)
    await rule_events.on_settled(tx)


async def _moved(tx: Transaction, host: str) -> None:
    for now in await tx.hosts.all():
        # Somebody may have changed their mind meanwhile: then another write is ordered already.
        if now.host == host and now.state is HostState.ASSOCIATING:
            await tx.hosts.move(now, HostState.PROTECTED, tag=AuditTag.HOST_PROTECTED)


async def _leave(app: AppContext, wanted: DesiredState) -> None:
    """What is out of the rule leaves the list of hosts too."""
    leaving = wanted.of_state(HostState.LEAVING)
    if not leaving:
        return
    gone = frozenset(one.host for one in leaving if not one.stays_associated)
    if gone:
        await app.edge.change_hosts(remove=gone)
    async with app.store.write() as tx:
        for host in leaving:
            try:
                await tx.hosts.forget(host)
            except StaleAction:
                continue
        await rule_events.on_left(tx, [one for one in leaving if not one.stays_associated])
