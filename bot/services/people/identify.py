"""Who somebody is to this household."""

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import NotFound
from bot.model.jobs import EACH, EVERYBODY, JobKind
from bot.model.people.people import Account, Person, Role, Standing
from bot.model.public_id import PublicId
from bot.services.context import AppContext
from bot.services.notifications.reach import bring_waiting
from bot.services.people import lookalikes

_SEEN_EVERY = timedelta(hours=1)


async def recognise(app: AppContext, account: Account) -> Person:
    """The person behind an account. A stranger is nobody: not written down, without role or rights.

    A known person's name and language are kept as Telegram tells them now, and whoever writes is reachable. When
    somebody was last seen is kept to the hour.
    """
    async with app.store.read() as tx:
        try:
            known = await tx.people.of_telegram(account.telegram_id)
        except NotFound:
            return _stranger(account)
    lately = known.seen_at is not None and app.clock.now() - known.seen_at < _SEEN_EVERY
    if known.reachable and lately and (known.name, known.language) == (account.name, account.language):
        return known
    async with app.store.write() as tx:
        if known.belongs:
            # Until now Telegram may not have known the chat.
            await tx.jobs.add(JobKind.MENU, str(account.telegram_id))
        now = await tx.people.upsert_from_telegram(account)
        if now.name != known.name:
            await lookalikes.renamed(tx, known, now)
        if not known.reachable:
            await bring_waiting(tx, now)
        return now


async def apply_admin_setting(app: AppContext, telegram_ids: frozenset[int]) -> int:
    """Make exactly the accounts of the settings permanent admins; answers how many admins there are."""
    async with app.store.write() as tx:
        for demoted in await tx.people.set_permanent_admins(telegram_ids):
            await tx.certificates.withdraw_permissions(demoted)
        return len(await tx.people.admins())


async def enqueue_menu_updates(app: AppContext) -> None:
    """Have each command menu looked at: a newer version may have other commands."""
    async with app.store.write() as tx:
        for subject in (EVERYBODY, EACH):
            await tx.jobs.drop(JobKind.MENU, subject)
            await tx.jobs.add(JobKind.MENU, subject)


@dataclass(frozen=True)
class Reader:
    """How to speak to an account. ``member``: somebody who reads of keys and passwords, not of certificates."""

    language: str
    time_zone: str | None
    member: bool


async def reader(app: AppContext, telegram_id: int) -> Reader:
    """How to speak to an account, known or not."""
    async with app.store.read() as tx:
        try:
            known = await tx.people.of_telegram(telegram_id)
        except NotFound:
            return Reader("en", None, member=True)
    return Reader(known.language, known.time_zone, member=known.role is not Role.ADMIN)


async def admins(app: AppContext) -> tuple[Person, ...]:
    """All admins in good standing."""
    async with app.store.read() as tx:
        return await tx.people.admins()


def _stranger(account: Account) -> Person:
    return Person(
        id=0,
        public_id=PublicId("00000000"),
        telegram_id=account.telegram_id,
        name=account.name,
        role=Role.NONE,
        standing=Standing.OK,
        trusted=False,
        reachable=True,
        permanent=False,
        language=account.language,
        time_zone=None,
    )
