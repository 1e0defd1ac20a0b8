"""Taking over a lock made by hand: understood and shown first; ours is seen working before theirs is switched off."""

from collections.abc import Sequence

from bot.errors import EdgeTrouble, NotFound, NothingHandMade, StaleAction
from bot.model.audit import AuditTag
from bot.model.host_notices import TakeOverState
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.openings.paths import LEASE, PathState
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.protection.host_results import BesideHandMade, SureAboutTakeOver
from bot.model.protection.hosts import NOTHING_TOLD, ZoneNames
from bot.model.protection.takeover import HandMade, HandMadePath, HandMadeRule
from bot.model.takeover.paths import wanted_path
from bot.model.takeover.reader import recognise, shut_by_us
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.services.desired_rule import check_room, enqueue_rule_write
from bot.services.protection import takeover_progress
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.protection.confirmations import Confirmation


async def hand_made(app: AppContext, names: ZoneNames) -> HandMade:
    """What of a lock made by hand could be taken over, and what could not; nothing where Cloudflare does not say."""
    try:
        return recognise(await app.edge.rule_state(), app.policy.zone, names)
    except EdgeTrouble:
        return HandMade()


async def beside_hand_made(app: AppContext, hosts: Sequence[str], names: ZoneNames) -> BesideHandMade:
    """What our lock at ``hosts`` would shut that a lock made by hand leaves open there."""
    try:
        state = await app.edge.rule_state()
    except EdgeTrouble:
        return BesideHandMade(seen=False)
    shut = shut_by_us(state, hosts)
    if not shut:
        return BesideHandMade()
    could = recognise(state, app.policy.zone, names).hosts
    return BesideHandMade(shut=shut, can_be_taken_over=not set(could).isdisjoint(hosts))


async def told_names(app: AppContext) -> ZoneNames:
    """The zone's names, as far as Cloudflare tells them now."""
    try:
        return await app.edge.names()
    except EdgeTrouble:
        return NOTHING_TOLD


async def find_existing_rules(app: AppContext, actor: Person, cause: Cause | None = None) -> SureAboutTakeOver:
    """What could be taken over, to be said yes to once more.

    Raises:
        NothingHandMade: there is nothing that is understood.
        EdgeTrouble: Cloudflare does not tell now.
        NotAllowed, Frozen: not for them.
    """
    check(actor, Action.ADMINISTER)
    found = await _found(app)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        payload = {
            "hosts": list(found.hosts),
            "rules": [[rule.rule_id, rule.text] for rule in found.rules],
            "paths": [[one.host, one.path, one.method, one.query, one.networks] for one in found.paths],
        }
        return SureAboutTakeOver(await tx.second_taps.wait(actor.id, Confirmation.TAKE_OVER, payload), found)


async def confirm(
    app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> None:
    """The second tap: ours is written beside theirs; the rest follows once it is seen.

    Raises:
        Gone: not asked by the actor, done already, or too long ago.
        ExpressionTooLong: it does not fit into the rule; nothing was ordered.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        asked = await tx.second_taps.take(actor.id, Confirmation.TAKE_OVER, public_id)
        hosts = tuple(asked["hosts"])
        for host in hosts:
            await tx.hosts.ask(host, asked_by=actor.id, actor=actor_of(actor))
        paths = [await _lease(app, tx, actor, _path(*one)) for one in asked["paths"]]
        await check_room(tx, app.policy.zone)
        which = await tx.take_overs.add(
            hosts=hosts,
            rules=tuple(HandMadeRule(*one) for one in asked["rules"]),
            paths=tuple(paths),
            asked_by=actor.id,
            actor=actor_of(actor),
            at=pressed,
        )
        await enqueue_rule_write(tx, try_first=True, hosts_too=True)
        await takeover_progress.show(tx, which)


async def undo(app: AppContext, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None) -> None:
    """Put it back as it was: theirs on again first, then ours lets go of those hosts.

    Raises:
        Gone: there is no such take-over, or it is being put back already.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        try:
            which = await tx.take_overs.of(public_id)
        except NotFound:
            raise StaleAction from None
        if which.state in {TakeOverState.UNDOING, TakeOverState.UNDONE}:
            raise StaleAction
        undoing = await tx.take_overs.move(
            which, TakeOverState.UNDOING, tag=AuditTag.TAKE_OVER_UNDO_ASKED, actor=actor_of(actor), at=pressed
        )
        await tx.jobs.drop(JobKind.TAKE_OVER, public_id)
        await tx.jobs.add(JobKind.TAKE_OVER, public_id)
        await takeover_progress.show(tx, undoing)


async def _found(app: AppContext) -> HandMade:
    found = recognise(await app.edge.rule_state(), app.policy.zone, await told_names(app))
    if not found.hosts:
        raise NothingHandMade
    return found


def _path(
    host: str, path: str, method: str | None, query: str | None = None, networks: Sequence[str] = ()
) -> HandMadePath:
    return HandMadePath(host, path, method, query, tuple(networks))


async def _lease(app: AppContext, tx: Transaction, actor: Person, one: HandMadePath) -> str:
    """An open path for what was open before; it lasts as long as nobody closes it."""
    wanted = wanted_path(one, app.policy.zone)
    path = await tx.paths.add(wanted, actor, state=PathState.OPENING, lasts=LEASE, actor=actor_of(actor))
    await tx.jobs.add(JobKind.END_PATH, path.public_id, due_at=path.closes_at)
    return path.public_id
