"""Carrying out at once what was ordered: for the command line, beside a running bot or without one.

A running bot may do the same chores at the same time: each looks at the rows first, and the rule has its lock.
"""

from datetime import datetime, timedelta

from bot.errors import Gone, RetryAt
from bot.model.chores import Chore, ChoreKind
from bot.services.chores.restore import restore
from bot.services.chores.restored import check_restored
from bot.services.chores.revoke import revoke, watch_revocation
from bot.services.chores.rule import write_rule
from bot.services.parts import Parts

_DOES = {
    ChoreKind.CHECK_RESTORED: check_restored,
    ChoreKind.WRITE_RULE: write_rule,
    ChoreKind.REVOKE: revoke,
    ChoreKind.WATCH_REVOCATION: watch_revocation,
    ChoreKind.RESTORE: restore,
}
_PAUSE_SECONDS = 0.2


async def carry_out(parts: Parts, within: timedelta) -> None:
    """Take away and give back what is ordered, as far as it can be done in that time; the rest stays ordered."""
    until = parts.clock.now() + within
    while (chore := await _next(parts)) is not None and chore.due_at <= until and parts.clock.now() < until:
        if chore.due_at > parts.clock.now():
            await parts.clock.wait(_PAUSE_SECONDS)
            continue
        later = await _done_or_later(parts, chore)
        async with parts.store.write() as tx:
            if later is None:
                await tx.chores.done(chore.id)
            else:
                await tx.chores.put_off(chore, later.at, later.payload)


async def _next(parts: Parts) -> Chore | None:
    """What is due first; the rule before everything else, since it takes away by itself."""
    async with parts.store.read() as tx:
        found = [chore for kind in _DOES for chore in await tx.chores.of_kind(kind)]
    order = list(_DOES)
    now = parts.clock.now()

    def rank(chore: Chore) -> tuple[datetime, int]:
        return max(chore.due_at, now), order.index(chore.kind)

    return min(found, key=rank, default=None)


async def _done_or_later(parts: Parts, chore: Chore) -> RetryAt | None:
    try:
        await _DOES[chore.kind](parts, chore)
    except RetryAt as later:
        return later
    except Gone:
        # The running bot did it.
        return None
    return None
