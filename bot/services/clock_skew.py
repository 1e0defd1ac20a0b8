"""Whether a moment has come by more than this machine's clock: what cannot be taken back is not done too early."""

from datetime import datetime

import structlog

from bot.errors import EdgeTrouble
from bot.model.openings.paths import MAX_CLOCKS_APART
from bot.services.context import AppContext

_log = structlog.get_logger()


async def has_passed_at_cloudflare(app: AppContext, moment: datetime, *, unasked: bool) -> bool:
    """Whether that moment has come by Cloudflare's clock too, give or take a minute.

    ``unasked`` is the answer where Cloudflare does not tell the time now.
    """
    try:
        ahead = await app.edge.clock_ahead()
    except EdgeTrouble:
        return unasked
    come = app.clock.now() - ahead >= moment - MAX_CLOCKS_APART
    if not come:
        _log.error("this machine's clock is ahead of Cloudflare's: set it", seconds=round(ahead.total_seconds()))
    return come
