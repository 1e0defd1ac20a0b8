"""Writing the rule, and looking for it at the edge."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.errors import Busy, EdgeConflict, EdgeTrouble, RetryAt, Unclear
from bot.model.jobs import Job, with_lack
from bot.model.proofs.probe_results import RuleVisibility
from bot.model.protection.hosts import HostState
from bot.services.certificates.revocation_outcome import LATE
from bot.services.context import AppContext
from bot.services.desired_rule import awaits_restore_check, desired_state, enqueue_rule_write
from bot.services.protection import rule_events
from bot.services.protection.deploy_rule import carry_out
from bot.services.protection.proof_schedule import prove_changes

_log = structlog.get_logger()
_AGAIN_SECONDS = (1.0, 2.0, 5.0, 15.0, 60.0, 300.0)
_LOOK_AGAIN_SECONDS = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
_STUCK_AGAIN = timedelta(minutes=10)
_MAX_LOOKS = 20
_TRY_ANYWAY_AT = 6
"""The look after which hosts are tried although the edge was not seen to have the rule: that says why."""


async def write_rule(app: AppContext, job: Job) -> None:
    """Make Cloudflare's rule and hosts what the rows want. Does the work of all other such chores too."""
    async with app.rule_lock.held():
        async with app.store.read() as tx:
            if await awaits_restore_check(tx):
                raise RetryAt(_later(app, _AGAIN_SECONDS, job.attempts))
        async with app.store.write() as tx:
            # In one transaction: what is not absorbed here was not yet there when the rows were read.
            payload = _together(job, await tx.jobs.take_over_duplicates(job))
            await tx.jobs.remember(job.id, payload)
            wanted = await desired_state(tx, app.policy.zone)
        try:
            trouble = await carry_out(app, wanted, try_first=payload["try_first"], hosts_too=payload["hosts_too"])
        except EdgeTrouble as broken:
            trouble = broken
    if trouble is not None:
        await _put_off(app, replace(job, payload=payload), trouble)


async def watch_rule(app: AppContext, job: Job) -> None:
    """Look whether the edge has the version whose beacon is the subject; a later version has taken its place."""
    async with app.store.read() as tx:
        now = await desired_state(tx, app.policy.zone)
    facts = now.facts
    hosts = [one.host for one in now.of_state(HostState.PROTECTED) if one.unlocked_at is None]
    if facts.beacon != job.subject or facts.seen_at is not None or facts.written_at is None or not hosts:
        return
    sight = await app.rule_observer.rule_is_visible(hosts[0], facts.beacon, everything=now.wanted.everything)
    if sight is RuleVisibility.SEEN:
        async with app.store.write() as tx:
            if (await tx.rules.of_zone(app.policy.zone)).beacon == job.subject:
                await tx.rules.seen(app.policy.zone)
                await rule_events.on_seen(tx, await tx.blocks.seen(facts.written_at))
        return
    payload = await _told_late(app, job)
    if sight is RuleVisibility.UNCLEAR and job.attempts == _TRY_ANYWAY_AT:
        async with app.store.write() as tx:
            await prove_changes(tx)
    if job.attempts < _MAX_LOOKS:
        raise RetryAt(_later(app, _LOOK_AGAIN_SECONDS, job.attempts), payload)
    _log.warning("the rule was not seen at the edge", sight=sight.value)
    async with app.store.write() as tx:
        await rule_events.on_settled(tx)


async def _put_off(app: AppContext, job: Job, trouble: EdgeTrouble) -> None:
    if isinstance(trouble, Busy):
        at = app.clock.now() + timedelta(seconds=trouble.retry_after)
    elif isinstance(trouble, Unclear | EdgeConflict):
        at = _later(app, _AGAIN_SECONDS, job.attempts)
    else:
        at = app.clock.now() + _STUCK_AGAIN
    _log.warning("the rule is not written yet", trouble=type(trouble).__name__)
    payload = await _told_late(app, job, trouble)
    if not trouble.again_helps:
        async with app.store.write() as tx:
            if await rule_events.not_taken(tx):
                # What takes away does not wait for what was to be opened.
                await enqueue_rule_write(tx)
    raise RetryAt(at, with_lack(payload, trouble))


async def _told_late(app: AppContext, job: Job, trouble: EdgeTrouble | None = None) -> dict[str, Any]:
    """Tell whoever waits that it is late, once; and admins of trouble that does not pass by itself, once a kind."""
    payload = dict(job.payload)
    alarm = trouble is not None and not trouble.again_helps and payload.get("alarmed") != type(trouble).__name__
    if LATE in payload and not alarm:
        return payload
    async with app.store.write() as tx:
        if alarm and trouble is not None:
            payload["alarmed"] = type(trouble).__name__
            await rule_events.on_stuck(tx, trouble)
        payload[LATE] = True
        await tx.jobs.remember(job.id, payload)
        await rule_events.on_settled(tx)
    return payload


def _together(job: Job, absorbed: tuple[Job, ...]) -> dict[str, Any]:
    """One payload for all: tried first only where everybody would, and late only where everybody knows."""
    every = [job.payload, *(one.payload for one in absorbed)]
    together = {
        "try_first": all(one.get("try_first", False) for one in every),
        "hosts_too": any(one.get("hosts_too", False) for one in every),
    }
    if alarmed := next((one["alarmed"] for one in every if "alarmed" in one), None):
        together["alarmed"] = alarmed
    if all(LATE in one for one in every):
        together[LATE] = True
    return together


def _later(app: AppContext, steps: tuple[float, ...], attempts: int) -> datetime:
    return app.clock.now() + timedelta(seconds=steps[min(attempts, len(steps) - 1)])
