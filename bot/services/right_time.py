"""Whether a moment has come by more than this machine's clock: what cannot be taken back is not done too early."""

from datetime import datetime

import structlog

from bot.errors import EdgeTrouble
from bot.model.paths import MOST_CLOCKS_APART
from bot.services.parts import Parts

_log = structlog.get_logger()


async def has_come(parts: Parts, moment: datetime, *, unasked: bool) -> bool:
    """Whether that moment has come by Cloudflare's clock too, give or take a minute.

    ``unasked`` is the answer where Cloudflare does not tell the time now.
    """
    try:
        ahead = await parts.edge.clock_ahead()
    except EdgeTrouble:
        return unasked
    come = parts.clock.now() - ahead >= moment - MOST_CLOCKS_APART
    if not come:
        _log.error("this machine's clock is ahead of Cloudflare's: set it", seconds=round(ahead.total_seconds()))
    return come
