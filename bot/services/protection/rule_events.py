"""Who is told what about the rule. One function a moment, called in the transaction that records it.

The seam for words about hosts and open paths: they belong into ``written`` (the rule has them), ``seen`` (the edge
has them, and they are tried next: ``bot.services.proofs.results`` tells of that), ``left`` (a host is open to
everybody) and ``stuck`` (it does not go on by itself).
"""

from collections.abc import Collection

from bot.errors import EdgeTrouble, HostsNotTaken, MissingRight, RuleQuotaFull
from bot.model.certificates.certificates import State
from bot.model.protection.hosts import ProtectedHost
from bot.model.protection.plan import PlannedRule
from bot.model.protection.rule_notices import MoreThanFit, RuleStuck
from bot.services.certificates.revocation_outcome import tell_outcomes, tell_restored
from bot.services.notifications.enqueue import enqueue_notice
from bot.services.openings import events
from bot.services.protection import host_progress, lockdown_progress, takeover_progress
from bot.services.protection.proof_schedule import prove_changes
from bot.store.engine.database import Transaction

MORE_THAN_FIT = "more-than-fit"


async def let_in(tx: Transaction, public_ids: Collection[str]) -> None:
    """These certificates are not turned away by the rule any more."""
    for public_id in public_ids:
        certificate = await tx.certificates.of(public_id)
        if certificate.state is State.ACTIVE:
            await tell_restored(tx, certificate)


async def on_written(tx: Transaction, zone: str, planned: PlannedRule, *, told_before: Collection[str]) -> None:
    """The rule was written."""
    await host_progress.show_protected_now(tx)
    await lockdown_progress.show(tx, zone)
    lockdown = (await tx.rules.of_zone(zone)).lockdown_at is not None
    await events.on_written(tx, planned.fit.rule.exceptions, lockdown=lockdown)
    more = len(planned.fit.unconfirmed_left_out)
    await tx.rules.told(zone, [MORE_THAN_FIT] if more else [])
    if more and MORE_THAN_FIT not in told_before:
        for admin in await tx.people.admins():
            await enqueue_notice(tx, MoreThanFit, admin.telegram_id, count=more)


async def on_seen(tx: Transaction, public_ids: Collection[str]) -> None:
    """The edge has the rule; these certificates are turned away by it for the first time."""
    await tell_outcomes(tx, public_ids)
    await tx.hosts.seen()
    await tell_outcomes(tx, await tx.blocks.not_seen())
    await events.on_seen(tx)
    await takeover_progress.rule_seen(tx)
    await prove_changes(tx)


async def on_settled(tx: Transaction) -> None:
    """No more is to be expected of the rule for now: whoever waits is told how it is."""
    await tell_outcomes(tx, await tx.blocks.not_seen())
    await host_progress.show_waiting(tx)
    await events.on_late(tx)


async def removed(tx: Transaction) -> None:
    """The rule was taken out: there is nothing to make an exception of."""
    await events.on_written(tx, ())


async def not_taken(tx: Transaction) -> bool:
    """Cloudflare refuses the rule for good; answers whether it is another one without what was to be opened."""
    return await events.not_taken(tx)


async def on_left(tx: Transaction, hosts: Collection[ProtectedHost]) -> None:
    """These hosts are open to everybody."""
    await host_progress.show(tx, hosts)
    await takeover_progress.hosts_left(tx, hosts)


async def on_stuck(tx: Transaction, trouble: EdgeTrouble) -> None:
    """The rule cannot be written until somebody does something about it."""
    right = trouble.right if isinstance(trouble, MissingRight) else ""
    hosts = ",".join(trouble.hosts) if isinstance(trouble, HostsNotTaken) else ""
    rules = trouble.rules if isinstance(trouble, RuleQuotaFull) else 0
    for admin in await tx.people.admins():
        await enqueue_notice(
            tx, RuleStuck, admin.telegram_id, why=type(trouble).__name__, right=right, hosts=hosts, rules=rules
        )
