"""A disk that takes nothing, on order, under a bot of this process."""

import sqlite3

from sqlalchemy import event

from tests.household import Household


class Disk:
    """While it ``refuses``, nothing that the bot writes is taken; what it reads is there."""

    def __init__(self, home: Household) -> None:
        self.refuses = False
        event.listen(home.bot.app.parts.store._engine.sync_engine, "checkout", self._used)

    def _used(self, connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA query_only={'ON' if self.refuses else 'OFF'}")
        cursor.close()
