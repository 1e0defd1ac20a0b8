"""Looking at everything at once: the rows, Cloudflare, and what each says of the other."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar

from bot.errors import EdgeTrouble
from bot.model.certificates.at_cloudflare import EdgeCertificate
from bot.model.protection.zone_settings import Switch, ZoneSetting
from bot.model.status.status import EXPIRING_WITHIN, StatusReport
from bot.services.certificates.unmanaged import unknown_among
from bot.services.context import AppContext
from bot.services.status import lock_report

_MAX_NAMED = 3
_LISTED_AFTER = timedelta(minutes=5)
"""Cloudflare's list may lag behind what it signed."""

_T = TypeVar("_T")


async def collect_status(app: AppContext) -> StatusReport:
    """All of it, as it is now. What Cloudflare does not tell is left out; that it does not is said."""
    edge = app.edge
    (lock, rights, live), (http3, zero_rtt, zones, ahead) = await asyncio.gather(
        asyncio.gather(
            lock_report.read(app),
            _told(edge.missing_rights(), ()),
            _told(edge.live_certificates(), None),
        ),
        asyncio.gather(
            _told(edge.setting(ZoneSetting.HTTP3), Switch.NOT_TOLD),
            _told(edge.setting(ZoneSetting.ZERO_RTT), Switch.NOT_TOLD),
            _told(edge.other_zones(), ()),
            _told(edge.clock_ahead(), None),
        ),
    )
    if live is not None:
        # What was counted last may be half an hour old, and this is as good a count.
        lock = replace(lock, used=len(live))
        quota = await app.edge.certificate_quota()
        async with app.store.write() as tx:
            await tx.zones.counted(app.policy.zone, len(live), quota)
    async with app.store.read() as tx:
        expiring, all_expiring = await tx.adoptions.expiring(tx.now + EXPIRING_WITHIN, _MAX_NAMED)
        admins = await tx.people.admins()
        proof = await tx.proofs.last(app.policy.zone)
        missing = await tx.adoptions.missing(_ids(live), tx.now - _LISTED_AFTER) if live is not None else ()
        unknown = await unknown_among(tx, live or ())
    return StatusReport(
        lock=lock,
        at=app.clock.now(),
        missing_rights=rights,
        http3=http3,
        zero_rtt=zero_rtt,
        clock_ahead=ahead,
        unknown=tuple(one.common_name for one in unknown),
        missing=missing,
        expiring=expiring,
        more_expiring=all_expiring - len(expiring),
        other_zones=zones,
        admins=len(admins),
        cut_off=tuple(admin.name for admin in admins if not admin.reachable),
        proof=proof,
    )


async def _told(answer: Awaitable[_T], otherwise: _T) -> _T:
    """What Cloudflare tells; its trouble is said once, by the lock's own part and by the rights."""
    try:
        return await answer
    except EdgeTrouble:
        return otherwise


def _ids(live: tuple[EdgeCertificate, ...]) -> tuple[str, ...]:
    return tuple(one.cloudflare_id for one in live)
