"""Having the lock proven: by an admin, after a change, and every day."""

from datetime import timedelta

from bot.model.access import Action
from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.hosts import HostState
from bot.model.people import Person
from bot.model.proofs import Colour
from bot.model.results import ProofStarted
from bot.services.parts import Parts
from bot.services.rights import checked
from bot.store.database import Cause, Transaction

PROVE = "prove"
"""The subject of all such chores: they stand in one line."""

_EVERY = timedelta(hours=24)


async def order(parts: Parts, actor: Person, shown_at: MessageRef | None, cause: Cause | None = None) -> ProofStarted:
    """Have all of the lock proven; the message ``shown_at`` becomes what comes of it.

    Raises:
        NotAllowed, Frozen: nothing was ordered.
    """
    async with parts.store.write(cause) as tx:
        await checked(tx, actor, Action.ADMINISTER)
        where = {} if shown_at is None else {"chat_id": shown_at.chat_id, "message_id": shown_at.message_id}
        wanted = {"to": actor.telegram_id, **where}
        # Tapped twice: the message shows it once.
        if all(chore.payload != wanted for chore in await tx.chores.of_subject(ChoreKind.PROVE, PROVE)):
            await tx.chores.add(ChoreKind.PROVE, PROVE, payload=wanted)
    return ProofStarted()


async def prove_soon(tx: Transaction, *, hosts: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> None:
    """Have these hosts and open paths (by public id) proven, and nothing else: what a change has touched."""
    if hosts or paths:
        await tx.chores.add(ChoreKind.PROVE, PROVE, payload={"hosts": list(hosts), "paths": list(paths)})


async def after_change(tx: Transaction) -> None:
    """The edge has a new version of the rule: have proven what is new in it, and what was not green before."""
    await tx.chores.add(ChoreKind.PROVE, PROVE, payload={"changed": True})


async def changed(tx: Transaction) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts and open paths (by public id) that have changed since they were proven, or were not green then."""
    known = {(one.kind, one.subject): one for one in await tx.proofs.all()}
    since = {("host", one.host): one.protected_at for one in await tx.hosts.all() if one.state is HostState.PROTECTED}
    since |= {("path", one.public_id): one.opened_at for one in await tx.paths.open_now()}
    stale = [
        key
        for key, moment in since.items()
        if key not in known or known[key].colour is not Colour.GREEN or (moment is not None and known[key].at < moment)
    ]
    hosts, paths = (tuple(subject for kind, subject in stale if kind == which) for which in ("host", "path"))
    return hosts, paths


async def daily(tx: Transaction, zone: str) -> None:
    """Once a day, where something is protected: all of it, in the unusual ways too."""
    if not await tx.hosts.any() or await tx.chores.of_subject(ChoreKind.PROVE, PROVE):
        return
    last = await tx.proofs.proven_daily_at(zone)
    if last is None or not last <= tx.now < last + _EVERY:
        await tx.chores.add(ChoreKind.PROVE, PROVE, payload={"daily": True})
