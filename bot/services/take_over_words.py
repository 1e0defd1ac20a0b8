"""What whoever ordered a take-over is told, and when the rule's news carry it on."""

from collections.abc import Collection

from bot.model.audit import Tag
from bot.model.chores import ChoreKind
from bot.model.host_notices import TakeOverNow, TakeOverState
from bot.model.hosts import ProtectedHost
from bot.services.telling_later import tell
from bot.store.database import Transaction
from bot.store.take_overs import TakeOver


async def show(tx: Transaction, which: TakeOver) -> None:
    """Bring its message up to date."""
    await tell(tx, TakeOverNow, which.at.chat_id, which.at, take_over=which.public_id)


async def rule_seen(tx: Transaction) -> None:
    """Ours was seen working: only now theirs may be switched off."""
    locked = {one.host for one in await tx.hosts.all() if one.seen_at is not None}
    for which in await tx.take_overs.in_state(TakeOverState.WAITING):
        if locked >= set(which.hosts) and not await tx.chores.of_subject(ChoreKind.TAKE_OVER, which.public_id):
            await tx.chores.add(ChoreKind.TAKE_OVER, which.public_id)


async def hosts_left(tx: Transaction, hosts: Collection[ProtectedHost]) -> None:
    """These hosts are open to everybody now: what still waited to take them over never comes about."""
    names = {one.host for one in hosts}
    for which in await tx.take_overs.in_state(TakeOverState.WAITING):
        if names & set(which.hosts):
            await show(tx, await tx.take_overs.move(which, TakeOverState.STOPPED, tag=Tag.TAKE_OVER_STOPPED))


def now(which: TakeOver) -> TakeOverNow:
    """A take-over as it is."""
    return TakeOverNow(which.public_id, which.state, which.hosts, switches=bool(which.rules))
