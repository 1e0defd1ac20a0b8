"""Writing the rule, and looking for it at the edge."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.edge.ruling import PlannedRule, plan
from bot.errors import Busy, EdgeConflict, EdgeTrouble, Gone, RetryAt, Unclear
from bot.model.audit import Tag
from bot.model.chores import Chore, ChoreKind
from bot.model.hosts import HostState
from bot.model.probing import Sight
from bot.services import rule_news
from bot.services.outcomes import LATE
from bot.services.parts import Parts
from bot.services.ruling import Wish, wish
from bot.store.database import Transaction

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_LOOK_AGAIN_SECONDS = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_STUCK_AGAIN = timedelta(minutes=10)
_MOST_LOOKS = 20


@dataclass(frozen=True)
class _Written:
    """What came of one round: ``planned`` is ``None`` where the rule was taken out, or never was."""

    wish: Wish
    planned: PlannedRule | None
    trouble: EdgeTrouble | None


async def write_rule(parts: Parts, chore: Chore) -> None:
    """Make Cloudflare's rule and hosts what the rows want. Does the work of all other such chores too."""
    async with parts.rule_lock.held():
        async with parts.store.write() as tx:
            payload = _together(chore, await tx.chores.absorb(chore))
            await tx.chores.remember(chore.id, payload)
            wanted = await wish(tx, parts.policy.zone)
        try:
            written = await _carried_out(parts, wanted, payload)
        except EdgeTrouble as trouble:
            await _put_off(parts, replace(chore, payload=payload), trouble)
            return
    if written.trouble is not None:
        await _put_off(parts, replace(chore, payload=payload), written.trouble)


async def watch_rule(parts: Parts, chore: Chore) -> None:
    """Look whether the edge has the version whose beacon is the subject; a later version has taken its place."""
    async with parts.store.read() as tx:
        now = await wish(tx, parts.policy.zone)
    facts = now.facts
    hosts = [one.host for one in now.of_state(HostState.PROTECTED)]
    if facts.beacon != chore.subject or facts.seen_at is not None or facts.written_at is None or not hosts:
        return
    sight = await parts.rule_look.sees(hosts[0], facts.beacon, everything=now.wanted.everything)
    if sight is Sight.SEEN:
        async with parts.store.write() as tx:
            if (await tx.rules.of_zone(parts.policy.zone)).beacon == chore.subject:
                await tx.rules.seen(parts.policy.zone)
                await rule_news.seen(tx, await tx.blocks.seen(facts.written_at))
        return
    payload = await _told_late(parts, chore)
    if chore.attempts < _MOST_LOOKS:
        raise RetryAt(_later(parts, _LOOK_AGAIN_SECONDS, chore.attempts), payload)
    _log.warning("the rule was not seen at the edge", sight=sight.value)


async def _carried_out(parts: Parts, wanted: Wish, payload: dict[str, Any]) -> _Written:
    trouble = await _associated(parts, wanted, all_of_them=payload["hosts_too"])
    if trouble is not None:
        # Nobody is locked out by a host that could not be associated, and no revoke waits for it.
        wanted = wanted.without([one.host for one in wanted.of_state(HostState.ASSOCIATING)])
    planned = None
    if wanted.wanted.hosts:
        planned = plan(wanted.wanted, wanted.unconfirmed)
        await parts.edge.apply(planned, try_first=payload["try_first"])
    elif wanted.facts.text or wanted.of_state(HostState.LEAVING):
        await parts.edge.remove_rule()
    written = _Written(wanted, planned, trouble)
    async with parts.store.write() as tx:
        await _recorded(parts, tx, written)
    await _leave(parts, wanted)
    return written


async def _associated(parts: Parts, wanted: Wish, *, all_of_them: bool) -> EdgeTrouble | None:
    """Associate what is to be protected; the trouble with that, where there was some."""
    fresh = frozenset(one.host for one in wanted.of_state(HostState.ASSOCIATING))
    every = fresh | {one.host for one in wanted.of_state(HostState.PROTECTED)}
    hosts = every if all_of_them else fresh
    if not hosts:
        return None
    try:
        await parts.edge.change_hosts(add=hosts)
    except EdgeTrouble as trouble:
        return trouble
    return None


