"""What is remembered of our rule: what was written last, whether the edge has it, what was ordered for all of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.audit import SYSTEM, AuditTag
from bot.model.message_ref import MessageRef
from bot.model.protection.rule import DesiredRule, PathCheck
from bot.model.protection.rule_changes import Change
from bot.store.audit.trail import AuditTrail
from bot.store.tables.core import zone


@dataclass(frozen=True)
class LockdownMessages:
    """Who ordered or ended the lockdown, how many open paths it closed, and the messages that tell of it."""

    by: str = ""
    paths: int = 0
    places: tuple[MessageRef, ...] = ()


NOBODY_TOLD = LockdownMessages()


@dataclass(frozen=True, kw_only=True)
class RuleRecord:
    """``text`` is the expression written last (empty: none is), ``beacon`` its nonce, ``enabled`` how it was written.

    ``seen_at``: when a request to the beacon was blocked. ``unlocked_at``: "unlocked on purpose", by the server's
    owner. ``lockdown_at``: no paths, no new certificates; ``everything_at``: nobody at all gets in.
    ``told`` are the differences that admins have been told of, ``changes`` what somebody else did lately.
    ``form`` stands for how the text was printed (empty: in a way of long ago), ``paths_by`` for how it tells open
    paths; ``raw_refused_at``: when Cloudflare last did not take the comparison with what was sent.
    """

    text: str = ""
    beacon: str = ""
    enabled: bool = True
    written_at: datetime | None = None
    seen_at: datetime | None = None
    unlocked_at: datetime | None = None
    lockdown_at: datetime | None = None
    everything_at: datetime | None = None
    told: frozenset[str] = frozenset()
    form: str = ""
    paths_by: PathCheck = PathCheck.NORMALISED
    raw_refused_at: datetime | None = None
    changes: Mapping[str, Change] = field(default_factory=dict)
    lockdown_told: LockdownMessages = NOBODY_TOLD


class RuleRecords:
    """Reads and changes what is remembered of the rule of one zone."""

    def __init__(self, connection: AsyncConnection, now: datetime, audit: AuditTrail) -> None:
        self._connection = connection
        self._now = now
        self._audit = audit

    async def of_zone(self, name: str) -> RuleRecord:
        """What is remembered; nothing yet for a zone without our rule."""
        row = (await self._connection.execute(select(zone).where(zone.c.name == name))).first()
        if row is None:
            return RuleRecord()
        return RuleRecord(
            text=row.rule_text or "",
            beacon=row.rule_beacon or "",
            enabled=row.rule_enabled is not False,
            written_at=row.rule_written_at,
            seen_at=row.rule_seen_at,
            unlocked_at=row.unlocked_at,
            lockdown_at=row.lockdown_at,
            everything_at=row.everything_at,
            told=frozenset(row.rule_told or ()),
            form=row.rule_form or "",
            paths_by=PathCheck(row.rule_paths_by) if row.rule_paths_by else PathCheck.NORMALISED,
            raw_refused_at=row.raw_refused_at,
            changes=_changes(row.rule_changes),
            lockdown_told=_told(row.lockdown_told),
        )

    async def written(
        self,
        name: str,
        *,
        text: str,
        form: str,
        rule: DesiredRule,
        raw_taken: bool | None,
    ) -> None:
        """The rule was written; nobody has seen it at the edge yet. ``raw_taken``: whether Cloudflare takes it with
        its open paths told by what was sent, ``None`` where it was not asked.
        """
        beacon, enabled = rule.beacon, rule.enabled
        asked = {} if raw_taken is None else {"raw_refused_at": None if raw_taken else self._now}
        await self._set(
            name,
            **asked,
            rule_form=form,
            rule_paths_by=rule.paths_by,
            rule_text=text,
            rule_beacon=beacon,
            rule_enabled=enabled,
            rule_written_at=self._now,
            rule_seen_at=None,
        )
        detail = {
            "enabled": enabled,
            "fingerprints": len(rule.fingerprints),
            "paths": len(rule.exceptions),
            "paths_by": rule.paths_by,
            "hosts": len(rule.hosts),
        }
        await self._audit.write(AuditTag.RULE_WRITTEN, actor=SYSTEM, subject=name[:64], detail=detail)

    async def removed(self, name: str) -> None:
        """The rule was taken out."""
        await self._set(name, rule_text=None, rule_beacon=None, rule_written_at=None, rule_seen_at=None, rule_told=[])
        await self._audit.write(AuditTag.RULE_REMOVED, actor=SYSTEM, subject=name[:64])

    async def seen(self, name: str) -> None:
        """The edge has the version written last."""
        await self._set(name, rule_seen_at=self._now)
        await self._audit.write(AuditTag.RULE_SEEN, actor=SYSTEM, subject=name[:64])

    async def told(self, name: str, what: Collection[str]) -> None:
        """Admins have been told of these differences, and of no others."""
        await self._set(name, rule_told=sorted(what))

    async def found_changed(self, name: str, what: Collection[str], changes: Mapping[str, Change]) -> None:
        """Somebody else changed the rule; ``changes`` are to be kept in mind."""
        kept = {
            one: {"found": [moment.timestamp() for moment in change.found], "said_at": _seconds(change.said_at)}
            for one, change in changes.items()
        }
        await self._set(name, rule_changes=kept)
        await self._audit.write(
            AuditTag.RULE_FOUND_CHANGED, actor=SYSTEM, subject=name[:64], detail={"what": sorted(what)}
        )

    async def order(
        self, name: str, tag: AuditTag, actor: str, *, detail: dict[str, str] | None = None, **moments: datetime | None
    ) -> None:
        """Write an order for the whole rule down: ``unlocked_at``, ``lockdown_at``, ``everything_at``; or none, for
        what is ordered by a chore alone.
        """
        if moments:
            await self._set(name, **moments)
        await self._audit.write(tag, actor=actor, subject=name[:64], detail=dict(detail or {}))

    async def keep_lockdown_told(self, name: str, told: LockdownMessages) -> None:
        """Remember who is told of a lockdown where."""
        places = [[one.chat_id, one.message_id] for one in told.places]
        await self._set(name, lockdown_told={"by": told.by, "paths": told.paths, "places": places})

    async def _set(self, name: str, **values: object) -> None:
        changed = await self._connection.execute(update(zone).where(zone.c.name == name).values(**values))
        if changed.rowcount == 0:
            await self._connection.execute(insert(zone).values(name=name, needs_rsa=False, **values))


def _told(stored: dict[str, Any] | None) -> LockdownMessages:
    if not stored:
        return NOBODY_TOLD
    return LockdownMessages(
        stored["by"], stored["paths"], tuple(MessageRef(chat, message) for chat, message in stored["places"])
    )


def _changes(stored: dict[str, Any] | None) -> dict[str, Change]:
    return {
        name: Change(
            tuple(datetime.fromtimestamp(seconds, UTC) for seconds in one["found"]),
            None if one["said_at"] is None else datetime.fromtimestamp(one["said_at"], UTC),
        )
        for name, one in (stored or {}).items()
    }


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
