"""Protecting hosts: associated first, then in the rule; the other way round when they leave.

Rights, names and room are decided here; ``bot.services.protection.deploy_rule`` carries it out and
``bot.services.protection.host_progress`` says how far it is.
"""

from collections.abc import Sequence

from bot.errors import NotLocked
from bot.model.audit import AuditTag
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.protection.host_results import BesideHandMade, ConfirmHosts, HostChoice
from bot.model.protection.hosts import NOTHING_TOLD, HostState, ProtectedHost, ZoneNames, host_below, hosts_on_offer
from bot.model.results import HostsChanging
from bot.services.authorization import authorize
from bot.services.certificates.order import cancel_prompt
from bot.services.context import PROMPT_TTL, AppContext
from bot.services.desired_rule import check_room, enqueue_rule_write
from bot.services.protection import host_progress
from bot.services.protection.proof_schedule import prove_soon
from bot.services.protection.takeover import beside_hand_made, hand_made, told_names
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.people.prompts import Prompt, PromptKind
from bot.store.protection.confirmations import Confirmation


async def protect(
    app: AppContext,
    actor: Person,
    names: Sequence[str],
    shown_at: MessageRef | None = None,
    cause: Cause | None = None,
) -> HostsChanging:
    """Have these hosts protected. ``shown_at`` becomes the message that says how far it is.

    Raises:
        BadHost: one of the names cannot be; none is.
        ExpressionTooLong: they do not fit into the rule; none is.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    hosts = _hosts(names, app.policy.zone)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        return await _protect(app, tx, actor, hosts, shown_at)


async def want_protected(
    app: AppContext, actor: Person, names: Sequence[str], cause: Cause | None = None
) -> HostsChanging | ConfirmHosts:
    """The same, but it is asked for a second time as long as no device gets in, for then nobody would, and where a lock
    made by hand lets something in without a certificate, for ours in front of it would not.

    Raises:
        BadHost: one of the names cannot be, or does not go through Cloudflare; none is.
        ExpressionTooLong, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    told = await told_names(app)
    hosts = _hosts(names, app.policy.zone, told)
    beside = await beside_hand_made(app, hosts, told)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        await _answered(tx, actor)
        fresh = set(hosts) - {one.host for one in await tx.hosts.all() if one.state is not HostState.LEAVING}
        nobody = not await tx.certificates.anybody_gets_in()
        if fresh and (nobody or beside != BesideHandMade()):
            public_id = await tx.second_taps.wait(actor.id, Confirmation.PROTECT, {"hosts": list(hosts)})
            return ConfirmHosts(public_id, hosts, nobody, beside)
        return await _protect(app, tx, actor, hosts, None)


async def want_open(app: AppContext, actor: Person, names: Sequence[str], cause: Cause | None = None) -> ConfirmHosts:
    """Open hosts to everybody, once that is asked for a second time.

    Raises:
        BadHost: that is no host of the zone.
        NotLocked: one of them is not protected.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    hosts = _hosts(names, app.policy.zone, ZoneNames(full=False))
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        await _held(tx, hosts)
        public_id = await tx.second_taps.wait(actor.id, Confirmation.UNPROTECT, {"hosts": list(hosts)})
        return ConfirmHosts(public_id, hosts)


async def confirm(
    app: AppContext, actor: Person, what: Confirmation, public_id: str, pressed: MessageRef, cause: Cause | None = None
) -> HostsChanging:
    """The second tap: do what was asked; the pressed message says how far it is.

    Raises:
        Gone: not asked by the actor, done already, or too long ago.
        NotLocked: one of the hosts is no longer protected.
        ExpressionTooLong, NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        hosts = tuple((await tx.second_taps.take(actor.id, what, public_id))["hosts"])
        order = _protect if what is Confirmation.PROTECT else _unprotect
        return await order(app, tx, actor, hosts, pressed)


