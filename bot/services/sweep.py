"""What nobody taps for: after a restart, and every five minutes."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from bot.edge.gateway import EdgeCertificate, EdgeStatus
from bot.errors import EdgeTrouble, Gone
from bot.model.audit import SYSTEM, Tag
from bot.model.certificates import Certificate, Origin, Purpose, RevokeReason, State
from bot.model.notices import Forgotten, FoundActive
from bot.pki.certificates import read_certificate
from bot.services import digest, earlier_rules, leases, members, probes, proof_orders, renewing, rule_watch
from bot.services.parts import STRAYS_WATCHED, Parts
from bot.services.removal import clear_chat
from bot.services.requesting import run_out
from bot.services.revoking import take_back
from bot.services.right_time import has_come
from bot.services.ruling import follow
from bot.services.telling_later import tell_admins

_log = structlog.get_logger()
_COUNT_EVERY = timedelta(minutes=30)


async def after_restart(parts: Parts) -> None:
    """The vault is empty: take back every file whose password was never shown, and say so."""
    async with parts.store.write() as tx:
        for certificate in await tx.certificates.in_state(State.ACTIVE):
            if _unopened(certificate) and parts.vault.look(certificate.public_id) is None:
                await take_back(tx, certificate, RevokeReason.RESTARTED, Forgotten)
        await probes.after_restart(tx)
        # The token may have been given its right while we were away.
        await tx.chores.bring_lacking_forward()


async def regular(parts: Parts) -> None:
    """What has run out, old inbox rows, the rule, what appeared for keys we gave up, used slots."""
    await _expire(parts)
    await members.run_out(parts)
    async with parts.store.write() as tx:
        await tx.chores.mend_times()
        await run_out(tx)
        await leases.move_on(tx)
        await leases.ask_whether_needed(tx)
        await tx.inbox.forget_old()
        await probes.keep_fresh(tx)
        await renewing.remind(tx, parts.policy.time_zone)
        if parts.policy.digest:
            await digest.send_weekly(tx, parts.policy.zone, parts.policy.time_zone)
        await proof_orders.daily(tx, parts.policy.zone)
        since = tx.now - STRAYS_WATCHED
        given_up = bool(await tx.certificates.failed_since(since) or await tx.probes.failed_since(since))
        unconfirmed = (*await tx.certificates.revoked_unconfirmed(), *await tx.blocks.kept_unconfirmed())
        zone = await tx.zones.of_name(parts.policy.zone)
        counted = zone.counted_at is not None and zone.counted_at <= tx.now < zone.counted_at + _COUNT_EVERY
    await rule_watch.watch(parts)
    await earlier_rules.watch(parts)
    if given_up or unconfirmed or not counted:
        await _compare(parts)


def _unopened(certificate: Certificate) -> bool:
    return (
        certificate.origin is Origin.MADE_HERE
        and certificate.purpose is Purpose.DEVICE
        and certificate.password_shown_at is None
        and certificate.works_at is None
        and certificate.cleaned_at is None
    )


async def _expire(parts: Parts) -> None:
    async with parts.store.read() as tx:
        past = await tx.certificates.past_expiry()
    ends = [certificate.expires_at for certificate in past if certificate.expires_at is not None]
    if not ends or not await has_come(parts, max(ends), unasked=False):
        return
    async with parts.store.write() as tx:
        for certificate in await tx.certificates.past_expiry():
            await tx.certificates.move(certificate, State.EXPIRED, tag=Tag.CERTIFICATE_EXPIRED)
            if certificate.cleaned_at is None:
                await clear_chat(tx, certificate)


async def _compare(parts: Parts) -> None:
    """Ask Cloudflare what is valid there: count slots, revoke again what was given back, and what appeared for a key
    we gave up, however long ago: the bot may have been off meanwhile.

    What is not among them is looked at by itself where that matters: Cloudflare lists revoked ones for good.
    """
    asked_at = parts.clock.now()
    try:
        live, quota = await parts.edge.live_certificates(), await parts.edge.certificate_quota()
    except EdgeTrouble as trouble:
        _log.warning("certificates not compared", trouble=type(trouble).__name__)
        return
    ids = frozenset(found.cloudflare_id for found in live)
    async with parts.store.read() as tx:
        missing = await probes.missing(tx, ids)
    gone = [one for one in missing if await _status(parts, one) in {EdgeStatus.PENDING_REVOCATION, EdgeStatus.REVOKED}]
    async with parts.store.write() as tx:
        await tx.zones.counted(parts.policy.zone, len(live), quota)
        taken_back = await probes.compare(tx, ids, gone)
    for cloudflare_id in taken_back:
        await _revoked(parts, cloudflare_id)
    await _revoke_again(parts, live, asked_at)
    await _confirm_again(parts)
    await _confirm_kept(parts)
    await _revoke_strays(parts, live)


async def _revoke_strays(parts: Parts, live: Sequence[EdgeCertificate]) -> None:
    async with parts.store.read() as tx:
        ordered = await tx.adoptions.known_ids([found.cloudflare_id for found in live])
        keys = {found.cloudflare_id: _key_of(found.pem or "") for found in live if found.cloudflare_id not in ordered}
        given_up = await tx.adoptions.given_up([key for key in keys.values() if key is not None])
    for cloudflare_id, key in keys.items():
        stray = given_up.get(key or "")
        if stray is not None and await _revoked(parts, cloudflare_id):
            async with parts.store.write() as tx:
                detail = {"cloudflare_id": cloudflare_id}
                await tx.audit.write(Tag.STRAY_REVOKED, actor=SYSTEM, subject=stray, detail=detail)


async def _revoke_again(parts: Parts, live: Sequence[EdgeCertificate], asked_at: datetime) -> None:
    """A revoked certificate can be given back by anybody who may edit the zone: not with us.

    Only what was confirmed before the list was fetched counts, and Cloudflare is asked once more: a list may lag.
    """
    async with parts.store.read() as tx:
        suspects = await tx.certificates.revoked_of([found.cloudflare_id for found in live])
    for certificate in suspects:
        confirmed = certificate.confirmed_revoked_at
        meanwhile = confirmed is None or asked_at <= confirmed <= parts.clock.now()
        if meanwhile or await _status(parts, certificate.cloudflare_id or "") is not EdgeStatus.ACTIVE:
            continue
        async with parts.store.write() as tx:
            try:
                await tx.certificates.note(
                    certificate, tag=Tag.CERTIFICATE_FOUND_ACTIVE, never_restore=True, confirmed_revoked_at=None
                )
            except Gone:
                continue
            await follow(tx)
            await tell_admins(tx, FoundActive, certificate)
        await _revoked(parts, certificate.cloudflare_id or "")


async def _confirm_again(parts: Parts) -> None:
    """What was found active again is confirmed once Cloudflare says ``revoked``; until then it is revoked again."""
    async with parts.store.read() as tx:
        waiting = await tx.certificates.revoked_unconfirmed()
    for certificate in waiting:
        status = await _status(parts, certificate.cloudflare_id or "")
        if status is EdgeStatus.ACTIVE:
            await _revoked(parts, certificate.cloudflare_id or "")
        elif status is EdgeStatus.REVOKED:
            async with parts.store.write() as tx:
                with suppress(Gone):
                    await tx.certificates.note(certificate, tag=Tag.CERTIFICATE_REVOKED, confirmed_revoked_at=tx.now)


async def _confirm_kept(parts: Parts) -> None:
    """What the rule turned away before a backup was restored is revoked at Cloudflare too."""
    async with parts.store.read() as tx:
        waiting = await tx.blocks.kept_unconfirmed()
    for cloudflare_id in waiting:
        status = await _status(parts, cloudflare_id)
        if status is EdgeStatus.REVOKED:
            async with parts.store.write() as tx:
                await tx.blocks.kept_confirmed(cloudflare_id)
        elif status is not None and status.holds_slot:
            await _revoked(parts, cloudflare_id)


async def _status(parts: Parts, cloudflare_id: str) -> EdgeStatus | None:
    """What Cloudflare says of one now; ``None`` where it says nothing."""
    try:
        return (await parts.edge.status(cloudflare_id)).status
    except EdgeTrouble:
        return None


def _key_of(pem: str) -> str | None:
    try:
        return read_certificate(pem).public_key_sha256
    except ValueError:
        return None


async def _revoked(parts: Parts, cloudflare_id: str) -> bool:
    try:
        await parts.edge.revoke(cloudflare_id)
    except EdgeTrouble as trouble:
        _log.warning("not revoked yet", trouble=type(trouble).__name__)
        return False
    return True
