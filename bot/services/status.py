"""How everything is, for an admin: looked at when it is asked for, and put right by a tap."""

from bot.errors import Gone
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.people import Person
from bot.model.results import StatusOrdered
from bot.model.status import Mend
from bot.model.zone_settings import ZoneSetting
from bot.services.parts import Parts
from bot.services.revoking import message_payload
from bot.services.rights import checked
from bot.services.ruling import order_write, put_back_in
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction

SETTINGS = {Mend.HTTP3_OFF: ZoneSetting.HTTP3, Mend.ZERO_RTT_OFF: ZoneSetting.ZERO_RTT}


async def order(parts: Parts, actor: Person, shown_at: MessageRef, cause: Cause | None = None) -> StatusOrdered:
    """Have everything looked at; the message ``shown_at`` becomes what comes of it.

    Raises:
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        await _look(tx, await checked(tx, actor, Action.ADMINISTER), shown_at)
    return StatusOrdered()


async def mend(
    parts: Parts, actor: Person, what: str, shown_at: MessageRef, cause: Cause | None = None
) -> StatusOrdered:
    """Put one thing right, then look again.

    Raises:
        Gone: there is no such thing, or nothing of ours is there any more.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    if what not in set(Mend):
        raise Gone
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        if Mend(what) in SETTINGS:
            setting = SETTINGS[Mend(what)]
            await tx.audit.write(
                Tag.ZONE_SETTING_OFF_ASKED, actor=actor_of(actor), subject=parts.policy.zone, detail={"what": setting}
            )
        elif Mend(what) is Mend.LOCK:
            await _lock_again(tx, parts.policy.zone, actor)
        else:
            await put_back_in(tx, parts.policy.zone, actor)
        await _look(tx, actor, shown_at, what)
    return StatusOrdered()


async def _lock_again(tx: Transaction, zone: str, actor: Person) -> None:
    """End what the server's owner unlocked on purpose: it only takes away, so it needs no server."""
    facts = await tx.rules.of_zone(zone)
    unlocked = [one for one in await tx.hosts.all() if one.unlocked_at is not None]
    if facts.unlocked_at is None and not unlocked:
        raise Gone
    if facts.unlocked_at is not None:
        await tx.rules.order(zone, Tag.RULE_LOCK_ASKED, actor_of(actor), unlocked_at=None)
    for one in unlocked:
        await tx.hosts.unlock(one, tag=Tag.HOST_LOCK_ASKED, actor=actor_of(actor), since=None)
    await order_write(tx, hosts_too=True)


async def _look(tx: Transaction, actor: Person, shown_at: MessageRef, mended: str = "") -> None:
    payload = {"to": actor.telegram_id, **message_payload(shown_at), **({"mended": mended} if mended else {})}
    await tx.chores.add(ChoreKind.STATUS, f"{shown_at.chat_id}:{shown_at.message_id}", payload=payload)
