"""How everything is, for an admin: looked at when it is asked for, and put right by a tap."""

from bot.errors import StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.protection.zone_settings import ZoneSetting
from bot.model.results import StatusOrdered
from bot.model.status.status import StatusFix
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.desired_rule import enqueue_rule_write, put_back_in
from bot.services.notifications.message_payload import message_payload
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction

SETTINGS = {StatusFix.HTTP3_OFF: ZoneSetting.HTTP3, StatusFix.ZERO_RTT_OFF: ZoneSetting.ZERO_RTT}


async def order(app: AppContext, actor: Person, shown_at: MessageRef, cause: Cause | None = None) -> StatusOrdered:
    """Have everything looked at; the message ``shown_at`` becomes what comes of it.

    Raises:
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await _look(tx, await authorize(tx, actor, Action.ADMINISTER), shown_at)
    return StatusOrdered()


async def mend(
    app: AppContext, actor: Person, what: str, shown_at: MessageRef, cause: Cause | None = None
) -> StatusOrdered:
    """Put one thing right, then look again.

    Raises:
        Gone: there is no such thing, or nothing of ours is there any more.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    if what not in set(StatusFix):
        raise StaleAction
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        if StatusFix(what) in SETTINGS:
            setting = SETTINGS[StatusFix(what)]
            await tx.audit.write(
                AuditTag.ZONE_SETTING_OFF_ASKED,
                actor=actor_of(actor),
                subject=app.policy.zone,
                detail={"what": setting},
            )
        elif StatusFix(what) is StatusFix.LOCK:
            await _lock_again(tx, app.policy.zone, actor)
        else:
            await put_back_in(tx, app.policy.zone, actor)
        await _look(tx, actor, shown_at, what)
    return StatusOrdered()


async def _lock_again(tx: Transaction, zone: str, actor: Person) -> None:
    """End what the server's owner unlocked on purpose: it only takes away, so it needs no server."""
    facts = await tx.rules.of_zone(zone)
    unlocked = [one for one in await tx.hosts.all() if one.unlocked_at is not None]
    if facts.unlocked_at is None and not unlocked:
        raise StaleAction
    if facts.unlocked_at is not None:
        await tx.rules.order(zone, AuditTag.RULE_LOCK_ASKED, actor_of(actor), unlocked_at=None)
    for one in unlocked:
        await tx.hosts.unlock(one, tag=AuditTag.HOST_LOCK_ASKED, actor=actor_of(actor), since=None)
    await enqueue_rule_write(tx, hosts_too=True)


async def _look(tx: Transaction, actor: Person, shown_at: MessageRef, mended: str = "") -> None:
    payload = {"to": actor.telegram_id, **message_payload(shown_at), **({"mended": mended} if mended else {})}
    await tx.jobs.add(JobKind.STATUS, f"{shown_at.chat_id}:{shown_at.message_id}", payload=payload)
