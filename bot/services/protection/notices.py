"""Notices about protected hosts."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.host_notices import HostsProgress, LockdownNow, TakeOverNow
from bot.model.notices import Notice
from bot.services.context import AppContext
from bot.services.protection import host_progress, lockdown_progress, takeover_progress


async def _progress(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del to
    async with app.store.read() as tx:
        return await host_progress.progress(tx, app.policy.zone, payload["hosts"].split(","))


async def _lockdown(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del to, payload
    async with app.store.read() as tx:
        return await lockdown_progress.lockdown_now(tx, app.policy.zone)


async def _take_over(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del to
    async with app.store.read() as tx:
        return takeover_progress.now(await tx.take_overs.of(payload["take_over"]))


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    HostsProgress.__name__: _progress,
    LockdownNow.__name__: _lockdown,
    TakeOverNow.__name__: _take_over,
}
