"""A migrated database in a directory, opened on the sandbox's clock."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.model.certificates.certificates import Certificate, KeyType
from bot.model.certificates.names import device_name
from bot.model.people.people import Account, Person
from bot.store.engine.database import Store, Transaction
from sandbox.bot import lay_down
from sandbox.clock import SandboxClock

TOKEN = "1234567890:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"


@asynccontextmanager
async def opened(directory: Path, token: str = TOKEN) -> AsyncIterator[Store]:
    """The store of the database in that directory; made and migrated when there is none."""
    file = directory / "latchkey.sqlite3"
    if not file.exists():
        lay_down(file)
    store = Store(file, SandboxClock(directory / "clock"), token)
    try:
        yield store
    finally:
        await store.close()


async def kim(transaction: Transaction) -> Person:
    """Somebody the bot has met."""
    return await transaction.people.upsert_from_telegram(Account(telegram_id=101, name="Kim", language="en"))


async def ordered(store: Store, name: str = "pixel8") -> Certificate:
    """A certificate of Kim's on its way."""
    async with store.write() as transaction:
        owner = await kim(transaction)
        return await transaction.certificates.order(owner, device_name(name), key_type=KeyType.P256, days=730)
