"""Having the lock proven: by an admin, after a change, and every day."""

from datetime import timedelta

from bot.model.host_notices import TakeOverState
from bot.model.jobs import Job, JobKind
from bot.model.message_ref import MessageRef
from bot.model.people.access import Action
from bot.model.people.people import Person
from bot.model.proofs.proofs import Colour, LockMode, Proof
from bot.model.protection.hosts import HostState, ProtectedHost
from bot.model.results import ProofStarted
from bot.services.authorization import authorize
from bot.services.context import AppContext
from bot.store.engine.database import Cause, Transaction
from bot.store.protection.rule import RuleRecord

PROVE = "prove"
"""The subject of all such chores: they stand in one line."""

SHOWN = "shown"
"""In the payload of a chore after a change: what is known so far is to be said, although there is more to come."""

_EVERY = timedelta(hours=24)
_ONCE_MORE_SECONDS = (30, 120, 300, 900)


async def order(
    app: AppContext, actor: Person, shown_at: MessageRef | None, cause: Cause | None = None
) -> ProofStarted:
    """Have all of the lock proven; the message ``shown_at`` becomes what comes of it.

    Raises:
        NotAllowed, Frozen: nothing was ordered.
    """
    async with app.store.write(cause) as tx:
        await authorize(tx, actor, Action.ADMINISTER)
        where = {} if shown_at is None else {"chat_id": shown_at.chat_id, "message_id": shown_at.message_id}
        wanted = {"to": actor.telegram_id, **where}
        # Tapped twice: the message shows it once.
        if all(chore.payload != wanted for chore in await tx.jobs.of_subject(JobKind.PROVE, PROVE)):
            await tx.jobs.add(JobKind.PROVE, PROVE, payload=wanted)
    return ProofStarted()


async def prove_soon(tx: Transaction, *, hosts: tuple[str, ...] = (), paths: tuple[str, ...] = ()) -> None:
    """Have these hosts and open paths (by public id) proven, and nothing else: what a change has touched. What comes
    of it is shown where that change is spoken of.
    """
    if hosts or paths:
        payload = {"hosts": list(hosts), "paths": list(paths), "show": True}
        await tx.jobs.add(JobKind.PROVE, PROVE, payload=payload)


async def prove_changes(tx: Transaction) -> None:
    """The edge has a new version of the rule: have proven what is new in it, and what was not green before."""
    await tx.jobs.add(JobKind.PROVE, PROVE, payload={"changed": True})


async def retry_later(tx: Transaction, tries: int) -> None:
    """What could not be told for sure after a change: look again by itself, ever later, and some times only."""
    if tries >= len(_ONCE_MORE_SECONDS) or any(one.due_at > tx.now for one in await _looks_again(tx)):
        return
    due = tx.now + timedelta(seconds=_ONCE_MORE_SECONDS[tries])
    await tx.jobs.add(JobKind.PROVE, PROVE, due_at=due, payload={"changed": True, "again": tries + 1})


async def is_to_look_again(tx: Transaction) -> bool:
    """Whether it will look again by itself."""
    return any(one.due_at > tx.now for one in await _looks_again(tx))


async def awaits_probe_certificates(tx: Transaction) -> bool | None:
    """Whether a change waits to be proven until there is something to prove it with; ``None`` where none waits."""
    waiting = [
        one
        for one in await tx.jobs.of_subject(JobKind.PROVE, PROVE)
        if "changed" in one.payload and "again" not in one.payload
    ]
    return all(SHOWN in one.payload for one in waiting) if waiting else None


async def changed(tx: Transaction, zone: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The hosts and open paths (by public id) that have changed since they were proven, or were not green then.

    Not what is being taken over: as long as the rules made by hand are on, they may be what locks.
    """
    known: dict[tuple[str, str], Proof] = {(one.kind, one.subject): one for one in await tx.proofs.all()}
    facts = await tx.rules.of_zone(zone)
    theirs = {host for one in await tx.take_overs.in_state(TakeOverState.WAITING) for host in one.hosts}
    rows = {
        one.host: one for one in await tx.hosts.all() if one.state is HostState.PROTECTED and one.host not in theirs
    }
    since = {("host", one.host): one.seen_at or one.protected_at for one in rows.values()}
    since |= {("path", one.public_id): one.opened_at for one in await tx.paths.open_now() if one.host in rows}
    stale = [
        key
        for key, moment in since.items()
        if (proof := known.get(key)) is None
        or proof.colour is not Colour.GREEN
        or (moment is not None and proof.at < moment)
        or (proof.kind == "host" and proof.mode is not mode_of(rows[proof.subject], facts))
    ]
    hosts, paths = (tuple(subject for kind, subject in stale if kind == which) for which in ("host", "path"))
    return hosts, paths


def mode_of(host: ProtectedHost, facts: RuleRecord) -> LockMode:
    """What is ordered for a host."""
    if facts.unlocked_at is not None or host.unlocked_at is not None:
        return LockMode.UNLOCKED
    return LockMode.SHUT if facts.everything_at is not None else LockMode.LOCKED


async def _looks_again(tx: Transaction) -> list[Job]:
    return [one for one in await tx.jobs.of_subject(JobKind.PROVE, PROVE) if "again" in one.payload]


async def daily(tx: Transaction, zone: str) -> None:
    """Once a day, where something is protected: all of it, in the unusual ways too."""
    if not await tx.hosts.any() or await tx.jobs.of_subject(JobKind.PROVE, PROVE):
        return
    last = await tx.proofs.proven_daily_at(zone)
    if last is None or not last <= tx.now < last + _EVERY:
        await tx.jobs.add(JobKind.PROVE, PROVE, payload={"daily": True})