async def unprotect(app: AppContext, actor: Person, names: Sequence[str], cause: Cause | None = None) -> HostsChanging:
    """Open these hosts to everybody.

    Raises:
        BadHost: that is no host of the zone.
        NotLocked: one of them is not protected; none is opened.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    hosts = _hosts(names, app.policy.zone)
    async with app.store.write(cause) as tx:
        return await _unprotect(app, tx, await authorize(tx, actor, Action.ADMINISTER), hosts, None)


async def offer(app: AppContext, actor: Person, cause: Cause | None = None) -> HostChoice:
    """What could be protected and what is. Where the zone does not tell its names, the next plain text is one.

    Raises:
        NotAllowed, Frozen: not for them.
    """
    check(actor, Action.ADMINISTER)
    names = await told_names(app)
    by_hand = await hand_made(app, names)
    async with app.store.write(cause) as tx:
        actor = await authorize(tx, actor, Action.ADMINISTER)
        protected = tuple(one.host for one in await tx.hosts.all() if one.state is not HostState.LEAVING)
        if names.proxied is None:
            await cancel_prompt(tx, actor)
            await tx.prompts.ask(actor.id, PromptKind.HOSTS, tx.now + PROMPT_TTL)
        on_offer = tuple(one for one in hosts_on_offer(names, app.policy.zone) if one not in protected)
        return HostChoice(
            app.policy.zone,
            on_offer,
            protected,
            told=names.proxied is not None,
            hand_made=by_hand.hosts,
            unread=by_hand.unread,
        )


async def answer_hosts(
    app: AppContext, actor: Person, prompt: Prompt, text: str, cause: Cause | None = None
) -> HostsChanging | ConfirmHosts:
    """Take a plain text as the hosts to protect. Raises as ``want_protected``; the question stays."""
    del prompt
    return await want_protected(app, actor, text.replace(",", " ").split(), cause)


async def protected_hosts(app: AppContext) -> tuple[ProtectedHost, ...]:
    """Every host that is protected, on its way in, or on its way out."""
    async with app.store.read() as tx:
        return await tx.hosts.all()


async def _protect(
    app: AppContext, tx: Transaction, actor: Person, hosts: tuple[str, ...], shown_at: MessageRef | None
) -> HostsChanging:
    for host in hosts:
        await tx.hosts.ask(host, asked_by=actor.id, actor=actor_of(actor), shown_at=shown_at)
    await check_room(tx, app.policy.zone)
    await enqueue_rule_write(tx, try_first=True, hosts_too=True)
    await host_progress.announce(tx, actor, hosts, shown_at)
    # Of those that were protected before, the message says what was found then: so look whether it still holds.
    before = [one.host for one in await tx.hosts.all() if one.state is HostState.PROTECTED and one.host in hosts]
    await prove_soon(tx, hosts=tuple(before))
    return HostsChanging(hosts)


async def _unprotect(
    app: AppContext, tx: Transaction, actor: Person, hosts: tuple[str, ...], shown_at: MessageRef | None
) -> HostsChanging:
    del app
    for one in await _held(tx, hosts):
        await tx.hosts.move(
            one,
            HostState.LEAVING,
            tag=AuditTag.HOST_UNPROTECT_ASKED,
            actor=actor_of(actor),
            asked_by=actor.id,
            shown_at=shown_at,
        )
    await enqueue_rule_write(tx)
    await host_progress.announce(tx, actor, hosts, shown_at)
    return HostsChanging(hosts)


async def _held(tx: Transaction, hosts: Sequence[str]) -> tuple[ProtectedHost, ...]:
    known = {one.host: one for one in await tx.hosts.all() if one.state is not HostState.LEAVING}
    if strangers := tuple(host for host in hosts if host not in known):
        raise NotLocked(strangers)
    return tuple(known[host] for host in hosts)


async def _answered(tx: Transaction, actor: Person) -> None:
    prompt = await tx.prompts.of(actor.id)
    if prompt is not None and prompt.kind is PromptKind.HOSTS:
        await tx.prompts.answered(actor.id)


def _hosts(names: Sequence[str], zone: str, told: ZoneNames = NOTHING_TOLD) -> tuple[str, ...]:
    return tuple(dict.fromkeys(host_below(name, zone, told) for name in names))
