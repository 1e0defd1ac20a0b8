"""After a report: since when, what came of it, and whether the freeze stays."""

from collections.abc import Awaitable, Callable

from bot.errors import Gone, Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.changes import PersonChange
from bot.model.identity import PublicId
from bot.model.losses import LastHeld, Loss, LossChanged, LossReader, LossState, since_when
from bot.model.people import FreezeReason, Person, Standing
from bot.services import loss_cards
from bot.services.freezing import check_may_lift, forget, freeze, lift
from bot.services.loss_looks import disputable, list_of, reaches_others, reader_of, told_since
from bot.services.members import tell_changed
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.services.tracing import take_trace_back
from bot.store.database import Cause, Transaction

_LIFTED_HERE = frozenset({FreezeReason.LOST, FreezeReason.REPORTED})


async def last_held(
    parts: Parts, actor: Person, public_id: str, said: LastHeld, cause: Cause | None = None
) -> LossChanged:
    """When the device was last in good hands, as the actor remembers: their own list begins there.

    Raises:
        Gone: no such report, or not for the actor.
        NotAllowed: not for strangers and blocked people.
    """
    async with parts.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = since_when(said, loss.reported_at, parts.policy.time_zone)
        loss = await tx.losses.answer(loss, actor, since, owner)
        await loss_cards.refresh(tx, loss)
        return LossChanged(loss, owner)


async def tick(parts: Parts, actor: Person, public_id: str, key: str, cause: Cause | None = None) -> LossChanged:
    """Take one thing out of the actor's own list, or put it back: it was all right. Raises as ``last_held``."""
    async with parts.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = told_since(loss, actor)
        if since is None:
            raise Gone
        kept = loss.answers[actor.public_id].unticked if actor.public_id in loss.answers else frozenset()
        loss = await tx.losses.untick(loss, actor, since, kept ^ {key})
        await loss_cards.refresh(tx, loss)
        return LossChanged(loss, owner)


async def take_the_rest_back(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """Revoke, withdraw and freeze what is ticked in the actor's list, where the actor may touch it: an admin in good
    standing all of it, the owner their own certificates. Raises as ``last_held``.
    """
    worthless: list[PublicId] = []
    async with parts.store.write(cause) as tx:
        actor, loss, owner = await _read(tx, actor, public_id)
        since = told_since(loss, actor)
        if since is None:
            raise Gone
        kept = loss.answers[actor.public_id].unticked if actor.public_id in loss.answers else frozenset()
        count = 0
        for trace in await list_of(tx, loss, owner, since, actor):
            if not trace.done and trace.key not in kept and (trace.is_own or reaches_others(actor)):
                worthless += await take_trace_back(tx, actor, trace)
                count += 1
        loss = await tx.losses.touch(loss)
        await loss_cards.refresh(tx, loss)
    forget(parts, tuple(worthless))
    return LossChanged(loss, owner, count)


async def not_on_it(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """Telegram was not on the lost device: the freeze ends, the keys stay blocked.

    Raises:
        Gone: no such report, or somebody has decided already.
        NotToYourself: it is the actor's own account.
        OnlyOnServer: the server froze it meanwhile.
        NotAllowed, Frozen: not an admin.
    """

    async def decide(tx: Transaction, loss: Loss, owner: Person, actor: Person) -> Loss:
        check_may_lift(actor, owner)
        if owner.standing is Standing.FROZEN and owner.freeze_reason in _LIFTED_HERE:
            owner = await lift(tx, owner, actor)
        return await tx.losses.decide(loss, LossState.LIFTED, tag=Tag.PERSON_NOT_LOST_AFTER_ALL, by=actor, owner=owner)

    return await _decided(parts, actor, public_id, decide, cause)


async def dispute(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """The actor, frozen by that report, says that it is false: once, and it freezes whoever reported.

    Whichever of the two lies gets nothing more until an admin has looked.

    Raises:
        Gone: no such report, not of the actor, an admin has decided, or whoever reported is frozen already.
        LastAdmin: nobody would be left who can look.
        NotAllowed: not for strangers and blocked people.
    """
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.REPORT)
        loss, owner = await _of(tx, public_id)
        if not await disputable(tx, loss, actor):
            raise Gone
        reporter = await tx.people.of_id(loss.reported_by)
        frozen = await freeze(tx, reporter, FreezeReason.DISPUTED, actor)
        await tell_changed(tx, PersonChange.DISPUTED, frozen.person, actor)
        loss = await tx.losses.touch(loss)
        await loss_cards.refresh(tx, loss)
    forget(parts, frozen.worthless)
    return LossChanged(loss, owner)


async def stays(parts: Parts, actor: Person, public_id: str, cause: Cause | None = None) -> LossChanged:
    """The freeze stays. Raises as ``not_on_it``."""

    async def decide(tx: Transaction, loss: Loss, owner: Person, actor: Person) -> Loss:
        check_may_lift(actor, owner)
        return await tx.losses.decide(loss, LossState.STAYS, tag=Tag.PERSON_STAYS_FROZEN, by=actor, owner=owner)

    return await _decided(parts, actor, public_id, decide, cause)


async def _decided(
    parts: Parts,
    actor: Person,
    public_id: str,
    decide: Callable[[Transaction, Loss, Person, Person], Awaitable[Loss]],
    cause: Cause | None,
) -> LossChanged:
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        loss, owner = await _of(tx, public_id)
        loss = await decide(tx, loss, owner, actor)
        await loss_cards.refresh(tx, loss)
        return LossChanged(loss, owner)


async def _read(tx: Transaction, actor: Person, public_id: str) -> tuple[Person, Loss, Person]:
    """The actor, the report and its owner, for the owner and for admins."""
    actor = await checked(tx, actor, Action.REPORT)
    loss, owner = await _of(tx, public_id)
    if reader_of(loss, actor) is LossReader.REPORTER:
        raise Gone
    return actor, loss, owner


async def _of(tx: Transaction, public_id: str) -> tuple[Loss, Person]:
    try:
        loss = await tx.losses.of(public_id)
    except Unknown:
        raise Gone from None
    return loss, await tx.people.of_id(loss.owner_id)
