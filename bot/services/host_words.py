"""What whoever asked is told of protected hosts: one message for each order, turned as things go on."""

from collections.abc import Collection

from bot.model.chat import MessageRef
from bot.model.chores import ChoreKind
from bot.model.host_notices import HostNow, HostsProgress, HostStep
from bot.model.hosts import HostState, ProtectedHost
from bot.model.notices import Notice
from bot.model.people import Person
from bot.services.outcomes import LATE
from bot.services.parts import Parts
from bot.services.telling_later import tell
from bot.store.database import Transaction
from bot.store.rules import RuleFacts

_RULE = "rule"


async def announce(tx: Transaction, actor: Person, hosts: Collection[str], at: MessageRef | None) -> None:
    """Have whoever asked told how far these hosts are: at ``at``, or in a message of its own."""
    await tell(tx, HostsProgress, actor.telegram_id, at, hosts=",".join(hosts), fresh=at is None)


async def show(tx: Transaction, hosts: Collection[ProtectedHost]) -> None:
    """Bring the messages up to date in which these hosts stand."""
    together: dict[tuple[int, MessageRef | None], list[str]] = {}
    for one in hosts:
        to = one.shown_at.chat_id if one.shown_at is not None else await _asker(tx, one)
        together.setdefault((to, one.shown_at), []).append(one.host)
    for (to, at), names in together.items():
        await tell(tx, HostsProgress, to, at, hosts=",".join(names), fresh=False)


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


async def place_of(parts: Parts, what: Notice) -> MessageRef | None:
    """The message that shows these hosts already."""
    if not isinstance(what, HostsProgress):
        return None
    names = {one.host for one in what.hosts}
    async with parts.store.read() as tx:
        places = {one.shown_at for one in await tx.hosts.all() if one.host in names}
    return places.pop() if len(places) == 1 else None


async def keep_place(parts: Parts, what: Notice, at: MessageRef) -> None:
    """Remember which message shows these hosts."""
    if not isinstance(what, HostsProgress):
        return
    names = {one.host for one in what.hosts}
    async with parts.store.write() as tx:
        for one in await tx.hosts.all():
            if one.host in names and one.shown_at != at:
                await tx.hosts.place(one, at)


async def progress(tx: Transaction, zone: str, names: Collection[str]) -> HostsProgress:
    """How far these hosts are; one without a row is open to everybody."""
    known = {one.host: one for one in await tx.hosts.all()}
    facts = await tx.rules.of_zone(zone)
    writes = await tx.chores.of_subject(ChoreKind.WRITE_RULE, _RULE)
    looks = await tx.chores.of_kind(ChoreKind.WATCH_RULE)
    late = bool(writes) and all(LATE in chore.payload for chore in writes)
    hosts = tuple(_now(name, known.get(name), facts, late=late, looking=bool(looks)) for name in names)
    return HostsProgress(hosts)


def _now(name: str, row: ProtectedHost | None, facts: RuleFacts, *, late: bool, looking: bool) -> HostNow:
    if row is None:
        return HostNow(name, HostStep.OPEN)
    if row.state is HostState.LEAVING:
        return HostNow(name, HostStep.LEAVING)
    if row.state is HostState.ASSOCIATING:
        return HostNow(name, HostStep.LATE if late else HostStep.ASKED)
    if facts.unlocked_at is not None or row.unlocked_at is not None:
        return HostNow(name, HostStep.UNLOCKED)
    if facts.everything_at is not None:
        return HostNow(name, HostStep.LOCKDOWN)
    if row.seen_at is not None:
        return HostNow(name, HostStep.SEEN, max(0, round((row.seen_at - row.asked_at).total_seconds())))
    return HostNow(name, HostStep.WRITTEN if looking else HostStep.UNSEEN)


async def _asker(tx: Transaction, host: ProtectedHost) -> int:
    if host.asked_by is None:
        return next(iter(await tx.people.admins())).telegram_id
    return (await tx.people.of_id(host.asked_by)).telegram_id
