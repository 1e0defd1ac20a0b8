"""Showing an admin how everything is, once what they had put right is done."""

from dataclasses import replace
from datetime import timedelta

from bot.errors import EdgeTrouble, RetryAt
from bot.model.chores import Chore
from bot.model.status import BeingMended, Mend
from bot.services.chores.telling import show_or_later, tell
from bot.services.lock_report import count_waiting
from bot.services.parts import Parts
from bot.services.revoking import message_payload, payload_message
from bot.services.status import SETTINGS
from bot.services.status_look import look

_LOOK_AGAIN = timedelta(seconds=2)
_MOST_LOOKS = 10


async def status(parts: Parts, chore: Chore) -> None:
    """Carry out what was tapped, look, and show. While the rule is on its way, only that is said for some time."""
    mended = chore.payload.get("mended", "")
    if mended and Mend(mended) not in SETTINGS and await _is_on_its_way(parts, chore):
        shown = await tell(parts, BeingMended(), chore.payload["to"], payload_message(chore.payload))
        raise RetryAt(parts.clock.now() + _LOOK_AGAIN, {**chore.payload, **message_payload(shown)})
    not_done = await _carry_out(parts, mended) if mended else ""
    report = replace(await look(parts), not_done=not_done)
    await show_or_later(parts, chore, report, chore.payload["to"], payload_message(chore.payload))


async def _is_on_its_way(parts: Parts, chore: Chore) -> bool:
    async with parts.store.read() as tx:
        waiting = await count_waiting(tx)
    return chore.attempts == 0 or (waiting > 0 and chore.attempts < _MOST_LOOKS)


async def _carry_out(parts: Parts, mended: str) -> str:
    """The name of what kept it from being done; the rule is written by chores of its own."""
    setting = SETTINGS.get(Mend(mended))
    if setting is not None:
        try:
            await parts.edge.turn_off(setting)
        except EdgeTrouble as trouble:
            return type(trouble).__name__
    return ""
