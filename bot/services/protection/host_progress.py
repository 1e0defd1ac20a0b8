"""What is told of protected hosts: one message for each order, turned as things go on; of an order given on the server
one for each admin.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.model.host_notices import HostsProgress, HostStatus, HostStep
from bot.model.jobs import JobKind
from bot.model.message_ref import MessageRef
from bot.model.notices import Notice
from bot.model.people.people import Person
from bot.model.proofs.proofs import LockMode, Proof
from bot.model.protection.hosts import HostState, ProtectedHost
from bot.services.certificates.revocation_outcome import LATE
from bot.services.context import AppContext
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.protection import proof_schedule
from bot.store.engine.database import Transaction
from bot.store.protection.rule import RuleRecord

_RULE = "rule"


async def announce(tx: Transaction, actor: Person, hosts: Collection[str], at: MessageRef | None) -> None:
    """Have whoever asked told how far these hosts are: at ``at``, or in a message of its own.

    From this moment on, messages of earlier orders are not kept up to date any more.
    """
    if at is None:
        for one in await tx.hosts.all():
            if one.host in hosts:
                await tx.hosts.forget_messages(one)
    await enqueue_notice(tx, HostsProgress, actor.telegram_id, at, hosts=",".join(hosts), fresh=at is None, alone=True)


async def announce_to_admins(tx: Transaction, hosts: Collection[str]) -> None:
    """Have every admin told, each in a message of their own: ordered on the server, it is nobody's order alone."""
    for admin in await tx.people.admins():
        await enqueue_notice(tx, HostsProgress, admin.telegram_id, hosts=",".join(hosts), fresh=True)


async def show(tx: Transaction, hosts: Collection[ProtectedHost], *, only_there: bool = False) -> None:
    """Bring the messages up to date in which these hosts stand; ``only_there``: not worth a new one."""
    together: dict[tuple[int, MessageRef | None], list[str]] = {}
    for one in hosts:
        for place in one.shown_at:
            together.setdefault((place.chat_id, place), []).append(one.host)
        if not one.shown_at:
            together.setdefault((await _asker(tx, one), None), []).append(one.host)
    for (to, at), names in together.items():
        await enqueue_notice(tx, HostsProgress, to, at, hosts=",".join(names), fresh=False, only_there=only_there)


async def show_protected_now(tx: Transaction) -> None:
    """The rule has some hosts since this transaction."""
    await show(tx, [one for one in await tx.hosts.all() if one.protected_at == tx.now])


async def show_waiting(tx: Transaction) -> None:
    """No more is to be expected for now: say so where it is not known yet that a host is locked."""
    waiting = {HostState.ASSOCIATING, HostState.PROTECTED}
    await show(
        tx,
        [one for one in await tx.hosts.all() if one.state in waiting and one.is_awaited],
    )


async def show_seen(tx: Transaction) -> None:
    """The edge has the rule, and it takes a while until it can be tried."""
    known = {one.subject: one for one in await tx.proofs.all() if one.kind == "host"}
    seen = [one for one in await tx.hosts.all() if one.seen_at is not None and one.shown_at]
    await show(tx, [one for one in seen if not _is_of(known.get(one.host), one)])


async def proven(tx: Transaction, before: Mapping[str, Proof | None], *, everywhere: bool) -> None:
    """These hosts were tried; ``before`` is what was known of them. Whoever still waits for that reads it; with
    ``everywhere`` it also stands where it was read before.
    """
    rows = [one for one in await tx.hosts.all() if one.host in before and one.shown_at]
    awaited = [one for one in rows if not _is_of(before[one.host], one)]
    await show(tx, awaited)
    if everywhere:
        await show(tx, [one for one in rows if one not in awaited], only_there=True)


async def place_of(app: AppContext, what: Notice, to: int) -> MessageRef | None:
    """The message in the chat ``to`` that shows these hosts already."""
    if not isinstance(what, HostsProgress):
        return None
    names = {one.host for one in what.hosts}
    async with app.store.read() as tx:
        rows = [one for one in await tx.hosts.all() if one.host in names]
    places = {next((at for at in one.shown_at if at.chat_id == to), None) for one in rows}
    return places.pop() if len(places) == 1 else None


