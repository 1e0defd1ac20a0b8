"""The notice about a restored backup."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.model.backups import BackupRestored, read_differences
from bot.model.notices import Notice
from bot.services.backups.unfreeze import frozen_now
from bot.services.context import AppContext


async def _restored(app: AppContext, to: int, payload: dict[str, Any]) -> Notice:
    del to
    async with app.store.read() as tx:
        return BackupRestored(
            made_at=datetime.fromisoformat(payload["made_at"]),
            restored_at=datetime.fromisoformat(payload["restored_at"]),
            differences=read_differences(payload["found"]),
            frozen=await frozen_now(tx),
        )


READERS: dict[str, Callable[[AppContext, int, dict[str, Any]], Awaitable[Notice | None]]] = {
    BackupRestored.__name__: _restored,
}
