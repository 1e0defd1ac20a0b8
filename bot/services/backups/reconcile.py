"""Restoring a backup, second half: what Cloudflare knows and the backup does not.

Until this is done nothing of the rule is written: an old backup must not open what was closed since. What Cloudflare
says is revoked is revoked; what its rule turns away stays turned away; a path stays open only where its rule still
has it, and no longer than both say.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from bot.errors import EdgeTrouble, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.backups import Differences
from bot.model.certificates.at_cloudflare import EdgeCertificate, EdgeStatus
from bot.model.certificates.certificates import MARK, Certificate, RevokeReason, State
from bot.model.jobs import JobKind
from bot.model.openings.paths import PATH_IN_RULE, OpenPath, PathEnd, PathState, shortened
from bot.model.proofs.probe_certificates import COMMON_NAME
from bot.model.protection.hosts import HostState
from bot.model.protection.rule import PathException
from bot.model.protection.rule_reader import ParsedRule, read_rule
from bot.pki.certificates import CertificateFacts
from bot.services.backups.restore import device_of
from bot.services.certificates.revoke import cancel_order, revoke_certificate
from bot.services.certificates.unmanaged import facts_of
from bot.services.context import AppContext
from bot.services.desired_rule import enqueue_rule_write
from bot.services.openings import events
from bot.services.openings.open_path import close_in
from bot.store.engine.database import Transaction

_log = structlog.get_logger()
_WHY = {"why": "restored"}
_GONE = frozenset({EdgeStatus.REVOKED, EdgeStatus.PENDING_REVOCATION})


@dataclass(frozen=True)
class _Listed:
    """One of Cloudflare's certificates, and what it says itself where its text is known."""

    edge: EdgeCertificate
    facts: CertificateFacts | None

    @property
    def is_live(self) -> bool:
        return self.edge.status.holds_slot


@dataclass(frozen=True)
class _There:
    """What Cloudflare has."""

    listed: Mapping[str, _Listed]
    said: ParsedRule

    def of_unit(self, certificate: Certificate) -> _Listed | None:
        """The live certificate that was made for this order: by its OU, or by our public key."""
        for one in self.listed.values():
            if not one.is_live or one.facts is None:
                continue
            key = certificate.public_key_sha256
            if key is not None and one.facts.public_key_sha256 == key:
                return one
            if key is None and one.facts.organizational_unit == certificate.organizational_unit:
                return one
        return None

    def turns_away(self, certificate: Certificate) -> bool:
        return certificate.fingerprint_sha256 in self.said.fingerprints


async def compare(app: AppContext) -> Differences:
    """Ask Cloudflare, and make the rows say what is safe. The caller holds the lock of the rule.

    Raises:
        EdgeTrouble: Cloudflare could not be asked; nothing was changed.
    """
    there = _There(
        {one.cloudflare_id: _Listed(one, facts_of(one)) for one in await app.edge.all_certificates()},
        await _said(app),
    )
    async with app.store.write() as tx:
        found, strays = await _certificates(tx, there)
        strays += await _rule(tx, there)
        found = await _hosts(tx, there, found)
        found = await _paths(tx, there, found)
        if there.said.everything:
            found = replace(found, nobody_gets_in=True)
            await _lock_down(tx, app.policy.zone)
        if await tx.hosts.any():
            await enqueue_rule_write(tx, hosts_too=True)
        for chore in await tx.jobs.of_kind(JobKind.CHECK_RESTORED):
            found = replace(found, revoked=(*chore.payload["taken"], *found.revoked))
            await tx.jobs.remember(chore.id, {**chore.payload, "found": found.as_payload()})
        detail = {name: len(value) if isinstance(value, list) else value for name, value in found.as_payload().items()}
        await tx.audit.write(AuditTag.BACKUP_COMPARED, actor=SYSTEM, subject=app.policy.zone[:64], detail=detail)
    for cloudflare_id in strays:
        await _revoke(app, cloudflare_id)
    return found


async def _said(app: AppContext) -> ParsedRule:
    ours = (await app.edge.rule_state()).ours
    return ParsedRule() if ours is None else read_rule(ours.expression)


