"""Notices about protected hosts."""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.model.host_notices import HostsProgress, LockdownNow, TakeOverNow
from bot.model.notices import Notice
from bot.services import host_words, lockdown_words, take_over_words
from bot.services.parts import Parts


async def _progress(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del to
    async with parts.store.read() as tx:
        return await host_words.progress(tx, parts.policy.zone, payload["hosts"].split(","))


async def _lockdown(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del to, payload
    async with parts.store.read() as tx:
        return await lockdown_words.lockdown_now(tx, parts.policy.zone)


async def _take_over(parts: Parts, to: int, payload: dict[str, Any]) -> Notice:
    del to
    async with parts.store.read() as tx:
        return take_over_words.now(await tx.take_overs.of(payload["take_over"]))


READERS: dict[str, Callable[[Parts, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    HostsProgress.__name__: _progress,
    LockdownNow.__name__: _lockdown,
    TakeOverNow.__name__: _take_over,
}
