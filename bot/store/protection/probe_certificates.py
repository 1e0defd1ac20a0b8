"""The bot's own certificates. They stand in the table of all certificates, without a device: whoever reads devices
and their owners does not meet them.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.certificates import MOVES, KeyType, Origin, Purpose, State
from bot.model.proofs.probe_certificates import ASKED_DAYS, COMMON_NAME, ProbeCertificate
from bot.model.public_id import PublicId
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import certificate


class Probes:
    """Reads and changes probe certificates. Every change is a compare-and-set and writes one audit event."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def in_state(self, *states: State) -> tuple[ProbeCertificate, ...]:
        """Those in one of these states, newest first."""
        return await self._many(certificate.c.state.in_(states))

    async def failed_since(self, since: datetime) -> tuple[ProbeCertificate, ...]:
        """Those given up after ``since``: Cloudflare may still have made a certificate for their keys."""
        return await self._many(certificate.c.state == State.FAILED, certificate.c.failed_at >= since)

    async def revoked_of(self, cloudflare_ids: Collection[str]) -> tuple[ProbeCertificate, ...]:
        """Those of these ids of Cloudflare's that are revoked here."""
        return await self._many(certificate.c.state == State.REVOKED, certificate.c.cloudflare_id.in_(cloudflare_ids))

    async def count_since(self, since: datetime) -> int:
        """How many were ordered after a moment, whatever became of them."""
        rows = await self._many(certificate.c.created_at > since)
        return len(rows)

    async def order(self, public_id: PublicId, *, key_type: KeyType, public_key_sha256: str) -> ProbeCertificate:
        """Write down, before Cloudflare hears of it, that a certificate is to be made for that key."""
        await self._connection.execute(
            insert(certificate).values(
                public_id=public_id,
                device_id=None,
                state=State.ISSUING,
                purpose=Purpose.PROBE,
                origin=Origin.MADE_HERE,
                key_type=key_type,
                asked_days=ASKED_DAYS,
                common_name=COMMON_NAME,
                public_key_sha256=public_key_sha256,
                created_at=self._now,
                never_restore=True,
            )
        )
        detail = {"public_key": public_key_sha256}
        await self._audit.write(AuditTag.PROBE_KEY_MADE, actor=SYSTEM, subject=public_id, detail=detail)
        (made,) = await self._many(certificate.c.public_id == public_id)
        return made

    async def move(
        self,
        which: ProbeCertificate,
        to: State,
        *,
        tag: AuditTag,
        detail: dict[str, Any] | None = None,
        **facts: object,
    ) -> ProbeCertificate:
        """Move one from the state ``which`` shows to another.

        Raises:
            Gone: it is in another state by now.
        """
        if to not in MOVES[which.state]:
            raise StaleAction
        changed = await self._connection.execute(
            update(certificate)
            .where(certificate.c.id == which.id, certificate.c.state == which.state)
            .values(state=to, **facts)
        )
        if changed.rowcount != 1:
            raise StaleAction
        await self._audit.write(tag, actor=SYSTEM, subject=which.public_id, detail=detail)
        (moved,) = await self._many(certificate.c.id == which.id)
        return moved

    async def _many(self, *conditions: ColumnElement[bool]) -> tuple[ProbeCertificate, ...]:
        rows = await self._connection.execute(
            select(certificate)
            .where(certificate.c.purpose == Purpose.PROBE, *conditions)
            .order_by(certificate.c.id.desc())
        )
        return tuple(_probe(row) for row in rows)


def _probe(row: Row[Any]) -> ProbeCertificate:
    return ProbeCertificate(
        id=row.id,
        public_id=PublicId(row.public_id),
        state=State(row.state),
        key_type=KeyType(row.key_type),
        public_key_sha256=row.public_key_sha256,
        cloudflare_id=row.cloudflare_id,
        fingerprint_sha256=row.fingerprint_sha256,
        created_at=row.created_at,
        expires_at=row.expires_at,
        confirmed_revoked_at=row.confirmed_revoked_at,
    )
