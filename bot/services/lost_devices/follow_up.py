"""After a report: since when, what came of it, and whether the freeze stays."""

from collections.abc import Awaitable, Callable

from bot.errors import NotFound, StaleAction
from bot.model.audit import AuditTag
from bot.model.lost_devices import LastSeen, LossChanged, LossReader, LossReport, LossState, since_when
from bot.model.people.access import Action, check
from bot.model.people.changes import PersonChange
from bot.model.people.people import FreezeReason, Person, Standing
from bot.model.public_id import PublicId
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.lost_devices.account_activity import take_trace_back
from bot.services.lost_devices.report_view import disputable, list_of, reaches_others, reader_of, told_since
from bot.services.membership.freeze import check_may_lift, forget, freeze, lift
from bot.services.membership.members import tell_changed
from bot.services.notifications import loss_messages
from bot.store.engine.database import Cause, Transaction

_LIFTED_HERE = frozenset({FreezeReason.LOST, FreezeReason.REPORTED})


async def last_held(
    app: AppContext, actor: Person, public_id: str, said: LastSeen, cause: Cause | None = None
) -> LossChanged:
    """When the device was last in good hands, as the actor remembers: their own list begins there.

    Raises:
        Gone: no such report, or not for the actor.
        NotAllowed: not for strangers and blocked people.
    """
    async with app.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = since_when(said, loss.reported_at, app.policy.time_zone)
        loss = await tx.losses.answer(loss, actor, since, owner)
        await loss_messages.refresh(tx, loss)
        return LossChanged(loss, owner)


async def tick(app: AppContext, actor: Person, public_id: str, key: str, cause: Cause | None = None) -> LossChanged:
    """Take one thing out of the actor's own list, or put it back: it was all right. Raises as ``last_held``."""
    async with app.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = told_since(loss, actor)
        if since is None:
            raise StaleAction
        kept = loss.answers[actor.public_id].unticked if actor.public_id in loss.answers else frozenset()
        loss = await tx.losses.untick(loss, actor, since, kept ^ {key})
        await loss_messages.refresh(tx, loss)
        return LossChanged(loss, owner)


async def revoke_remaining(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """Revoke, withdraw and freeze what is ticked in the actor's list, where the actor may touch it: an admin in good
    standing all of it, the owner their own certificates. Raises as ``last_held``.
    """
    worthless: list[PublicId] = []
    async with app.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = told_since(loss, actor)
        if since is None:
            raise StaleAction
        kept = loss.answers[actor.public_id].unticked if actor.public_id in loss.answers else frozenset()
        count = 0
        for trace in await list_of(tx, loss, owner, since, actor):
            if not trace.done and trace.key not in kept and (trace.is_own or reaches_others(actor)):
                worthless += await take_trace_back(tx, actor, trace)
                count += 1
        loss = await tx.losses.touch(loss)
        await loss_messages.refresh(tx, loss)
    forget(app, tuple(worthless))
    return LossChanged(loss, owner, count)


async def telegram_was_not_on_it(
    app: AppContext, actor: Person, public_id: str, cause: Cause | None = None
) -> LossChanged:
    """Telegram was not on the lost device: the freeze ends, the keys stay blocked.

    Raises:
        Gone: no such report, or somebody has decided already.
        NotToYourself: it is the actor's own account.
        OnlyOnServer: the server froze it meanwhile.
        NotAllowed, Frozen: not an admin.
    """

    async def decide(tx: Transaction, loss: LossReport, owner: Person, actor: Person) -> LossReport:
        check_may_lift(actor, owner)
        if owner.standing is Standing.FROZEN and owner.freeze_reason in _LIFTED_HERE:
            owner = await lift(tx, owner, actor)
        return await tx.losses.decide(
            loss, LossState.LIFTED, tag=AuditTag.PERSON_NOT_LOST_AFTER_ALL, by=actor, owner=owner
        )

    return await _decided(app, actor, public_id, decide, cause)


async def dispute(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """The actor, frozen by that report, says that it is false: once, and it freezes whoever reported.

    Whichever of the two lies gets nothing more until an admin has looked.

    Raises:
        Gone: no such report, not of the actor, an admin has decided, or whoever reported is frozen already.
        LastAdmin: nobody would be left who can look.
        NotAllowed: not for strangers and blocked people.
    """
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.REPORT)
        loss, owner = await _of(tx, public_id)
        if not await disputable(tx, loss, actor):
            raise StaleAction
        reporter = await tx.people.of_id(loss.reported_by)
        frozen = await freeze(tx, reporter, FreezeReason.DISPUTED, actor)
        await tell_changed(tx, PersonChange.DISPUTED, frozen.person, actor)
        loss = await tx.losses.touch(loss)
        await loss_messages.refresh(tx, loss)
    forget(app, frozen.worthless)
    return LossChanged(loss, owner)


async def stays(app: AppContext, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """The freeze stays. Raises as ``telegram_was_not_on_it``."""

    async def decide(tx: Transaction, loss: LossReport, owner: Person, actor: Person) -> LossReport:
        check_may_lift(actor, owner)
        return await tx.losses.decide(loss, LossState.STAYS, tag=AuditTag.PERSON_STAYS_FROZEN, by=actor, owner=owner)

    return await _decided(app, actor, public_id, decide, cause)


async def _decided(
    app: AppContext,
    actor: Person,
    public_id: str,
    decide: Callable[[Transaction, LossReport, Person, Person], Awaitable[LossReport]],
    cause: Cause | None,
) -> LossChanged:
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        loss, owner = await _of(tx, public_id)
        loss = await decide(tx, loss, owner, actor)
        await loss_messages.refresh(tx, loss)
        return LossChanged(loss, owner)


async def _read(tx: Transaction, actor: Person, public_id: str) -> tuple[Person, LossReport, Person]:
    """The actor, the report and its owner, for the owner and for admins."""
    actor = await authorize(tx, actor, Action.REPORT)
    loss, owner = await _of(tx, public_id)
    if reader_of(loss, actor) is LossReader.REPORTER:
        raise StaleAction
    return actor, loss, owner


async def _of(tx: Transaction, public_id: str) -> tuple[LossReport, Person]:
    try:
        loss = await tx.losses.of(public_id)
    except NotFound:
        raise StaleAction from None
    return loss, await tx.people.of_id(loss.owner_id)
