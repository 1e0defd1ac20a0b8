"""Making and revoking the bot's own certificates: one live, one revoked, and never two that hold a slot.

The revoked one has been the live one: with each new live one that before it is revoked. The first time, one is made
only to be revoked. As with any certificate its key is named in the database before Cloudflare hears of it, and a
request is never posted twice.
"""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.errors import Busy, CertificateQuotaFull, EdgeTrouble, RefusedByEdge, RetryAt, StaleAction, Unclear
from bot.model.audit import AuditTag
from bot.model.certificates.at_cloudflare import EdgeStatus
from bot.model.certificates.certificates import KeyType, State
from bot.model.jobs import Job, JobKind
from bot.model.proofs.probe_certificates import ASKED_DAYS, COMMON_NAME, ProbeCertificate
from bot.model.public_id import new_public_id
from bot.pki.keys import make_key, public_key_sha256
from bot.pki.requests import SubjectName, make_request
from bot.services.certificates.match_signed import LOOK_AFTER, Signed, checked, found
from bot.services.context import AppContext
from bot.services.proofs.probe_certificates import usable

_log = structlog.get_logger()
_AGAIN_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)
_STUCK_AGAIN = timedelta(hours=1)
_MOST, _MOST_WITHIN = 20, timedelta(hours=24)
"""Cloudflare forgets no certificate: one that dies with every start shall not fill its list."""


async def probe(app: AppContext, job: Job) -> None:
    """Revoke what is left over, then make what is missing, if somebody wants it."""
    had = await _usable(app, State.ACTIVE)
    await _settle_unfinished(app, job)
    await _retire_what_is_over(app)
    await _revoke_retired(app, job)
    if job.payload.get("make"):
        if not await _usable(app, State.REVOKING, State.REVOKED):
            if not await _usable(app, State.ACTIVE):
                await _make(app, job)
            await _retire(app, await _rows(app, State.ACTIVE), "to-be-revoked")
            await _revoke_retired(app, job)
        if not await _usable(app, State.ACTIVE):
            await _make(app, job)
    await _forget_old_keys(app)
    if not had and await _usable(app, State.ACTIVE):
        await _have_looked(app)
    if await _rows(app, State.REVOKING):
        raise RetryAt(_later(app, job), job.payload)


async def _have_looked(app: AppContext) -> None:
    """What waited for something to look with looks now."""
    async with app.store.write() as tx:
        await tx.jobs.bring_kind_forward(JobKind.WATCH_RULE)


async def _settle_unfinished(app: AppContext, job: Job) -> None:
    """One that was being made: look for it when its outcome was unclear, give it up when its key is lost."""
    for row in await _rows(app, State.ISSUING):
        if "unclear_since" in job.payload and app.vault.look(row.public_id) is not None:
            await _look_again(app, job, row)
        else:
            await _fail(app, row, "restarted")


async def _retire_what_is_over(app: AppContext) -> None:
    """Live ones that are too old, or that only a process now gone could show."""
    live = await _rows(app, State.ACTIVE)
    kept = usable(live, app.vault, app.clock.now())[:1]
    await _retire(app, tuple(row for row in live if row not in kept), "over")


async def _retire(app: AppContext, rows: tuple[ProbeCertificate, ...], why: str) -> None:
    async with app.store.write() as tx:
        for row in rows:
            # The sweep may have seen it revoked meanwhile.
            with suppress(StaleAction):
                await tx.probes.move(row, State.REVOKING, tag=AuditTag.PROBE_REVOKE_DECIDED, detail={"why": why})


async def _revoke_retired(app: AppContext, job: Job) -> None:
    """Bring what is retired to ``revoked``; one on its way there holds no slot any more and may take its time."""
    for row in await _rows(app, State.REVOKING):
        try:
            status = await _revoked(app, row.cloudflare_id or "")
        except RefusedByEdge:
            # Of another zone, say: nothing to be revoked here, and nothing to be shown as revoked.
            app.vault.drop(row.public_id)
            status = EdgeStatus.REVOKED
        except EdgeTrouble as trouble:
            raise _not_now(app, job, trouble) from None
        if status is EdgeStatus.REVOKED:
            async with app.store.write() as tx:
                await tx.probes.move(row, State.REVOKED, tag=AuditTag.PROBE_REVOKED, confirmed_revoked_at=tx.now)
                await tx.zones.shift_used(app.policy.zone, -1)


async def _revoked(app: AppContext, cloudflare_id: str) -> EdgeStatus:
    status = (await app.edge.status(cloudflare_id)).status
    return await app.edge.revoke(cloudflare_id) if status.holds_slot else status