async def _recorded(parts: Parts, tx: Transaction, written: _Written) -> None:
    zone, planned = parts.policy.zone, written.planned
    if planned is None:
        if written.wish.facts.text:
            await tx.rules.removed(zone)
        await rule_news.let_in(tx, await tx.blocks.written(()))
        await rule_news.settled(tx)
        return
    rule = planned.fit.rule
    await tx.rules.written(
        zone,
        text=planned.text,
        beacon=rule.beacon,
        enabled=planned.enabled,
        fingerprints=len(rule.fingerprints),
        paths=len(rule.exceptions),
        hosts=len(rule.hosts),
    )
    await rule_news.let_in(tx, await tx.blocks.written(rule.fingerprints))
    for host in written.wish.of_state(HostState.ASSOCIATING):
        if host.host in rule.hosts:
            await _moved(tx, host.host)
    await rule_news.written(tx, zone, planned, told_before=written.wish.facts.told)
    await tx.chores.drop_kind(ChoreKind.WATCH_RULE)
    if planned.enabled:
        await tx.chores.add(ChoreKind.WATCH_RULE, rule.beacon)
    else:
        await rule_news.settled(tx)


async def _moved(tx: Transaction, host: str) -> None:
    for now in await tx.hosts.all():
        # Somebody may have changed their mind meanwhile: then another write is ordered already.
        if now.host == host and now.state is HostState.ASSOCIATING:
            await tx.hosts.move(now, HostState.PROTECTED, tag=Tag.HOST_PROTECTED)


async def _leave(parts: Parts, wanted: Wish) -> None:
    """What is out of the rule leaves the list of hosts too."""
    leaving = wanted.of_state(HostState.LEAVING)
    if not leaving:
        return
    await parts.edge.change_hosts(remove=frozenset(one.host for one in leaving))
    async with parts.store.write() as tx:
        for host in leaving:
            try:
                await tx.hosts.forget(host)
            except Gone:
                continue
        await rule_news.left(tx, leaving)


async def _put_off(parts: Parts, chore: Chore, trouble: EdgeTrouble) -> None:
    if isinstance(trouble, Busy):
        at = parts.clock.now() + timedelta(seconds=trouble.retry_after)
    elif isinstance(trouble, Unclear | EdgeConflict):
        at = _later(parts, _AGAIN_SECONDS, chore.attempts)
    else:
        at = parts.clock.now() + _STUCK_AGAIN
    _log.warning("the rule is not written yet", trouble=type(trouble).__name__)
    payload = await _told_late(parts, chore, trouble)
    raise RetryAt(at, payload)


async def _told_late(parts: Parts, chore: Chore, trouble: EdgeTrouble | None = None) -> dict[str, Any]:
    """Tell whoever waits that it is late, once; and admins of trouble that does not pass by itself, once a kind."""
    payload = dict(chore.payload)
    alarm = trouble is not None and not trouble.again_helps and payload.get("alarmed") != type(trouble).__name__
    if LATE in payload and not alarm:
        return payload
    async with parts.store.write() as tx:
        if alarm and trouble is not None:
            payload["alarmed"] = type(trouble).__name__
            await rule_news.stuck(tx, trouble)
        payload[LATE] = True
        await tx.chores.remember(chore.id, payload)
        await rule_news.settled(tx)
    return payload


def _together(chore: Chore, absorbed: tuple[Chore, ...]) -> dict[str, Any]:
    """One payload for all: tried first only where everybody would, and late only where everybody knows."""
    every = [chore.payload, *(one.payload for one in absorbed)]
    together = {
        "try_first": all(one.get("try_first", False) for one in every),
        "hosts_too": any(one.get("hosts_too", False) for one in every),
    }
    if alarmed := next((one["alarmed"] for one in every if "alarmed" in one), None):
        together["alarmed"] = alarmed
    if all(LATE in one for one in every):
        together[LATE] = True
    return together


def _later(parts: Parts, steps: tuple[float, ...], attempts: int) -> datetime:
    return parts.clock.now() + timedelta(seconds=steps[min(attempts, len(steps) - 1)])
