"""What whoever ordered a take-over is told, and when the rule's news carry it on."""

from collections.abc import Collection

from bot.model.audit import AuditTag
from bot.model.host_notices import TakeOverNow, TakeOverState
from bot.model.jobs import JobKind
from bot.model.protection.hosts import ProtectedHost
from bot.services.notifications.enqueue import enqueue_notice
from bot.store.engine.database import Transaction
from bot.store.protection.takeovers import TakeOver


async def show(tx: Transaction, which: TakeOver) -> None:
    """Bring its message up to date."""
    await enqueue_notice(tx, TakeOverNow, which.at.chat_id, which.at, take_over=which.public_id)


async def rule_seen(tx: Transaction) -> None:
    """Ours was seen working: only now theirs may be switched off."""
    locked = {one.host for one in await tx.hosts.all() if one.seen_at is not None}
    for which in await tx.take_overs.in_state(TakeOverState.WAITING):
        if locked >= set(which.hosts) and not await tx.jobs.of_subject(JobKind.TAKE_OVER, which.public_id):
            await tx.jobs.add(JobKind.TAKE_OVER, which.public_id)


async def hosts_left(tx: Transaction, hosts: Collection[ProtectedHost]) -> None:
    """These hosts are open to everybody now: what still waited to take them over never comes about."""
    names = {one.host for one in hosts}
    for which in await tx.take_overs.in_state(TakeOverState.WAITING):
        if names & set(which.hosts):
            await show(tx, await tx.take_overs.move(which, TakeOverState.STOPPED, tag=AuditTag.TAKE_OVER_STOPPED))


def now(which: TakeOver) -> TakeOverNow:
    """A take-over as it is."""
    return TakeOverNow(which.public_id, which.state, which.hosts, switches=bool(which.rules))
