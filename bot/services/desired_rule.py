"""The rule as the rows want it, and having it written.

Whoever changes what the rule says (a host, an open path, a revoke, lockdown, unlock) changes the rows and calls
``enqueue_rule_write`` in the same transaction. The rule is built from the rows when it is written, so that many
changes at once become one write.
"""

import dataclasses
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import StaleAction
from bot.model.audit import AuditTag
from bot.model.certificates.denylist import ranked
from bot.model.jobs import JobKind
from bot.model.people.access import Action, check
from bot.model.people.people import Person
from bot.model.protection.hosts import HostState, ProtectedHost
from bot.model.protection.plan import check_fits
from bot.model.protection.rule import DesiredRule, PathCheck
from bot.model.public_id import new_public_id
from bot.model.results import PutBackStarted
from bot.services.context import AppContext
from bot.store.certificates.certificates import actor_of
from bot.store.engine.database import Cause, Transaction
from bot.store.protection.rule import RuleRecord

RULE = "rule"
"""The subject of chores about the whole rule: they stand in one line."""


RAW_AGAIN = timedelta(days=1)
"""How long a zone that refused to compare paths as they are sent is not asked for it again: its plan may change."""


@dataclass(frozen=True, kw_only=True)
class DesiredState:
    """What the rows want. The first ``unconfirmed`` fingerprints are those that may never leave the rule."""

    wanted: DesiredRule
    unconfirmed: int
    hosts: tuple[ProtectedHost, ...]
    facts: RuleRecord

    def of_state(self, state: HostState) -> tuple[ProtectedHost, ...]:
        """The hosts of that state."""
        return tuple(one for one in self.hosts if one.state is state)

    def without(self, hosts: Collection[str]) -> "DesiredState":
        """The same, but for these hosts."""
        left = tuple(one for one in self.wanted.hosts if one not in hosts)
        paths = tuple(one for one in self.wanted.exceptions if one.host in left)
        return dataclasses.replace(self, wanted=dataclasses.replace(self.wanted, hosts=left, exceptions=paths))


async def desired_state(tx: Transaction, zone: str) -> DesiredState:
    """What the rule shall say now, with a beacon of its own."""
    hosts, facts = await tx.hosts.all(), await tx.rules.of_zone(zone)
    named = tuple(one.host for one in hosts if one.state is not HostState.LEAVING and one.unlocked_at is None)
    paths = () if facts.lockdown_at is not None else await tx.paths.open_now()
    turned_away = ranked(await tx.blocks.all(), tx.now)
    wanted = DesiredRule(
        hosts=named,
        beacon=new_public_id(),
        exceptions=tuple(one.as_exception for one in paths if one.host in named),
        fingerprints=turned_away.fingerprints,
        everything=facts.everything_at is not None,
        enabled=facts.unlocked_at is None,
        paths_by=_paths_by(facts, tx.now),
    )
    return DesiredState(wanted=wanted, unconfirmed=turned_away.unconfirmed, hosts=hosts, facts=facts)


def _paths_by(facts: RuleRecord, now: datetime) -> PathCheck:
    refused = facts.raw_refused_at
    # One of the future was written by a clock that was set right since.
    is_refused = refused is not None and refused <= now < refused + RAW_AGAIN
    return PathCheck.NORMALISED if is_refused else PathCheck.BOTH


async def check_room(tx: Transaction, zone: str) -> None:
    """Return when hosts and open paths, as the rows are now, fit into the rule.

    For decisions that add one: called after the change, in its transaction, which then leaves no trace.

    Raises:
        ExpressionTooLong: they do not fit.
    """
    now = await desired_state(tx, zone)
    if now.wanted.hosts:
        check_fits(now.wanted)


async def enqueue_rule_write(tx: Transaction, *, try_first: bool = False, hosts_too: bool = False) -> None:
    """Have the rule written from the rows.

    ``try_first``: somebody waits for something to be opened or protected, so Cloudflare may check it first; never for
    what takes away. ``hosts_too``: associate again whatever host is not.
    """
    await tx.jobs.add(JobKind.WRITE_RULE, RULE, payload={"try_first": try_first, "hosts_too": hosts_too})


async def awaits_restore_check(tx: Transaction) -> bool:
    """Whether a backup was restored and Cloudflare not asked yet: nothing may be written there."""
    return any("found" not in chore.payload for chore in await tx.jobs.of_kind(JobKind.CHECK_RESTORED))


async def order_write_if_locked(tx: Transaction) -> bool:
    """Have the rule follow a change of certificates, where there is a rule of ours; answers whether there is."""
    ours = await tx.hosts.any()
    if ours:
        await enqueue_rule_write(tx)
    return ours


async def restore_rule(app: AppContext, actor: Person, cause: Cause | None = None) -> PutBackStarted:
    """Write the rule as it should be, after somebody else changed it or its hosts.

    Raises:
        Gone: there is no rule of ours any more.
        NotAllowed, Frozen: nothing was ordered.
    """
    check(actor, Action.ADMINISTER)
    async with app.store.write(cause) as tx:
        await put_back_in(tx, app.policy.zone, actor)
    return PutBackStarted()


async def put_back_in(tx: Transaction, zone: str, actor: Person) -> None:
    """The same in a transaction that has seen the right to it.

    Raises:
        Gone: there is no rule of ours any more.
    """
    if not await tx.hosts.any():
        raise StaleAction
    await tx.rules.order(zone, AuditTag.RULE_PUT_BACK_ASKED, actor_of(actor))
    await enqueue_rule_write(tx, hosts_too=True)
