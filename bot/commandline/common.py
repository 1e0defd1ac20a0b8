"""What every command begins with: the settings, and the database, beside a running bot or without one."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot import log
from bot.clock import SystemClock
from bot.errors import AlreadyRunning, InvalidDatabase
from bot.settings import Settings, load
from bot.store.engine.database import Store, check, prepare
from bot.store.engine.instance_lock import InstanceLock
from bot.store.engine.schema import is_current, migrate

_LOOKS, _BETWEEN_SECONDS = 20, 0.25


def read_settings() -> Settings:
    """The settings, with logging set up so that no secret of them is told.

    Raises:
        SettingWrong: one of them is wrong.
    """
    settings = load()
    secrets = (settings.telegram_token.get_secret_value(), settings.cloudflare_token.get_secret_value())
    log.set_up(settings.log_format, secrets)
    return settings


@asynccontextmanager
async def opened_store(settings: Settings) -> AsyncIterator[Store]:
    """The database, made or brought up to date first. A running bot keeps its lock: SQLite keeps writers apart.

    Raises:
        DatabaseWrong: it cannot be used.
    """
    bring_up_to_date(settings)
    store = Store(settings.database, SystemClock(), settings.telegram_token.get_secret_value())
    try:
        await check(store)
        yield store
    finally:
        await store.close()


def bring_up_to_date(settings: Settings) -> None:
    """Make the database, or bring it up to date, unless a bot does that just now.

    Raises:
        DatabaseWrong: it cannot be used, or the running bot is of another version.
    """
    prepare(settings.database)
    for _ in range(_LOOKS):
        if is_current(settings.database):
            return
        single = InstanceLock(settings.database)
        try:
            single.take()
        except AlreadyRunning:
            time.sleep(_BETWEEN_SECONDS)
            continue
        migrate(settings.database)
        single.release()
        return
    raise InvalidDatabase("The Latchkey that runs on this database is of another version: use its own command line.")
