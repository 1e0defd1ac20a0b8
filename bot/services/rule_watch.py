"""Every five minutes: is our rule there, in force, first and as written, and is every protected host asked?"""

import asyncio
from collections.abc import Collection

import structlog

from bot.edge.ruling import FORM, plan, reads_as
from bot.errors import EdgeTrouble
from bot.model.chores import ChoreKind
from bot.model.hosts import HostState
from bot.model.rule import PathCheck
from bot.model.rule_changes import found_anew
from bot.model.rule_notices import RuleChanged
from bot.model.rule_state import PUT_BACK_AT_ONCE, Difference, RuleState, differences
from bot.services.parts import Parts
from bot.services.rule_news import MORE_THAN_FIT
from bot.services.ruling import RULE, Wish, is_unchecked, order_write, wish
from bot.services.telling_later import tell
from bot.store.database import Transaction

_log = structlog.get_logger()


async def watch(parts: Parts) -> None:
    """Compare what stands at Cloudflare with what was written; tell admins once a difference, and put back at once
    what would leave the door open.
    """
    async with parts.store.read() as tx:
        ours = await tx.hosts.any()
    if not ours:
        return
    async with parts.rule_lock.held():
        async with parts.store.read() as tx:
            if await is_unchecked(tx) or await tx.chores.of_subject(ChoreKind.WRITE_RULE, RULE):
                # It is about to be written: whatever differs is on its way.
                return
            now = await wish(tx, parts.policy.zone)
        try:
            state, hosts = await asyncio.gather(parts.edge.rule_state(), parts.edge.associated_hosts())
        except EdgeTrouble as trouble:
            _log.warning("the rule could not be looked at", trouble=type(trouble).__name__)
            return
        async with parts.store.write() as tx:
            await _compared(tx, parts.policy.zone, now, state, hosts)


async def _compared(tx: Transaction, zone: str, now: Wish, state: RuleState, associated: tuple[str, ...]) -> None:
    facts = now.facts
    not_asked = [one.host for one in now.of_state(HostState.PROTECTED) if one.host not in associated]
    found = set(differences(state, reads_as(facts.text), enabled=facts.enabled)) if facts.text else set()
    if not_asked:
        found.add(Difference.NOT_ASSOCIATED)
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
        await order_write(tx, hosts_too=True)


def _is_of_old(now: Wish, found: Collection[Difference]) -> bool:
    """Whether the rule says what it should in a way of long ago, or in one of which Cloudflare may think otherwise by
    now. What somebody else made of it waits for a tap.
    """
    if {Difference.EDITED, Difference.ENABLED} & set(found):
        return False
    raw_again = (
        now.facts.raw_refused_at is not None
        and now.wanted.paths_by is not PathCheck.NORMALISED
        and bool(now.wanted.exceptions)
    )
    return now.facts.form != FORM or raw_again


async def _told(
    tx: Transaction,
    found: Collection[Difference],
    not_asked: Collection[str],
    state: RuleState,
    *,
    put_back: bool,
    times: int = 0,
) -> None:
    skips = [rule.description or rule.rule_id for rule in state.skips_above]
    for admin in await tx.people.admins():
        await tell(
            tx,
            RuleChanged,
            admin.telegram_id,
            differences=",".join(sorted(found)),
            hosts=",".join(not_asked),
            skips="\n".join(skips),
            put_back=put_back,
            times=times,
        )


def _keys(found: set[Difference], not_asked: list[str]) -> frozenset[str]:
    plain = {one.value for one in found if one is not Difference.NOT_ASSOCIATED}
    return frozenset(plain | {f"{Difference.NOT_ASSOCIATED}:{host}" for host in not_asked})
