"""Every five minutes: is our rule there, in force, first and as written, and is every protected host asked?"""

import asyncio
from collections.abc import Collection

import structlog

from bot.errors import EdgeTrouble
from bot.model.jobs import JobKind
from bot.model.protection.hosts import HostState
from bot.model.protection.plan import FORM, parse_rule, plan
from bot.model.protection.rule import PathCheck
from bot.model.protection.rule_changes import found_anew
from bot.model.protection.rule_notices import RuleChanged
from bot.model.protection.rule_state import PUT_BACK_AT_ONCE, Drift, RuleState, differences
from bot.services.context import AppContext
from bot.services.desired_rule import RULE, DesiredState, awaits_restore_check, desired_state, enqueue_rule_write
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.protection.rule_events import MORE_THAN_FIT
from bot.store.engine.database import Transaction

_log = structlog.get_logger()


async def watch(app: AppContext) -> None:
    """Compare what stands at Cloudflare with what was written; tell admins once a difference, and put back at once
    what would leave the door open.
    """
    async with app.store.read() as tx:
        ours = await tx.hosts.any()
    if not ours:
        return
    async with app.rule_lock.held():
        async with app.store.read() as tx:
            if await awaits_restore_check(tx) or await tx.jobs.of_subject(JobKind.WRITE_RULE, RULE):
                # It is about to be written: whatever differs is on its way.
                return
            now = await desired_state(tx, app.policy.zone)
        try:
            state, hosts = await asyncio.gather(app.edge.rule_state(), app.edge.associated_hosts())
        except EdgeTrouble as trouble:
            _log.warning("the rule could not be looked at", trouble=type(trouble).__name__)
            return
        async with app.store.write() as tx:
            await _compared(tx, app.policy.zone, now, state, hosts)


async def _compared(
    tx: Transaction, zone: str, now: DesiredState, state: RuleState, associated: tuple[str, ...]
) -> None:
    facts = now.facts
    not_asked = [one.host for one in now.of_state(HostState.PROTECTED) if one.host not in associated]
    found = set(differences(state, parse_rule(facts.text), enabled=facts.enabled)) if facts.text else set()
    if not_asked:
        found.add(Drift.NOT_ASSOCIATED)
    at_once = bool(found & PUT_BACK_AT_ONCE) and facts.enabled
    keys = _keys(found, not_asked)
    fresh = keys - facts.told
    await tx.rules.told(zone, keys | (facts.told & {MORE_THAN_FIT}))
    if fresh:
        changes = found_anew(facts.changes, fresh, tx.now, waits=not at_once)
        await tx.rules.found_changed(zone, fresh, changes.kept)
        if changes.as_usual:
            await _told(tx, found, not_asked, state, put_back=at_once)
        if changes.repeated:
            again = {one for one in found if any(key.split(":")[0] == one for key in changes.repeated)}
            await _told(tx, again, not_asked, state, put_back=at_once, times=changes.times)
    fitting = plan(now.wanted, now.unconfirmed).fit.rule.fingerprints if now.wanted.hosts else ()
    behind = any(fingerprint not in facts.text.lower() for fingerprint in fitting)
    if at_once or behind or not facts.text or _is_of_old(now, found):
        await enqueue_rule_write(tx, hosts_too=True)


def _is_of_old(now: DesiredState, found: Collection[Drift]) -> bool:
    """Whether the rule says what it should in a way of long ago, or in one of which Cloudflare may think otherwise by
    now. What somebody else made of it waits for a tap.
    """
    if {Drift.EDITED, Drift.ENABLED} & set(found):
        return False
    raw_again = (
        now.facts.raw_refused_at is not None
        and now.wanted.paths_by is not PathCheck.NORMALISED
        and bool(now.wanted.exceptions)
    )
    return now.facts.form != FORM or raw_again


async def _told(
    tx: Transaction,
    found: Collection[Drift],
    not_asked: Collection[str],
    state: RuleState,
    *,
    put_back: bool,
    times: int = 0,
) -> None:
    skips = [rule.description or rule.rule_id for rule in state.skips_above]
    for admin in await tx.people.admins():
        await enqueue_notice(
            tx,
            RuleChanged,
            admin.telegram_id,
            differences=",".join(sorted(found)),
            hosts=",".join(not_asked),
            skips="\n".join(skips),
            put_back=put_back,
            times=times,
        )


def _keys(found: set[Drift], not_asked: list[str]) -> frozenset[str]:
    plain = {one.value for one in found if one is not Drift.NOT_ASSOCIATED}
    return frozenset(plain | {f"{Drift.NOT_ASSOCIATED}:{host}" for host in not_asked})
