"""Taking over a lock made by hand: understood and shown first; ours is seen working before theirs is switched off."""

from collections.abc import Sequence

from bot.errors import EdgeTrouble, Gone, NothingHandMade, Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.handmade import HandMade, HandMadePath, HandMadeRule
from bot.model.handmade_paths import wanted_path
from bot.model.handmade_reading import recognise, shut_by_us
from bot.model.host_notices import TakeOverState
from bot.model.host_results import BesideHandMade, SureAboutTakeOver
from bot.model.hosts import NOTHING_TOLD, ZoneNames
from bot.model.paths import LEASE, PathState
from bot.model.people import Person
from bot.services import take_over_words
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.services.ruling import check_room, order_write
from bot.store.certificates import actor_of
from bot.store.database import Cause, Transaction
from bot.store.second_taps import SecondTap


async def hand_made(parts: Parts, names: ZoneNames) -> HandMade:
    """What of a lock made by hand could be taken over, and what could not; nothing where Cloudflare does not say."""
    try:
        return recognise(await parts.edge.rule_state(), parts.policy.zone, names)
    except EdgeTrouble:
        return HandMade()


async def beside_hand_made(parts: Parts, hosts: Sequence[str], names: ZoneNames) -> BesideHandMade:
    """What our lock at ``hosts`` would shut that a lock made by hand leaves open there."""
    try:
        state = await parts.edge.rule_state()
    except EdgeTrouble:
        return BesideHandMade(seen=False)
    shut = shut_by_us(state, hosts)
    if not shut:
        return BesideHandMade()
    could = recognise(state, parts.policy.zone, names).hosts
    return BesideHandMade(shut=shut, can_be_taken_over=not set(could).isdisjoint(hosts))


async def told_names(parts: Parts) -> ZoneNames:
    """The zone's names, as far as Cloudflare tells them now."""
    try:
        return await parts.edge.names()
    except EdgeTrouble:
        return NOTHING_TOLD


async def look(parts: Parts, actor: Person, cause: Cause | None = None) -> SureAboutTakeOver:
    """What could be taken over, to be said yes to once more.

    Raises:
        NothingHandMade: there is nothing that is understood.
        EdgeTrouble: Cloudflare does not tell now.
        NotAllowed, Frozen: not for them.
    """
    check(actor, Action.ADMINISTER)
    found = await _found(parts)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        payload = {
            "hosts": list(found.hosts),
            "rules": [[rule.rule_id, rule.text] for rule in found.rules],
            "paths": [[one.host, one.path, one.method, one.query, one.networks] for one in found.paths],
        }
        return SureAboutTakeOver(await tx.second_taps.wait(actor.id, SecondTap.TAKE_OVER, payload), found)


async def confirm(parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None) -> None:
    """The second tap: ours is written beside theirs; the rest follows once it is seen.

    Raises:
        Gone: not asked by the actor, done already, or too long ago.
        ExpressionTooLong: it does not fit into the rule; nothing was ordered.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        asked = await tx.second_taps.take(actor.id, SecondTap.TAKE_OVER, public_id)
        hosts = tuple(asked["hosts"])
        for host in hosts:
            await tx.hosts.ask(host, asked_by=actor.id, actor=actor_of(actor))
        paths = [await _lease(parts, tx, actor, _path(*one)) for one in asked["paths"]]
        await check_room(tx, parts.policy.zone)
        which = await tx.take_overs.add(
            hosts=hosts,
            rules=tuple(HandMadeRule(*one) for one in asked["rules"]),
            paths=tuple(paths),
            asked_by=actor.id,
            actor=actor_of(actor),
            at=pressed,
        )
        await order_write(tx, try_first=True, hosts_too=True)
        await take_over_words.show(tx, which)


async def undo(parts: Parts, actor: Person, public_id: str, pressed: MessageRef, cause: Cause | None = None) -> None:
    """Put it back as it was: theirs on again first, then ours lets go of those hosts.

    Raises:
        Gone: there is no such take-over, or it is being put back already.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with parts.store.write(cause) as tx:
        actor = await checked(tx, actor, Action.ADMINISTER)
        try:
            which = await tx.take_overs.of(public_id)
        except Unknown:
            raise Gone from None
        if which.state in {TakeOverState.UNDOING, TakeOverState.UNDONE}:
            raise Gone
        undoing = await tx.take_overs.move(
            which, TakeOverState.UNDOING, tag=Tag.TAKE_OVER_UNDO_ASKED, actor=actor_of(actor), at=pressed
        )
        await tx.chores.drop(ChoreKind.TAKE_OVER, public_id)
        await tx.chores.add(ChoreKind.TAKE_OVER, public_id)
        await take_over_words.show(tx, undoing)


async def _found(parts: Parts) -> HandMade:
    found = recognise(await parts.edge.rule_state(), parts.policy.zone, await told_names(parts))
    if not found.hosts:
        raise NothingHandMade
    return found


def _path(
    host: str, path: str, method: str | None, query: str | None = None, networks: Sequence[str] = ()
) -> HandMadePath:
    return HandMadePath(host, path, method, query, tuple(networks))


async def _lease(parts: Parts, tx: Transaction, actor: Person, one: HandMadePath) -> str:
    """An open path for what was open before; it lasts as long as nobody closes it."""
    wanted = wanted_path(one, parts.policy.zone)
    path = await tx.paths.add(wanted, actor, state=PathState.OPENING, lasts=LEASE, actor=actor_of(actor))
    await tx.chores.add(ChoreKind.END_PATH, path.public_id, due_at=path.closes_at)
    return path.public_id
