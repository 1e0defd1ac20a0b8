"""Writing the rule, and looking for it at the edge."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Busy, EdgeConflict, EdgeTrouble, RetryAt, Unclear
from bot.model.chores import Chore, with_lack
from bot.model.hosts import HostState
from bot.model.probing import Sight
from bot.services import rule_news
from bot.services.outcomes import LATE
from bot.services.parts import Parts
from bot.services.proof_orders import after_change
from bot.services.rule_writer import carry_out
from bot.services.ruling import is_unchecked, order_write, wish

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_LOOK_AGAIN_SECONDS = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_STUCK_AGAIN = timedelta(minutes=10)
_MOST_LOOKS = 20
_TRY_ANYWAY_AT = 6
"""The look after which hosts are tried although the edge was not seen to have the rule: that says why."""


async def write_rule(parts: Parts, chore: Chore) -> None:
    """Make Cloudflare's rule and hosts what the rows want. Does the work of all other such chores too."""
    async with parts.rule_lock.held():
        async with parts.store.read() as tx:
            if await is_unchecked(tx):
                raise RetryAt(_later(parts, _AGAIN_SECONDS, chore.attempts))
        async with parts.store.write() as tx:
            # In one transaction: what is not absorbed here was not yet there when the rows were read.
            payload = _together(chore, await tx.chores.absorb(chore))
            await tx.chores.remember(chore.id, payload)
            wanted = await wish(tx, parts.policy.zone)
        try:
            trouble = await carry_out(parts, wanted, try_first=payload["try_first"], hosts_too=payload["hosts_too"])
        except EdgeTrouble as broken:
            trouble = broken
    if trouble is not None:
        await _put_off(parts, replace(chore, payload=payload), trouble)


async def watch_rule(parts: Parts, chore: Chore) -> None:
    """Look whether the edge has the version whose beacon is the subject; a later version has taken its place."""
    async with parts.store.read() as tx:
        now = await wish(tx, parts.policy.zone)
    facts = now.facts
    hosts = [one.host for one in now.of_state(HostState.PROTECTED) if one.unlocked_at is None]
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
    if sight is Sight.UNCLEAR and chore.attempts == _TRY_ANYWAY_AT:
        async with parts.store.write() as tx:
            await after_change(tx)
    if chore.attempts < _MOST_LOOKS:
        raise RetryAt(_later(parts, _LOOK_AGAIN_SECONDS, chore.attempts), payload)
    _log.warning("the rule was not seen at the edge", sight=sight.value)
    async with parts.store.write() as tx:
        await rule_news.settled(tx)


async def _put_off(parts: Parts, chore: Chore, trouble: EdgeTrouble) -> None:
    if isinstance(trouble, Busy):
        at = parts.clock.now() + timedelta(seconds=trouble.retry_after)
    elif isinstance(trouble, Unclear | EdgeConflict):
        at = _later(parts, _AGAIN_SECONDS, chore.attempts)
    else:
        at = parts.clock.now() + _STUCK_AGAIN
    _log.warning("the rule is not written yet", trouble=type(trouble).__name__)
    payload = await _told_late(parts, chore, trouble)
    if not trouble.again_helps:
        async with parts.store.write() as tx:
            if await rule_news.not_taken(tx):
                # What takes away does not wait for what was to be opened.
                await order_write(tx)
    raise RetryAt(at, with_lack(payload, trouble))


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