async def _make(app: AppContext, job: Job) -> None:
    """Have one signed."""
    refused = bool(job.payload.get("ec_refused"))
    async with app.store.read() as tx:
        if await tx.probes.count_since(tx.now - _MOST_WITHIN) >= _MOST:
            raise RetryAt(tx.now + _STUCK_AGAIN, job.payload)
        needs_rsa = refused or (await tx.zones.of_name(app.policy.zone)).needs_rsa
    kind = KeyType.RSA2048 if needs_rsa else KeyType.P256
    key = await asyncio.to_thread(make_key, kind)
    name = public_key_sha256(key.public_key())
    public_id = new_public_id()
    app.vault.keep(public_id, key)
    async with app.store.write() as tx:
        row = await tx.probes.order(public_id, key_type=kind, public_key_sha256=name)
    csr = make_request(key, SubjectName(COMMON_NAME, "", row.organizational_unit))
    try:
        signed = checked(await app.edge.sign(csr, ASKED_DAYS), name)
    except Unclear:
        await _look_again(app, job, row)
    except RefusedByEdge as refusal:
        await _fail(app, row, "refused")
        full = isinstance(refusal, CertificateQuotaFull)
        if kind is KeyType.P256 and not full and await _has_room(app):
            raise RetryAt(app.clock.now(), {**job.payload, "ec_refused": True}) from None
        # Both kinds were refused: it was not the kind.
        raise _not_now(app, replace(job, payload={"make": True}), refusal) from None
    except EdgeTrouble as trouble:
        await _fail(app, row, type(trouble).__name__)
        raise _not_now(app, job, trouble) from None
    else:
        await _signed(app, row, signed, now_rsa=refused)


async def _look_again(app: AppContext, job: Job, row: ProbeCertificate) -> None:
    """Look for a certificate of our key, three times; then give it up. What appears later is revoked as a stray."""
    now = app.clock.now()
    since = datetime.fromisoformat(job.payload.get("unclear_since", now.isoformat()))
    looks = int(job.payload.get("looks", 0))
    rest = {name: value for name, value in job.payload.items() if name not in {"unclear_since", "looks"}}
    try:
        signed = found(await app.edge.live_certificates(), row.public_key_sha256)
    except EdgeTrouble:
        if looks + 1 < len(LOOK_AFTER):
            payload = {**rest, "unclear_since": since.isoformat(), "looks": looks + 1}
            raise RetryAt(max(since + LOOK_AFTER[looks + 1], now), payload) from None
        await _fail(app, row, "unclear")
        raise RetryAt(_later(app, job), rest) from None
    await _signed(app, row, signed)
    await _have_looked(app)
    # From here on nothing is unclear any more.
    raise RetryAt(now, rest)


async def _signed(app: AppContext, row: ProbeCertificate, signed: Signed, *, now_rsa: bool = False) -> None:
    app.vault.certified(row.public_id, signed.pem)
    async with app.store.write() as tx:
        await tx.probes.move(
            row,
            State.ACTIVE,
            tag=AuditTag.PROBE_ISSUED,
            detail={"serial": signed.facts.serial, "fingerprint": signed.facts.fingerprint_sha256},
            cloudflare_id=signed.cloudflare_id,
            serial=signed.facts.serial,
            fingerprint_sha256=signed.facts.fingerprint_sha256,
            issued_at=signed.facts.not_before,
            expires_at=signed.facts.not_after,
        )
        await tx.zones.shift_used(app.policy.zone, 1)
        if now_rsa:
            await tx.zones.needs_rsa(app.policy.zone)


async def _fail(app: AppContext, row: ProbeCertificate, why: str) -> None:
    app.vault.drop(row.public_id)
    async with app.store.write() as tx:
        await tx.probes.move(row, State.FAILED, tag=AuditTag.PROBE_FAILED, detail={"why": why}, failed_at=tx.now)


async def _has_room(app: AppContext) -> bool:
    try:
        return len(await app.edge.live_certificates()) < await app.edge.certificate_quota()
    except EdgeTrouble:
        return False


async def _forget_old_keys(app: AppContext) -> None:
    """Only the newest revoked one is shown to the edge."""
    for row in (await _rows(app, State.REVOKING, State.REVOKED))[1:]:
        app.vault.drop(row.public_id)


async def _rows(app: AppContext, *states: State) -> tuple[ProbeCertificate, ...]:
    async with app.store.read() as tx:
        return await tx.probes.in_state(*states)


async def _usable(app: AppContext, *states: State) -> bool:
    return bool(usable(await _rows(app, *states), app.vault, app.clock.now()))


def _not_now(app: AppContext, job: Job, trouble: EdgeTrouble) -> RetryAt:
    _log.warning("no certificate to look at the edge with yet", trouble=type(trouble).__name__)
    if isinstance(trouble, Busy):
        return RetryAt(app.clock.now() + timedelta(seconds=trouble.retry_after), job.payload)
    if isinstance(trouble, Unclear):
        return RetryAt(_later(app, job), job.payload)
    return RetryAt(app.clock.now() + _STUCK_AGAIN, job.payload)


def _later(app: AppContext, job: Job) -> datetime:
    seconds = _AGAIN_SECONDS[min(job.attempts, len(_AGAIN_SECONDS) - 1)]
    return app.clock.now() + timedelta(seconds=seconds)
