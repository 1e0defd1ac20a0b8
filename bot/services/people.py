"""Who somebody is to this household."""

from dataclasses import dataclass
from datetime import timedelta

from bot.errors import Unknown
from bot.model.audit import Tag
from bot.model.chores import EACH, EVERYBODY, ChoreKind
from bot.model.household_notices import CannotReach
from bot.model.identity import PublicId
from bot.model.people import Account, Person, Role, Standing
from bot.services import likenesses
from bot.services.parts import Parts
from bot.services.reaching import bring_waiting
from bot.store.database import Cause

_SEEN_EVERY = timedelta(hours=1)
_UNREACHABLE_AGAIN = timedelta(hours=24)
"""How long admins are not told again that somebody blocked the bot: that is done and undone by two taps."""


async def recognise(parts: Parts, account: Account) -> Person:
    """The person behind an account. A stranger is nobody: not written down, without role or rights.

    A known person's name and language are kept as Telegram tells them now, and whoever writes is reachable. When
    somebody was last seen is kept to the hour.
    """
    async with parts.store.read() as tx:
        try:
            known = await tx.people.of_telegram(account.telegram_id)
        except Unknown:
            return _stranger(account)
    lately = known.seen_at is not None and parts.clock.now() - known.seen_at < _SEEN_EVERY
    if known.reachable and lately and (known.name, known.language) == (account.name, account.language):
        return known
    async with parts.store.write() as tx:
        if known.belongs:
            # Until now Telegram may not have known the chat.
            await tx.chores.add(ChoreKind.MENU, str(account.telegram_id))
        now = await tx.people.meet(account)
        if now.name != known.name:
            await likenesses.renamed(tx, known, now)
        if not known.reachable:
            await bring_waiting(tx, now)
        return now


async def settle_admins(parts: Parts, telegram_ids: frozenset[int]) -> int:
    """Make exactly the accounts of the settings permanent admins; answers how many admins there are."""
    async with parts.store.write() as tx:
        for demoted in await tx.people.set_permanent_admins(telegram_ids):
            await tx.certificates.withdraw_permissions(demoted)
        return len(await tx.people.admins())


async def menus_later(parts: Parts) -> None:
    """Have each command menu looked at: a newer version may have other commands."""
    async with parts.store.write() as tx:
        for subject in (EVERYBODY, EACH):
            await tx.chores.drop(ChoreKind.MENU, subject)
            await tx.chores.add(ChoreKind.MENU, subject)


async def mark_unreachable(parts: Parts, telegram_id: int, cause: Cause | None = None) -> None:
    """Note that somebody blocked the bot, and have the other admins told, once a day. Strangers are not noted."""
    async with parts.store.write(cause) as tx:
        try:
            before = await tx.people.of_telegram(telegram_id)
        except Unknown:
            return
        if not before.reachable:
            return
        last = await tx.audit.last(Tag.PERSON_UNREACHABLE, before.public_id)
        await tx.people.mark_unreachable(telegram_id)
        if last is not None and last <= tx.now < last + _UNREACHABLE_AGAIN:
            return
        for admin in await tx.people.admins():
            if admin.id != before.id and admin.reachable:
                payload = {"notice": CannotReach.__name__, "name": before.name}
                await tx.chores.add(ChoreKind.NOTICE, str(admin.telegram_id), payload=payload)


@dataclass(frozen=True)
class Reader:
    """How to speak to an account. ``member``: somebody who reads of keys and passwords, not of certificates."""

    language: str
    time_zone: str | None
    member: bool


async def reader(parts: Parts, telegram_id: int) -> Reader:
    """How to speak to an account, known or not."""
    async with parts.store.read() as tx:
        try:
            known = await tx.people.of_telegram(telegram_id)
        except Unknown:
            return Reader("en", None, member=True)
    return Reader(known.language, known.time_zone, member=known.role is not Role.ADMIN)


async def admins(parts: Parts) -> tuple[Person, ...]:
    """All admins in good standing."""
    async with parts.store.read() as tx:
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