async def _certificates(tx: Transaction, there: _There) -> tuple[Differences, list[str]]:
    """Compare device by device; answers what differs, and what is to be revoked at Cloudflare at once."""
    names: dict[str, list[str]] = {"revoked": [], "revoked_again": [], "linked": [], "missing": []}
    again: list[str] = []
    for certificate in await tx.certificates.in_state(State.ISSUING):
        if await _linked(tx, certificate, there):
            names["linked"].append(device_of(certificate))
    for certificate in await tx.certificates.in_state(State.ACTIVE):
        listed = there.listed.get(certificate.cloudflare_id or "")
        if listed is None:
            names["missing"].append(device_of(certificate))
        elif listed.edge.status in _GONE or there.turns_away(certificate):
            names["revoked"].append(device_of(certificate))
            await _revoked_there(tx, certificate, listed)
    live = [cloudflare_id for cloudflare_id, listed in there.listed.items() if listed.is_live]
    for certificate in await tx.certificates.revoked_of(live):
        names["revoked_again"].append(device_of(certificate))
        again.append(certificate.cloudflare_id or "")
        await tx.certificates.record(
            certificate, tag=AuditTag.CERTIFICATE_FOUND_ACTIVE, never_restore=True, confirmed_revoked_at=None
        )
    unknown = await _unknown(tx, there)
    found = Differences(
        revoked=tuple(names["revoked"]),
        revoked_again=tuple(names["revoked_again"]),
        linked=tuple(names["linked"]),
        missing=tuple(names["missing"]),
        unknown=unknown.marked,
        unmarked=unknown.unmarked,
    )
    return found, [*again, *unknown.strays]


async def _linked(tx: Transaction, certificate: Certificate, there: _There) -> bool:
    """An order of then: the certificate that came of it is taken up again, or the order given up."""
    listed = there.of_unit(certificate)
    if listed is None or listed.facts is None:
        await cancel_order(tx, certificate, SYSTEM)
        return False
    await tx.certificates.move(
        certificate,
        State.ACTIVE,
        tag=AuditTag.CERTIFICATE_ISSUED,
        detail={"serial": listed.facts.serial, "fingerprint": listed.facts.fingerprint_sha256, **_WHY},
        cloudflare_id=listed.edge.cloudflare_id,
        public_key_sha256=listed.facts.public_key_sha256,
        serial=listed.facts.serial,
        fingerprint_sha256=listed.facts.fingerprint_sha256,
        issued_at=listed.facts.not_before,
        expires_at=listed.facts.not_after,
        cleaned_at=tx.now,
    )
    return True


async def _revoked_there(tx: Transaction, certificate: Certificate, listed: _Listed) -> None:
    """Revoked since, at Cloudflare or by the rule: revoked here, and never given back by an Undo."""
    await revoke_certificate(tx, None, certificate, RevokeReason.BY_ANOTHER, {})
    if listed.edge.status is EdgeStatus.REVOKED:
        revoking = await tx.certificates.of(certificate.public_id)
        await tx.jobs.drop(JobKind.REVOKE, certificate.public_id)
        await tx.certificates.move(
            revoking, State.REVOKED, tag=AuditTag.CERTIFICATE_REVOKED, detail=dict(_WHY), confirmed_revoked_at=tx.now
        )


@dataclass(frozen=True)
class _Unknown:
    """Live certificates that no row knows, told by name and serial number; ``strays`` are the bot's own of an earlier
    life, by Cloudflare's id: their keys died with it, and they are to be revoked.
    """

    marked: tuple[str, ...]
    unmarked: tuple[str, ...]
    strays: tuple[str, ...]


async def _unknown(tx: Transaction, there: _There) -> _Unknown:
    """What no row knows. Strays are kept in mind until Cloudflare says that they are revoked. Whoever was given up is
    no news: the sweep revokes it.
    """
    known = await tx.blocks.known()
    live = {one: it.facts for one, it in there.listed.items() if it.is_live and it.facts and one not in known}
    ordered = await tx.adoptions.known_keys([facts.public_key_sha256 for facts in live.values()])
    marked, unmarked, strays = [], [], []
    for cloudflare_id, facts in live.items():
        told = f"{facts.common_name or '?'} ({facts.serial})"
        if not (facts.organizational_unit or "").startswith(MARK):
            unmarked += [] if facts.public_key_sha256 in ordered else [told]
        elif facts.common_name == COMMON_NAME:
            strays.append(cloudflare_id)
            await tx.blocks.keep(facts.fingerprint_sha256, cloudflare_id, confirmed=False, expires_at=facts.not_after)
        else:
            marked.append(told)
    return _Unknown(tuple(marked), tuple(unmarked), tuple(strays))


