"""Where a kill test shoots: the Nth call to the outside, over all stand-ins, or the Nth commit of the database."""

import asyncio
from typing import Literal

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.util.concurrency import await_

from sandbox.faults import Fault

SILENT = frozenset({"getUpdates", "getMe", "setMyCommands"})
What = Literal["call", "commit"]


class Nth(Fault):
    """Holds the call, or the commit, that is the Nth of all; the rest goes through, and is counted."""

    what: What
    number: int
    calls: int
    commits: int
    hit: str = ""

    @classmethod
    def ordered(cls, number: int, when: str, what: What = "call") -> "Nth":
        fault = cls(call="*", when=when, hold=True, times=0)  # type: ignore[arg-type]
        fault.what, fault.number = what, number
        fault.calls = fault.commits = 0
        return fault

    def strikes(self, label: str) -> bool:
        if label in SILENT:
            return False
        self.calls += 1
        if self.what != "call" or self.calls != self.number:
            return False
        self.struck, self.hit = 1, label
        return True

    def commit(self, connection: Connection) -> None:
        """The bot is about to commit. Once the trap has struck, whoever was killed commits nothing any more."""
        self.commits += 1
        if not self.struck:
            if self.what != "commit" or self.commits != self.number:
                return
            if self.when == "after":
                connection.connection.commit()
            self.struck, self.hit = 1, "commit"
            self.reached.set()
        await_(asyncio.Event().wait())


class Commits:
    """Has ``trap`` see every commit of the bots of this process, while there is one."""

    trap: Nth | None = None


@event.listens_for(Engine, "commit")
def _committing(connection: Connection) -> None:
    # Only the bot's own engine: what is migrated or looked at besides goes another way.
    if Commits.trap is not None and connection.dialect.is_async:
        Commits.trap.commit(connection)
