"""Showing an admin how everything is, once what they had put right is done."""

from dataclasses import replace
from datetime import timedelta

from bot.errors import EdgeTrouble, RetryAt
from bot.model.jobs import Job
from bot.model.status.status import BeingMended, StatusFix
from bot.services.context import AppContext
from bot.services.notifications.message_payload import message_payload, payload_message
from bot.services.notifications.show import show_or_later, tell
from bot.services.status.actions import SETTINGS
from bot.services.status.collect import collect_status
from bot.services.status.lock_report import count_waiting

_LOOK_AGAIN = timedelta(seconds=2)
_MAX_LOOKS = 10


async def status(app: AppContext, job: Job) -> None:
    """Carry out what was tapped, look, and show. While the rule is on its way, only that is said for some time."""
    mended = job.payload.get("mended", "")
    if mended and StatusFix(mended) not in SETTINGS and await _is_on_its_way(app, job):
        shown = await tell(app, BeingMended(), job.payload["to"], payload_message(job.payload))
        raise RetryAt(app.clock.now() + _LOOK_AGAIN, {**job.payload, **message_payload(shown)})
    not_done = await _carry_out(app, mended) if mended else ""
    report = replace(await collect_status(app), not_done=not_done)
    await show_or_later(app, job, report, job.payload["to"], payload_message(job.payload))


async def _is_on_its_way(app: AppContext, job: Job) -> bool:
    async with app.store.read() as tx:
        waiting = await count_waiting(tx)
    return job.attempts == 0 or (waiting > 0 and job.attempts < _MAX_LOOKS)


async def _carry_out(app: AppContext, mended: str) -> str:
    """The name of what kept it from being done; the rule is written by chores of its own."""
    setting = SETTINGS.get(StatusFix(mended))
    if setting is not None:
        try:
            await app.edge.turn_off(setting)
        except EdgeTrouble as trouble:
            return type(trouble).__name__
    return ""