async def _rule(tx: Transaction, there: _There) -> list[str]:
    """Whatever the rule turns away stays turned away; answers what of it is to be revoked at Cloudflare too."""
    known = await tx.blocks.known()
    by_fingerprint = {one.facts.fingerprint_sha256: one for one in there.listed.values() if one.facts is not None}
    strays = []
    for fingerprint in there.said.fingerprints:
        listed = by_fingerprint.get(fingerprint)
        if listed is None:
            await tx.blocks.keep(fingerprint, None, confirmed=True, expires_at=None)
            continue
        is_revoked = listed.edge.status is EdgeStatus.REVOKED
        expires_at = listed.facts.not_after if listed.facts else None
        await tx.blocks.keep(fingerprint, listed.edge.cloudflare_id, confirmed=is_revoked, expires_at=expires_at)
        if not is_revoked and listed.edge.cloudflare_id not in known:
            strays.append(listed.edge.cloudflare_id)
    return strays


async def _hosts(tx: Transaction, there: _There, found: Differences) -> Differences:
    """A host that the rule protects stays protected; one that the backup alone knows is protected again."""
    rows = {one.host: one for one in await tx.hosts.all()}
    kept = [host for host in there.said.hosts if host not in rows or rows[host].state is not HostState.PROTECTED]
    for host in kept:
        await tx.hosts.found_in_rule(host)
    locked = [host for host, row in rows.items() if host not in there.said.hosts and row.state is HostState.PROTECTED]
    known = set((await tx.blocks.known()).values())
    turned_away = len([one for one in there.said.fingerprints if one not in known])
    return replace(found, hosts_kept=tuple(kept), hosts_locked=tuple(locked), turned_away=turned_away)


async def _paths(tx: Transaction, there: _There, found: Differences) -> Differences:
    """A path stays open where the rule has it too, until the earlier of both ends; every other one is closed."""
    now = int(tx.now.timestamp())
    open_there = {_spot(one): one.closes_at for one in there.said.exceptions if one.closes_at > now}
    closed = []
    for path in await tx.paths.not_ended():
        until = open_there.pop(_spot(path.as_exception), None)
        if path.state in PATH_IN_RULE and until is not None and path.closes_at > tx.now:
            await _kept(tx, path, datetime.fromtimestamp(until, UTC))
            continue
        closed.append(path.shown)
        if until is None:
            await _closed(tx, path)
        else:
            # Said to be closed once the rule without it is written.
            await close_in(tx, path, PathEnd.RESTORED, None, AuditTag.PATH_CLOSE_ASKED_ON_SERVER)
    unknown = tuple(f"{one.host}{shortened(one.path)}" for one in there.said.exceptions if _spot(one) in open_there)
    return replace(found, paths_closed=tuple(closed), paths_unknown=unknown)


async def _kept(tx: Transaction, path: OpenPath, until: datetime) -> None:
    ends = min(path.closes_at, until)
    if ends != path.closes_at:
        path = await tx.paths.record(path, tag=AuditTag.PATH_RESTORED, detail=dict(_WHY), closes_at=ends)
    await tx.jobs.add(JobKind.END_PATH, path.public_id, due_at=ends)


async def _closed(tx: Transaction, path: OpenPath) -> None:
    why = path.end or PathEnd.RESTORED
    await events.refresh(
        tx, await tx.paths.move(path, PathState.CLOSED, tag=AuditTag.PATH_CLOSED, detail={"why": why}, end=why)
    )


async def _lock_down(tx: Transaction, zone: str) -> None:
    """Nobody gets in, by the rule: so it stays, until an admin ends it."""
    facts = await tx.rules.of_zone(zone)
    await tx.rules.order(
        zone,
        AuditTag.LOCKDOWN_EVERYTHING,
        SYSTEM,
        detail=dict(_WHY),
        lockdown_at=facts.lockdown_at or tx.now,
        everything_at=facts.everything_at or tx.now,
    )


def _spot(one: PathException) -> PathException:
    """The exception without its end, and however it may be sent: the same path is the same opening."""
    return replace(one, closes_at=0, sent=None)


async def _revoke(app: AppContext, cloudflare_id: str) -> None:
    """Once, now: what fails is tried again by the sweep, which knows all of these."""
    try:
        status = await app.edge.revoke(cloudflare_id)
    except (EdgeTrouble, StaleAction) as trouble:
        _log.warning("not revoked yet", trouble=type(trouble).__name__)
        return
    if status is EdgeStatus.REVOKED:
        async with app.store.write() as tx:
            await tx.blocks.kept_confirmed(cloudflare_id)
