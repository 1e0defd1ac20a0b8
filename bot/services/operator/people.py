"""What whoever has the server decides: their word is the last, and needs no role.

Called by the command line, in a process of its own beside a running bot or without one: these take the store
alone. What is to be told waits as chores for the bot.
"""

from typing import Any

from bot.errors import NotFound, StaleAction
from bot.model.audit import SERVER, AuditTag
from bot.model.jobs import JobKind
from bot.model.notices import DoneOnServer
from bot.model.people.people import Account, FreezeReason, Person, Role, ServerChange, Standing
from bot.services.membership import freeze as membership_freeze
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.notifications.reach import bring_waiting
from bot.store.engine.database import Store, Transaction

_UNFROZEN: dict[str, Any] = {
    "standing": Standing.OK,
    "freeze_reason": None,
    "frozen_at": None,
    "frozen_by": None,
}


async def make_admin(store: Store, telegram_id: int) -> Person:
    """Make an account an admin, as permanently as the settings do. One nobody has met yet is one from its first word.

    Raises:
        Gone: the server made it one already. (An admin of the settings stays one when it leaves them, from now on.)
    """
    async with store.write() as tx:
        try:
            known = await tx.people.of_telegram(telegram_id)
        except NotFound:
            account = Account(telegram_id=telegram_id, name=str(telegram_id), language="en")
            known = await tx.people.register(account, Role.NONE, tag=AuditTag.PERSON_MET, actor=SERVER, reachable=False)
        if known.is_admin and await tx.people.made_admin_by_server(known):
            raise StaleAction
        return await make_admin_in(tx, known, AuditTag.PERSON_MADE_ADMIN_ON_SERVER)


async def make_admin_in(tx: Transaction, known: Person, tag: AuditTag) -> Person:
    """Make somebody a permanent admin in good standing, whatever they were, and have all admins told."""
    admin = await tx.people.change(
        known, tag=tag, actor=SERVER, role=Role.ADMIN, server_admin=True, trusted=False, ends_at=None, **_UNFROZEN
    )
    await tx.prompts.answered(admin.id)
    await tell_of(tx, ServerChange.MADE_ADMIN, admin)
    await bring_waiting(tx, admin)
    return admin


async def unmake_admin(store: Store, telegram_id: int) -> Person:
    """Make an admin a member, whoever made them one. An account of the settings is an admin again at the next start.

    Raises:
        Unknown: nobody the bot has met.
        Gone: no admin.
    """
    async with store.write() as tx:
        known = await tx.people.of_telegram(telegram_id)
        if known.role is not Role.ADMIN:
            raise StaleAction
        member = await tx.people.change(
            known,
            tag=AuditTag.PERSON_UNMADE_ADMIN_ON_SERVER,
            actor=SERVER,
            role=Role.MEMBER,
            server_admin=False,
            permanent=False,
            made_admin_by=None,
        )
        await tx.certificates.withdraw_permissions(member.id)
        await tell_of(tx, ServerChange.UNMADE_ADMIN, member)
        return member


async def freeze(store: Store, telegram_id: int) -> Person:
    """Let somebody look and revoke, and nothing else, until the server says otherwise.

    Raises:
        Unknown: nobody the bot has met.
        Gone: frozen already by the server, or blocked or removed.
    """
    async with store.write() as tx:
        known = await tx.people.of_telegram(telegram_id)
        by_server = known.freeze_reason is FreezeReason.SERVER
        if known.standing not in {Standing.OK, Standing.FROZEN} or (known.standing is Standing.FROZEN and by_server):
            raise StaleAction
        tag = AuditTag.PERSON_FROZEN_ON_SERVER
        # What the running bot holds in memory goes with the chores that take the certificates back.
        frozen = (await membership_freeze.freeze(tx, known, FreezeReason.SERVER, tag=tag, actor=SERVER)).person
        await tell_of(tx, ServerChange.FROZEN, frozen)
        return frozen


async def unfreeze(store: Store, telegram_id: int) -> Person:
    """Lift a freeze, whoever made it.

    Raises:
        Unknown: nobody the bot has met.
        Gone: not frozen.
    """
    async with store.write() as tx:
        known = await tx.people.of_telegram(telegram_id)
        if known.standing is not Standing.FROZEN:
            raise StaleAction
        over = known.ends_at is not None and known.ends_at <= tx.now
        ends_at = None if over else known.ends_at
        tag = AuditTag.PERSON_UNFROZEN_ON_SERVER
        back = await tx.people.change(known, tag=tag, actor=SERVER, ends_at=ends_at, **_UNFROZEN)
        await tell_of(tx, ServerChange.UNFROZEN, back)
        await bring_waiting(tx, back)
        return back


async def tell_of(tx: Transaction, what: ServerChange, who: Person) -> None:
    """Have the person and all other admins told, and the person's menu follow."""
    await tx.jobs.add(JobKind.MENU, str(who.telegram_id))
    for each in {who.telegram_id, *(admin.telegram_id for admin in await tx.people.admins())}:
        if each != who.telegram_id or who.reachable:
            await enqueue_notice(tx, DoneOnServer, each, what=what.value, name=who.name, telegram_id=who.telegram_id)


async def tell_opener(tx: Transaction, what: ServerChange, opener: Person) -> None:
    """Have whoever opened a link to claim the bot told how it stands."""
    to = opener.telegram_id
    await enqueue_notice(tx, DoneOnServer, to, what=what.value, name=opener.name, telegram_id=to)
