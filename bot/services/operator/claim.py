"""Claiming the bot: a link printed in a terminal, opened in the chat, and a yes in that terminal.

Whoever can print the link has the server; the yes is asked there and not in the chat, because whoever opens a
link may have found it.
"""

from bot.errors import NotFound, StaleAction
from bot.model.audit import SERVER, AuditTag
from bot.model.people.links import Link, LinkKind
from bot.model.people.people import Account, Person, ServerChange
from bot.model.results import ClaimLink, ClaimOpened, Secret
from bot.services.context import CLAIM_LINK_TTL, AppContext
from bot.services.operator.people import make_admin_in, tell_opener
from bot.services.people.lookalikes import resembled
from bot.store.engine.database import Cause, Store, Transaction


async def new_claim(store: Store) -> ClaimLink:
    """Make a link that whoever opens it first may be granted admin by."""
    async with store.write() as tx:
        link, token = await tx.links.make(
            LinkKind.CLAIM, expires_at=tx.now + CLAIM_LINK_TTL, tag=AuditTag.LINK_MADE_ON_SERVER
        )
    return ClaimLink(link, Secret(token))


async def open_claim(app: AppContext, actor: Person, token: str, cause: Cause | None = None) -> ClaimOpened:
    """Somebody opened a link to claim the bot: nothing is granted, the terminal asks.

    Raises:
        Gone: no such link, it is over, or somebody else opened it.
    """
    account = Account(telegram_id=actor.telegram_id, name=actor.name, language=actor.language)
    async with app.store.write(cause) as tx:
        try:
            link = await tx.links.of_token(token)
        except NotFound:
            raise StaleAction from None
        if link.kind is not LinkKind.CLAIM:
            raise StaleAction
        if link.opened_by != actor.telegram_id or link.ended_at is not None:
            link = await tx.links.open(link, account)
            await tx.people.upsert_from_telegram(account)
        await tell_opener(tx, ServerChange.CLAIM_OPENED, actor)
    return ClaimOpened(link)


async def claim_as_it_is(store: Store, public_id: str) -> Link:
    """The link as the record knows it now."""
    async with store.read() as tx:
        return await tx.links.of(public_id)


async def mistaken_for(store: Store, link: Link) -> str | None:
    """Whom the name of whoever opened a link could be mistaken for; ``None`` when nobody of those known here."""
    async with store.read() as tx:
        return None if link.opened_by is None else await resembled(tx, await tx.people.of_telegram(link.opened_by))


async def grant(store: Store, public_id: str) -> Person:
    """The terminal said yes: whoever opened the link is an admin.

    Raises:
        Gone: nobody opened it, or it was ended already.
    """
    async with store.write() as tx:
        opener = await _ended(tx, public_id)
        return await make_admin_in(tx, opener, AuditTag.PERSON_CLAIMED)


async def refuse(store: Store, public_id: str) -> Person:
    """The terminal said no. Raises as ``grant``."""
    async with store.write() as tx:
        opener = await _ended(tx, public_id)
        await tell_opener(tx, ServerChange.CLAIM_REFUSED, opener)
        return opener


async def give_up(store: Store, public_id: str) -> Link:
    """Nobody waits at the terminal any more: the link is worthless from now on."""
    async with store.write() as tx:
        await tx.links.end(await tx.links.of(public_id), tag=AuditTag.LINK_ENDED_ON_SERVER, actor=SERVER)
        return await tx.links.of(public_id)


async def _ended(tx: Transaction, public_id: str) -> Person:
    link = await tx.links.of(public_id)
    if link.opened_by is None or link.ended_at is not None:
        raise StaleAction
    await tx.links.end(link, tag=AuditTag.LINK_ENDED_ON_SERVER, actor=SERVER)
    return await tx.people.of_telegram(link.opened_by)
