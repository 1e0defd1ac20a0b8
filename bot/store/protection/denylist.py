"""Which certificates the rule turns away by their fingerprint, and how far that is. Derived from their rows."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, delete, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.certificates.certificates import Purpose, State
from bot.model.certificates.denylist import DenylistEntry
from bot.store.tables.core import certificate
from bot.store.tables.edge import kept_block

_TURNED_AWAY = (State.REVOKING, State.REVOKED, State.RESTORING)


class Denylist:
    """Reads and marks fingerprints. What Cloudflare does with the rule is no change of state: no audit event here,
    the write of the rule has one.
    """

    def __init__(self, connection: AsyncConnection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    async def all(self) -> tuple[DenylistEntry, ...]:
        """Every certificate that may have to be turned away.

        One that is being restored stays until Cloudflare says ``active``; the bot's own revoked probe is none: it
        shows that the rule heeds revocation.
        """
        rows = await self._connection.execute(
            select(
                certificate.c.fingerprint_sha256,
                certificate.c.state,
                certificate.c.revoke_asked_at,
                certificate.c.created_at,
                certificate.c.confirmed_revoked_at,
                certificate.c.expires_at,
                certificate.c.lost_at,
            ).where(_blocked())
        )
        kept = {one.fingerprint: one for one in await self._kept()}
        known = tuple(
            DenylistEntry(
                fingerprint=row.fingerprint_sha256,
                asked_at=row.revoke_asked_at or row.created_at,
                confirmed_at=row.confirmed_revoked_at if row.state == State.REVOKED else None,
                expires_at=row.expires_at,
                lost=row.lost_at is not None or kept.pop(row.fingerprint_sha256, None) is not None,
            )
            for row in rows
        )
        return (*known, *kept.values())

    async def keep(
        self, fingerprint: str, cloudflare_id: str | None, *, confirmed: bool, expires_at: datetime | None
    ) -> None:
        """Keep turning away what the rule turned away before a backup was restored, as long as there is room: why it
        did so, nobody knows any more. ``confirmed``: Cloudflare says ``revoked``, or knows no such certificate.
        """
        values = {
            "cloudflare_id": cloudflare_id,
            "kept_at": self._now,
            "confirmed_at": self._now if confirmed else None,
            "expires_at": expires_at,
        }
        await self._connection.execute(
            insert(kept_block)
            .values(fingerprint_sha256=fingerprint, **values)
            .on_conflict_do_update(index_elements=[kept_block.c.fingerprint_sha256], set_=values)
        )

    async def known(self) -> dict[str, str | None]:
        """The fingerprint of every certificate that any row knows, the bot's own too, by Cloudflare's id."""
        rows = await self._connection.execute(
            select(certificate.c.cloudflare_id, certificate.c.fingerprint_sha256).where(
                certificate.c.cloudflare_id.is_not(None)
            )
        )
        return {row.cloudflare_id: row.fingerprint_sha256 for row in rows}

    async def kept_unconfirmed(self) -> tuple[str, ...]:
        """Those kept ones, as Cloudflare names them, of which it has not said that they are revoked."""
        waiting = kept_block.c.confirmed_at.is_(None) & kept_block.c.cloudflare_id.is_not(None)
        return tuple((await self._connection.execute(select(kept_block.c.cloudflare_id).where(waiting))).scalars())

    async def kept_confirmed(self, cloudflare_id: str) -> None:
        """Cloudflare says that one is revoked."""
        await self._connection.execute(
            update(kept_block).where(kept_block.c.cloudflare_id == cloudflare_id).values(confirmed_at=self._now)
        )

    async def let_go(self, fingerprint: str | None) -> None:
        """Somebody gave that certificate back on purpose."""
        await self._connection.execute(delete(kept_block).where(kept_block.c.fingerprint_sha256 == fingerprint))

    async def _kept(self) -> tuple[DenylistEntry, ...]:
        return tuple(
            DenylistEntry(
                fingerprint=row.fingerprint_sha256,
                asked_at=row.kept_at,
                confirmed_at=row.confirmed_at,
                expires_at=row.expires_at,
                lost=True,
            )
            for row in await self._connection.execute(select(kept_block))
        )

    async def written(self, fingerprints: Collection[str]) -> tuple[str, ...]:
        """The rule has these fingerprints now, and no others; answers the public ids of those that left it."""
        kept = certificate.c.fingerprint_sha256.in_(fingerprints)
        await self._set(and_(kept, certificate.c.blocked_at.is_(None)), blocked_at=self._now, block_seen_at=None)
        out = or_(certificate.c.fingerprint_sha256.is_(None), certificate.c.fingerprint_sha256.not_in(fingerprints))
        left = and_(out, certificate.c.blocked_at.is_not(None))
        ids = tuple((await self._connection.execute(select(certificate.c.public_id).where(left))).scalars())
        await self._set(left, blocked_at=None, block_seen_at=None)
        return ids

    async def seen(self, written_by: datetime) -> tuple[str, ...]:
        """The edge has the rule that was written then: answers the public ids of what it turns away since."""
        fresh = and_(certificate.c.blocked_at <= written_by, certificate.c.block_seen_at.is_(None))
        ids = tuple(
            (await self._connection.execute(select(certificate.c.public_id).where(fresh, _blocked()))).scalars()
        )
        await self._set(fresh, block_seen_at=self._now)
        return ids

    async def not_seen(self) -> tuple[str, ...]:
        """The public ids of certificates of which nobody has seen yet that they are turned away."""
        rows: Select[Any] = select(certificate.c.public_id).where(_blocked(), certificate.c.block_seen_at.is_(None))
        return tuple((await self._connection.execute(rows)).scalars())

    async def _set(self, which: Any, **values: object) -> None:
        await self._connection.execute(update(certificate).where(which).values(**values))


def _blocked() -> Any:
    return and_(
        certificate.c.state.in_(_TURNED_AWAY),
        certificate.c.purpose == Purpose.DEVICE,
        certificate.c.fingerprint_sha256.is_not(None),
    )
