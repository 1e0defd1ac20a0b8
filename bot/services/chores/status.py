"""Showing an admin how everything is, once what they had put right is done."""

from dataclasses import replace
from datetime import timedelta

from bot.errors import EdgeTrouble, RetryAt
from bot.model.chores import Chore
from bot.model.status import Mend
from bot.services.chores.telling import tell
from bot.services.parts import Parts
from bot.services.revoking import message_payload, payload_message
from bot.services.status import SETTINGS
from bot.services.status_look import look

_LOOK_AGAIN = timedelta(seconds=2)
_MOST_LOOKS = 10


async def status(parts: Parts, chore: Chore) -> None:
    """Carry out what was tapped, look, and show; while the rule is still on its way, look again some times."""
    mended = chore.payload.get("mended", "")
    not_done = await _carry_out(parts, mended) if mended else ""
    report = await look(parts)
    mending = bool(mended) and report.lock.waiting > 0 and chore.attempts < _MOST_LOOKS
    report = replace(report, mending=mending, not_done=not_done)
    shown = await tell(parts, report, chore.payload["to"], payload_message(chore.payload))
    if mending:
        raise RetryAt(parts.clock.now() + _LOOK_AGAIN, {**chore.payload, **message_payload(shown)})


async def _carry_out(parts: Parts, mended: str) -> str:
    """The name of what kept it from being done; the rule is written by chores of its own."""
    setting = SETTINGS.get(Mend(mended))
    if setting is not None:
        try:
            await parts.edge.turn_off(setting)
        except EdgeTrouble as trouble:
            return type(trouble).__name__
    return ""
