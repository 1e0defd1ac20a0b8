"""Protecting hosts: associated first, then in the rule; the other way round when they leave.

A thin seam: rights, names and room are decided here; ``bot.services.chores.rule`` carries it out and
``bot.services.rule_news`` says where words about it belong.
"""

from collections.abc import Sequence

from bot.errors import Unknown
from bot.model.access import Action, check
from bot.model.audit import Tag
from bot.model.chat import MessageRef
from bot.model.hosts import HostState, ProtectedHost, host_below
from bot.model.people import Person
from bot.model.results import HostsChanging
from bot.services.parts import Parts
from bot.services.ruling import check_room, order_write
from bot.store.certificates import actor_of
from bot.store.database import Cause


async def protect(
    parts: Parts,
    actor: Person,
    names: Sequence[str],
    shown_at: MessageRef | None = None,
    cause: Cause | None = None,
) -> HostsChanging:
    """Have these hosts protected.

    Raises:
        BadHost: one of the names cannot be; none is.
        ExpressionTooLong: they do not fit into the rule; none is.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    hosts = tuple(dict.fromkeys(host_below(name, parts.policy.zone) for name in names))
    async with parts.store.write(cause) as tx:
        for host in hosts:
            await tx.hosts.ask(host, asked_by=actor.id, actor=actor_of(actor), shown_at=shown_at)
        await check_room(tx, parts.policy.zone)
        await order_write(tx, try_first=True, hosts_too=True)
    return HostsChanging(hosts)


async def unprotect(parts: Parts, actor: Person, names: Sequence[str], cause: Cause | None = None) -> HostsChanging:
    """Open these hosts to everybody.

    Raises:
        BadHost: that is no host of the zone.
        Unknown: one of them is not protected; none is opened.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    hosts = tuple(dict.fromkeys(host_below(name, parts.policy.zone) for name in names))
    async with parts.store.write(cause) as tx:
        known = {one.host: one for one in await tx.hosts.all() if one.state is not HostState.LEAVING}
        if not known.keys() >= set(hosts):
            raise Unknown
        for host in hosts:
            await tx.hosts.move(known[host], HostState.LEAVING, tag=Tag.HOST_UNPROTECT_ASKED, actor=actor_of(actor))
        await order_write(tx)
    return HostsChanging(hosts)


async def protected_hosts(parts: Parts) -> tuple[ProtectedHost, ...]:
    """Every host that is protected, on its way in, or on its way out."""
    async with parts.store.read() as tx:
        return await tx.hosts.all()
