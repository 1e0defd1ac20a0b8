"""What was proven last, one row for each host and open path."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind, Colour, LastProof, LockMode, Proof
from bot.store.tables.edge import proof, proof_run


class Proofs:
    """Reads and keeps proofs. A look changes nothing about anybody's rights, so it is no event of the record."""

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def all(self) -> tuple[Proof, ...]:
        """The last proof of everything, in the order of the hosts' names."""
        rows = await self._connection.execute(select(proof).order_by(proof.c.kind, proof.c.label))
        return tuple(_proof(row) for row in rows)

    async def of(self, kind: str, subject: str) -> Proof | None:
        """The last proof of one host, or of one open path; ``None`` where it was never tried."""
        rows = await self._connection.execute(select(proof).where(proof.c.kind == kind, proof.c.subject == subject))
        row = rows.first()
        return None if row is None else _proof(row)

    async def keep(self, proofs: Sequence[Proof]) -> tuple[Proof, ...]:
        """Keep these in place of earlier ones; answers those by which somebody gets in in a way not known before."""
        before = {(one.kind, one.subject): one for one in await self.all()}
        fresh = []
        for one in proofs:
            old = before.get((one.kind, one.subject))
            known = {way.key for way in old.ways_in} if old is not None and old.colour is Colour.RED else set()
            if one.colour is Colour.RED and {way.key for way in one.ways_in} - known:
                fresh.append(one)
            await self._keep(one, is_new=old is None)
        return tuple(fresh)

    async def forget_all_but(self, hosts: Collection[str], paths: Collection[str]) -> None:
        """What is no host and no open path any more has nothing to be proven."""
        for kind, kept in (("host", hosts), ("path", paths)):
            await self._connection.execute(delete(proof).where(proof.c.kind == kind, proof.c.subject.not_in(kept)))

    async def proven_all(self, name: str, *, daily: bool) -> None:
        """All of the zone's lock was tried; ``daily``: in the unusual ways too."""
        moments = {"proven_at": self._now} | ({"proven_daily_at": self._now} if daily else {})
        changed = await self._connection.execute(update(proof_run).where(proof_run.c.zone == name).values(**moments))
        if changed.rowcount == 0:
            await self._connection.execute(insert(proof_run).values(zone=name, **moments))

    async def proven_daily_at(self, name: str) -> datetime | None:
        """When all was last tried in the unusual ways too."""
        moment: datetime | None = await self._connection.scalar(
            select(proof_run.c.proven_daily_at).where(proof_run.c.zone == name)
        )
        return moment

    async def last(self, name: str) -> LastProof:
        """How it went, counted."""
        rows = await self._connection.execute(select(proof.c.colour, func.count()).group_by(proof.c.colour))
        counts = {row[0]: row[1] for row in rows}
        at: datetime | None = await self._connection.scalar(
            select(proof_run.c.proven_at).where(proof_run.c.zone == name)
        )
        green, yellow, red = (counts.get(colour.value, 0) for colour in Colour)
        return LastProof(at=at, green=green, yellow=yellow, red=red)

    async def _keep(self, one: Proof, *, is_new: bool) -> None:
        values = {
            "label": one.label,
            "mode": one.mode,
            "colour": one.colour,
            "tried": [[way.trial, way.detail, way.look.verdict, way.look.status, way.look.why] for way in one.tried],
            "proven_at": one.at,
        }
        if is_new:
            await self._connection.execute(insert(proof).values(kind=one.kind, subject=one.subject, **values))
        else:
            same = (proof.c.kind == one.kind, proof.c.subject == one.subject)
            await self._connection.execute(update(proof).where(*same).values(**values))


def _proof(row: Row[Any]) -> Proof:
    return Proof(
        kind=row.kind,
        subject=row.subject,
        label=row.label,
        mode=LockMode(row.mode),
        tried=tuple(
            Attempt(AttemptKind(trial), ProbeResult(Verdict(verdict), status, Cause(why)), detail)
            for trial, detail, verdict, status, why in row.tried
        ),
        at=row.proven_at,
    )
