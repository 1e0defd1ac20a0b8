"""Which command menu was set last for each chat."""

from collections.abc import Mapping

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.tables.core import command_menu


class Menus:
    """Reads and changes what is known of menus, by the subject of the chore that sets them. Nobody's right depends on
    it, so there is no audit event.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def shown(self) -> dict[str, str]:
        """The fingerprint of each menu that was set and not forgotten since."""
        rows = await self._connection.execute(select(command_menu))
        return {row.subject: row.shown for row in rows}

    async def shown_to(self, subject: str) -> str:
        """The fingerprint of one of them; empty when nothing is known."""
        found: str | None = await self._connection.scalar(
            select(command_menu.c.shown).where(command_menu.c.subject == subject)
        )
        return found or ""

    async def keep(self, shown: Mapping[str, str]) -> None:
        """Remember what these show now."""
        if not shown:
            return
        added = insert(command_menu)
        await self._connection.execute(
            added.on_conflict_do_update(index_elements=[command_menu.c.subject], set_={"shown": added.excluded.shown}),
            [{"subject": subject, "shown": fingerprint} for subject, fingerprint in shown.items()],
        )

    async def forget(self, subject: str | None = None) -> None:
        """Nobody knows any more what this one shows, or any."""
        gone = delete(command_menu)
        await self._connection.execute(gone if subject is None else gone.where(command_menu.c.subject == subject))
