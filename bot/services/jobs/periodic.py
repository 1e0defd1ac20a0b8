"""What nobody taps for: after a restart, and every five minutes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.errors import EdgeTrouble, StaleAction
from bot.model.audit import SYSTEM, AuditTag
from bot.model.certificates.at_cloudflare import EdgeCertificate, EdgeStatus
from bot.model.certificates.certificates import Certificate, Origin, Purpose, RevokeReason, State
from bot.model.notices import Forgotten, FoundActive
from bot.pki.certificates import read_certificate
from bot.services.certificates import renewal
from bot.services.certificates.revoke import revoke_unopened
from bot.services.clock_skew import has_passed_at_cloudflare
from bot.services.context import STRAYS_WATCHED, AppContext
from bot.services.desired_rule import order_write_if_locked
from bot.services.membership import members
from bot.services.notifications import weekly_digest
from bot.services.notifications.enqueue import enqueue_for_admins
from bot.services.notifications.message_removal import schedule_chat_clean_up
from bot.services.openings import leases
from bot.services.people.requests import run_out
from bot.services.proofs import probe_certificates
from bot.services.protection import detect_drift, earlier_rules, proof_schedule

_log = structlog.get_logger()
_COUNT_EVERY = timedelta(minutes=30)


async def after_restart(app: AppContext) -> None:
    """The vault is empty: take back every file whose password was never shown, and say so."""
    async with app.store.write() as tx:
        for certificate in await tx.certificates.in_state(State.ACTIVE):
            if _unopened(certificate) and app.vault.look(certificate.public_id) is None:
                await revoke_unopened(tx, certificate, RevokeReason.RESTARTED, Forgotten)
        await probe_certificates.after_restart(tx)
        # The token may have been given its right while we were away.
        await tx.jobs.bring_lacking_forward()


async def regular(app: AppContext) -> None:
    """What has run out, old inbox rows, the rule, what appeared for keys we gave up, used slots."""
    await _expire(app)
    await members.run_out(app)
    async with app.store.write() as tx:
        await tx.jobs.repair_due_times()
        await run_out(tx)
        await leases.move_on(tx)
        await leases.ask_whether_needed(tx)
        await tx.inbox.forget_old()
        await probe_certificates.keep_fresh(tx)
        await renewal.remind(tx, app.policy.time_zone)
        if app.policy.digest:
            await weekly_digest.send_weekly(tx, app.policy.zone, app.policy.time_zone)
        await proof_schedule.daily(tx, app.policy.zone)
        since = tx.now - STRAYS_WATCHED
        given_up = bool(await tx.certificates.failed_since(since) or await tx.probes.failed_since(since))
        unconfirmed = (*await tx.certificates.revoked_unconfirmed(), *await tx.blocks.kept_unconfirmed())
        zone = await tx.zones.of_name(app.policy.zone)
        counted = zone.counted_at is not None and zone.counted_at <= tx.now < zone.counted_at + _COUNT_EVERY
    await detect_drift.watch(app)
    await earlier_rules.watch(app)
    if given_up or unconfirmed or not counted:
        await _compare(app)


def _unopened(certificate: Certificate) -> bool:
    return (
        certificate.origin is Origin.MADE_HERE
        and certificate.purpose is Purpose.DEVICE
        and certificate.password_shown_at is None
        and certificate.works_at is None
        and certificate.cleaned_at is None
    )


async def _expire(app: AppContext) -> None:
    async with app.store.read() as tx:
        past = await tx.certificates.past_expiry()
    ends = [certificate.expires_at for certificate in past if certificate.expires_at is not None]
    if not ends or not await has_passed_at_cloudflare(app, max(ends), unasked=False):
        return
    async with app.store.write() as tx:
        for certificate in await tx.certificates.past_expiry():
            await tx.certificates.move(certificate, State.EXPIRED, tag=AuditTag.CERTIFICATE_EXPIRED)
            if certificate.cleaned_at is None:
                await schedule_chat_clean_up(tx, certificate)


async def _compare(app: AppContext) -> None:
    """Ask Cloudflare what is valid there: count slots, revoke again what was given back, and what appeared for a key
    we gave up, however long ago: the bot may have been off meanwhile.

    What is not among them is looked at by itself where that matters: Cloudflare lists revoked ones for good.
    """
    asked_at = app.clock.now()
    try:
        live, quota = await app.edge.live_certificates(), await app.edge.certificate_quota()
    except EdgeTrouble as trouble:
        _log.warning("certificates not compared", trouble=type(trouble).__name__)
        return
    ids = frozenset(found.cloudflare_id for found in live)
    async with app.store.read() as tx:
        missing = await probe_certificates.missing(tx, ids)
    gone = [one for one in missing if await _status(app, one) in {EdgeStatus.PENDING_REVOCATION, EdgeStatus.REVOKED}]
    async with app.store.write() as tx:
        await tx.zones.counted(app.policy.zone, len(live), quota)
        taken_back = await probe_certificates.compare(tx, ids, gone)
    for cloudflare_id in taken_back:
        await _revoked(app, cloudflare_id)
    await _revoke_again(app, live, asked_at)
    await _confirm_again(app)
    await _confirm_kept(app)
    await _revoke_strays(app, live)


async def _revoke_strays(app: AppContext, live: Sequence[EdgeCertificate]) -> None:
    async with app.store.read() as tx:
        ordered = await tx.adoptions.known_ids([found.cloudflare_id for found in live])
        keys = {found.cloudflare_id: _key_of(found.pem or "") for found in live if found.cloudflare_id not in ordered}
        given_up = await tx.adoptions.given_up([key for key in keys.values() if key is not None])
    for cloudflare_id, key in keys.items():
        stray = given_up.get(key or "")
        if stray is not None and await _revoked(app, cloudflare_id):
            async with app.store.write() as tx:
                detail = {"cloudflare_id": cloudflare_id}
                await tx.audit.write(AuditTag.STRAY_REVOKED, actor=SYSTEM, subject=stray, detail=detail)


async def _revoke_again(app: AppContext, live: Sequence[EdgeCertificate], asked_at: datetime) -> None:
    """A revoked certificate can be given back by anybody who may edit the zone: not with us.

    Only what was confirmed before the list was fetched counts, and Cloudflare is asked once more: a list may lag.
    """
    async with app.store.read() as tx:
        suspects = await tx.certificates.revoked_of([found.cloudflare_id for found in live])
    for certificate in suspects:
        confirmed = certificate.confirmed_revoked_at
        meanwhile = confirmed is None or asked_at <= confirmed <= app.clock.now()
        if meanwhile or await _status(app, certificate.cloudflare_id or "") is not EdgeStatus.ACTIVE:
            continue
        async with app.store.write() as tx:
            try:
                await tx.certificates.record(
                    certificate, tag=AuditTag.CERTIFICATE_FOUND_ACTIVE, never_restore=True, confirmed_revoked_at=None
                )
            except StaleAction:
                continue
            await order_write_if_locked(tx)
            await enqueue_for_admins(tx, FoundActive, certificate)
        await _revoked(app, certificate.cloudflare_id or "")


async def _confirm_again(app: AppContext) -> None:
    """What was found active again is confirmed once Cloudflare says ``revoked``; until then it is revoked again."""
    async with app.store.read() as tx:
        waiting = await tx.certificates.revoked_unconfirmed()
    for certificate in waiting:
        status = await _status(app, certificate.cloudflare_id or "")
        if status is EdgeStatus.ACTIVE:
            await _revoked(app, certificate.cloudflare_id or "")
        elif status is EdgeStatus.REVOKED:
            async with app.store.write() as tx:
                with suppress(StaleAction):
                    await tx.certificates.record(
                        certificate, tag=AuditTag.CERTIFICATE_REVOKED, confirmed_revoked_at=tx.now
                    )


async def _confirm_kept(app: AppContext) -> None:
    """What the rule turned away before a backup was restored is revoked at Cloudflare too."""
    async with app.store.read() as tx:
        waiting = await tx.blocks.kept_unconfirmed()
    for cloudflare_id in waiting:
        status = await _status(app, cloudflare_id)
        if status is EdgeStatus.REVOKED:
            async with app.store.write() as tx:
                await tx.blocks.kept_confirmed(cloudflare_id)
        elif status is not None and status.holds_slot:
            await _revoked(app, cloudflare_id)


async def _status(app: AppContext, cloudflare_id: str) -> EdgeStatus | None:
    """What Cloudflare says of one now; ``None`` where it says nothing."""
    try:
        return (await app.edge.status(cloudflare_id)).status
    except EdgeTrouble:
        return None


def _key_of(pem: str) -> str | None:
    try:
        return read_certificate(pem).public_key_sha256
    except ValueError:
        return None


async def _revoked(app: AppContext, cloudflare_id: str) -> bool:
    try:
        await app.edge.revoke(cloudflare_id)
    except EdgeTrouble as trouble:
        _log.warning("not revoked yet", trouble=type(trouble).__name__)
        return False
    return True