async def keep_place(app: AppContext, what: Notice, at: MessageRef, *, alone: bool) -> None:
    """Remember which message shows these hosts, ``alone`` where it is the only one from now on; what changed while it
    was on its way is shown next.
    """
    if not isinstance(what, HostsProgress):
        return
    names = {one.host for one in what.hosts}
    async with app.store.write() as tx:
        rows = [one for one in await tx.hosts.all() if one.host in names]
        fresh = [one for one in rows if at not in one.shown_at or (alone and len(one.shown_at) > 1)]
        for one in fresh:
            await tx.hosts.remember_message(one, at, alone=alone)
        shown = [one.host for one in what.hosts]
        if fresh and await progress(tx, app.policy.zone, shown) != what:
            await enqueue_notice(tx, HostsProgress, at.chat_id, at, hosts=",".join(shown), fresh=False, only_there=True)


async def progress(tx: Transaction, zone: str, names: Collection[str]) -> HostsProgress:
    """How far these hosts are; one without a row is open to everybody."""
    known = {one.host: one for one in await tx.hosts.all()}
    facts = await tx.rules.of_zone(zone)
    writes = await tx.jobs.of_subject(JobKind.WRITE_RULE, _RULE)
    looks = await tx.jobs.of_kind(JobKind.WATCH_RULE)
    now = _Now(
        facts=facts,
        late=bool(writes) and all(LATE in chore.payload for chore in writes),
        looking=bool(looks),
        making=await proof_schedule.awaits_probe_certificates(tx),
        again=await proof_schedule.is_to_look_again(tx),
        proofs={one.subject: one for one in await tx.proofs.all() if one.kind == "host"},
    )
    return HostsProgress(tuple(_host(name, known.get(name), now) for name in names))


@dataclass(frozen=True, kw_only=True)
class _Now:
    """What is known besides the rows of hosts. ``making``: see ``proof_orders.awaits_probe_certificates``."""

    facts: RuleRecord
    late: bool
    looking: bool
    making: bool | None
    again: bool
    proofs: Mapping[str, Proof]


def _host(name: str, row: ProtectedHost | None, now: _Now) -> HostStatus:
    if row is None:
        return HostStatus(name, HostStep.OPEN)
    if row.state is HostState.LEAVING:
        return HostStatus(name, HostStep.LEAVING)
    if row.state is HostState.ASSOCIATING:
        return HostStatus(name, HostStep.LATE if now.late else HostStep.ASKED)
    if now.facts.unlocked_at is not None or row.unlocked_at is not None:
        return HostStatus(name, HostStep.UNLOCKED)
    if now.facts.everything_at is not None:
        return HostStatus(name, HostStep.LOCKDOWN)
    seconds = None if row.seen_at is None else max(0, round((row.seen_at - row.asked_at).total_seconds()))
    proof = now.proofs.get(name)
    if proof is not None and proof.mode is LockMode.LOCKED and _is_of(proof, row):
        return HostStatus(name, HostStep.PROVEN, seconds, proof, now.again)
    if row.seen_at is None:
        return HostStatus(name, HostStep.WRITTEN if now.looking else HostStep.UNSEEN)
    # The same message says what came of trying it: until then there is nothing new to be read in it.
    steps = {None: HostStep.SEEN, False: HostStep.WRITTEN, True: HostStep.TRYING}
    return HostStatus(name, steps[now.making], seconds)


def _is_of(proof: Proof | None, row: ProtectedHost) -> bool:
    """Whether a proof tells of the host as it was ordered last."""
    ordered = row.asked_at if row.protected_at is None else max(row.asked_at, row.protected_at)
    return proof is not None and proof.at >= ordered


async def _asker(tx: Transaction, host: ProtectedHost) -> int:
    if host.asked_by is None:
        return next(iter(await tx.people.admins())).telegram_id
    return (await tx.people.of_id(host.asked_by)).telegram_id
