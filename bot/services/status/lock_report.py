"""How the lock stands: what the rows want, and what Cloudflare says of it now."""

import asyncio

from bot.errors import EdgeTrouble
from bot.model.jobs import TAKES_AWAY, JobKind
from bot.model.protection.plan import parse_rule
from bot.model.protection.rule_state import Drift, RuleState, differences
from bot.model.status.lock_report import HostReport, LockReport
from bot.services.context import AppContext
from bot.store.engine.database import Transaction
from bot.store.protection.rule import RuleRecord


async def read(app: AppContext) -> LockReport:
    """Look at the rows, then at Cloudflare."""
    zone = app.policy.zone
    async with app.store.read() as tx:
        rows, facts = await tx.hosts.all(), await tx.rules.of_zone(zone)
        paths = await tx.paths.not_ended()
        counted = await tx.zones.of_name(zone)
        waiting = await count_waiting(tx)
    (state, associated, trouble), earlier = await asyncio.gather(_told(app), app.edge.earlier_rules())
    return LockReport(
        zone=zone,
        hosts=tuple(
            HostReport(
                one.host,
                one.state,
                one.unlocked_at is not None,
                None if associated is None else one.host in associated,
            )
            for one in rows
        ),
        differences=_differences(state, facts),
        seen=facts.seen_at is not None,
        unlocked=facts.unlocked_at is not None,
        lockdown=facts.lockdown_at is not None,
        everything=facts.everything_at is not None,
        paths=paths,
        used=counted.used_slots,
        quota=counted.quota,
        waiting=waiting,
        trouble=trouble,
        skips=tuple(rule.description or rule.rule_id for rule in state.skips_above) if state is not None else (),
        earlier=earlier,
        only_there=tuple(sorted(set(associated or ()) - {one.host for one in rows})),
    )


async def count_waiting(tx: Transaction) -> int:
    """How many orders for the lock are not carried out yet."""
    kinds = (TAKES_AWAY | {JobKind.RESTORE}) - {JobKind.DELETE, JobKind.WATCH_RULE}
    return sum([len(await tx.jobs.of_kind(kind)) for kind in kinds])


async def _told(app: AppContext) -> tuple[RuleState | None, tuple[str, ...] | None, str]:
    try:
        state, associated = await asyncio.gather(app.edge.rule_state(), app.edge.associated_hosts())
    except EdgeTrouble as trouble:
        return None, None, type(trouble).__name__
    return state, associated, ""


def _differences(state: RuleState | None, facts: RuleRecord) -> frozenset[Drift]:
    if state is None or not facts.text:
        return frozenset()
    return differences(state, parse_rule(facts.text), enabled=facts.enabled)
