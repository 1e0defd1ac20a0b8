"""The bot's own certificates: what there is to look at the edge with.

Their keys live in the vault alone. So a restart loses them: what was live then is revoked, and made anew. They are made
when somebody first wants to look, and from then on kept fresh.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.audit import AuditTag
from bot.model.certificates.certificates import State
from bot.model.jobs import JobKind
from bot.model.proofs.identity import Identity
from bot.model.proofs.probe_certificates import ProbeCertificate
from bot.model.proofs.probe_results import RuleVisibility
from bot.model.protection.rule import BEACON_PATH
from bot.model.public_id import PublicId
from bot.pki.keys import key_pem
from bot.services.prober import Prober
from bot.services.vault import Vault
from bot.store.engine.database import Store, Transaction

PROBE = "probe"
"""The subject of the one chore that makes them."""

_AFTER_RESTART = timedelta(minutes=1)
"""A bot that dies at once, again and again, shall not leave certificates behind each time."""


@dataclass(frozen=True)
class ProbePair:
    """What there is to look with. ``revoked_at`` is when Cloudflare confirmed that: the edge may take a while."""

    live: Identity | None
    revoked: Identity | None
    revoked_at: datetime | None

    @property
    def is_complete(self) -> bool:
        """Whether there are both."""
        return self.live is not None and self.revoked is not None and self.revoked_at is not None


async def pair(store: Store, vault: Vault) -> ProbePair:
    """The certificates to look with now; wants them made where one is missing."""
    async with store.read() as tx:
        now = tx.now
        live = await tx.probes.in_state(State.ACTIVE)
        gone = await tx.probes.in_state(State.REVOKED)
    here = next(iter(usable(live, vault, now)), None)
    there = next(iter(usable(gone, vault, now)), None)
    found = ProbePair(
        live=identity(vault, here.public_id) if here else None,
        revoked=identity(vault, there.public_id) if there else None,
        revoked_at=there.confirmed_revoked_at if there else None,
    )
    if not found.is_complete:
        async with store.write() as tx:
            await want(tx)
    return found


def usable(rows: tuple[ProbeCertificate, ...], vault: Vault, now: datetime) -> tuple[ProbeCertificate, ...]:
    """Those that are young enough and whose key this process has."""
    return tuple(row for row in rows if row.is_usable(now) and identity(vault, row.public_id) is not None)


def identity(vault: Vault, public_id: PublicId) -> Identity | None:
    """Certificate and key as TLS wants them; ``None`` where the process that had the key is gone."""
    entry = vault.look(public_id)
    if entry is None or entry.key is None or entry.certificate is None:
        return None
    return Identity(entry.certificate, key_pem(entry.key))


async def want(tx: Transaction) -> None:
    """Have both made, soon. What is under way already, or waits after trouble, is not hurried."""
    waiting = await tx.jobs.of_subject(JobKind.PROBE, PROBE)
    if not waiting:
        await tx.jobs.add(JobKind.PROBE, PROBE, payload={"make": True})
    for chore in waiting:
        if not chore.payload.get("make"):
            await tx.jobs.remember(chore.id, {**chore.payload, "make": True})
        if chore.attempts == 0 and chore.due_at > tx.now:
            await tx.jobs.bring_forward(JobKind.PROBE, PROBE)


async def after_restart(tx: Transaction) -> None:
    """The keys are gone: have revoked what is still live, and made anew what was in use."""
    used = await tx.probes.in_state(State.ACTIVE, State.ISSUING)
    left = await tx.probes.in_state(State.REVOKING)
    if (used or left) and not await tx.jobs.of_subject(JobKind.PROBE, PROBE):
        due = tx.now + _AFTER_RESTART
        await tx.jobs.add(JobKind.PROBE, PROBE, due_at=due, payload={"make": bool(used)})


async def keep_fresh(tx: Transaction) -> None:
    """Have the live one replaced when it has served its time, or only revoked where no host is protected now."""
    if all(row.is_usable(tx.now) for row in await tx.probes.in_state(State.ACTIVE)):
        return
    if await tx.hosts.any():
        await want(tx)
    elif not await tx.jobs.of_subject(JobKind.PROBE, PROBE):
        await tx.jobs.add(JobKind.PROBE, PROBE)


async def missing(tx: Transaction, live: Collection[str]) -> tuple[str, ...]:
    """Those in use, by Cloudflare's id, that are not among these."""
    rows = await tx.probes.in_state(State.ACTIVE)
    return tuple(row.cloudflare_id for row in rows if row.cloudflare_id and row.cloudflare_id not in live)


async def compare(tx: Transaction, live: Collection[str], gone: Collection[str]) -> tuple[str, ...]:
    """Compare with what is valid at Cloudflare, and what is not any more. What somebody revoked there is taken as
    revoked, and replaced; answers the ids of those that somebody took back there: they are to be revoked again.
    """
    for row in await tx.probes.in_state(State.ACTIVE):
        if row.cloudflare_id in gone:
            await tx.probes.move(
                row, State.REVOKING, tag=AuditTag.PROBE_REVOKE_DECIDED, detail={"why": "revoked-there"}
            )
            await want(tx)
    return tuple(row.cloudflare_id or "" for row in await tx.probes.revoked_of(live))


class ProbeObserver:
    """A ``RuleObserver`` with the live certificate."""

    def __init__(self, store: Store, vault: Vault, prober: Prober) -> None:
        self._store = store
        self._vault = vault
        self._prober = prober

    async def rule_is_visible(self, host: str, beacon: str, *, everything: bool) -> RuleVisibility:
        """See ``RuleObserver.sees``. Without a certificate it is unclear, and one is made."""
        live = (await pair(self._store, self._vault)).live
        if live is None:
            return RuleVisibility.UNCLEAR
        return await self._prober.sees_beacon(host, BEACON_PATH + beacon, live, everything=everything)
