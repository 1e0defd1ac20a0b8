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

from bot.edge.gateway import EdgeStatus
from bot.errors import Busy, CertificateQuotaFull, EdgeTrouble, Gone, RefusedByEdge, RetryAt, Unclear
from bot.model.audit import Tag
from bot.model.certificates import KeyType, State
from bot.model.chores import Chore, ChoreKind
from bot.model.identity import new_public_id
from bot.model.probes import ASKED_DAYS, COMMON_NAME, ProbeCertificate
from bot.pki.keys import make_key, public_key_sha256
from bot.pki.requests import SubjectName, make_request
from bot.services.parts import Parts
from bot.services.probes import usable
from bot.services.signing import LOOK_AFTER, Signed, checked, found

_log = structlog.get_logger()
_AGAIN_SECONDS = (2.0, 5.0, 15.0, 60.0, 300.0)
_STUCK_AGAIN = timedelta(hours=1)
_MOST, _MOST_WITHIN = 20, timedelta(hours=24)
"""Cloudflare forgets no certificate: one that dies with every start shall not fill its list."""


async def probe(parts: Parts, chore: Chore) -> None:
    """Revoke what is left over, then make what is missing, if somebody wants it."""
    had = await _usable(parts, State.ACTIVE)
    await _settle_unfinished(parts, chore)
    await _retire_what_is_over(parts)
    await _revoke_retired(parts, chore)
    if chore.payload.get("make"):
        if not await _usable(parts, State.REVOKING, State.REVOKED):
            if not await _usable(parts, State.ACTIVE):
                await _make(parts, chore)
            await _retire(parts, await _rows(parts, State.ACTIVE), "to-be-revoked")
            await _revoke_retired(parts, chore)
        if not await _usable(parts, State.ACTIVE):
            await _make(parts, chore)
    await _forget_old_keys(parts)
    if not had and await _usable(parts, State.ACTIVE):
        await _have_looked(parts)
    if await _rows(parts, State.REVOKING):
        raise RetryAt(_later(parts, chore), chore.payload)


async def _have_looked(parts: Parts) -> None:
    """What waited for something to look with looks now."""
    async with parts.store.write() as tx:
        await tx.chores.bring_kind_forward(ChoreKind.WATCH_RULE)


async def _settle_unfinished(parts: Parts, chore: Chore) -> None:
    """One that was being made: look for it when its outcome was unclear, give it up when its key is lost."""
    for row in await _rows(parts, State.ISSUING):
        if "unclear_since" in chore.payload and parts.vault.look(row.public_id) is not None:
            await _look_again(parts, chore, row)
        else:
            await _fail(parts, row, "restarted")


async def _retire_what_is_over(parts: Parts) -> None:
    """Live ones that are too old, or that only a process now gone could show."""
    live = await _rows(parts, State.ACTIVE)
    kept = usable(live, parts.vault, parts.clock.now())[:1]
    await _retire(parts, tuple(row for row in live if row not in kept), "over")


async def _retire(parts: Parts, rows: tuple[ProbeCertificate, ...], why: str) -> None:
    async with parts.store.write() as tx:
        for row in rows:
            # The sweep may have seen it revoked meanwhile.
            with suppress(Gone):
                await tx.probes.move(row, State.REVOKING, tag=Tag.PROBE_REVOKE_DECIDED, detail={"why": why})


async def _revoke_retired(parts: Parts, chore: Chore) -> None:
    """Bring what is retired to ``revoked``; one on its way there holds no slot any more and may take its time."""
    for row in await _rows(parts, State.REVOKING):
        try:
            status = await _revoked(parts, row.cloudflare_id or "")
        except RefusedByEdge:
            # Of another zone, say: nothing to be revoked here, and nothing to be shown as revoked.
            parts.vault.drop(row.public_id)
            status = EdgeStatus.REVOKED
        except EdgeTrouble as trouble:
            raise _not_now(parts, chore, trouble) from None
        if status is EdgeStatus.REVOKED:
            async with parts.store.write() as tx:
                await tx.probes.move(row, State.REVOKED, tag=Tag.PROBE_REVOKED, confirmed_revoked_at=tx.now)
                await tx.zones.shift_used(parts.policy.zone, -1)


async def _revoked(parts: Parts, cloudflare_id: str) -> EdgeStatus:
    status = (await parts.edge.status(cloudflare_id)).status
    return await parts.edge.revoke(cloudflare_id) if status.holds_slot else status


async def _make(parts: Parts, chore: Chore) -> None:
    """Have one signed."""
    refused = bool(chore.payload.get("ec_refused"))
    async with parts.store.read() as tx:
        if await tx.probes.count_since(tx.now - _MOST_WITHIN) >= _MOST:
            raise RetryAt(tx.now + _STUCK_AGAIN, chore.payload)
        needs_rsa = refused or (await tx.zones.of_name(parts.policy.zone)).needs_rsa
    kind = KeyType.RSA2048 if needs_rsa else KeyType.P256
    key = await asyncio.to_thread(make_key, kind)
    name = public_key_sha256(key.public_key())
    public_id = new_public_id()
    parts.vault.keep(public_id, key)
    async with parts.store.write() as tx:
        row = await tx.probes.order(public_id, key_type=kind, public_key_sha256=name)
    csr = make_request(key, SubjectName(COMMON_NAME, "", row.organizational_unit))
    try:
        signed = checked(await parts.edge.sign(csr, ASKED_DAYS), name)
    except Unclear:
        await _look_again(parts, chore, row)
    except RefusedByEdge as refusal:
        await _fail(parts, row, "refused")
        full = isinstance(refusal, CertificateQuotaFull)
        if kind is KeyType.P256 and not full and await _has_room(parts):
            raise RetryAt(parts.clock.now(), {**chore.payload, "ec_refused": True}) from None
        # Both kinds were refused: it was not the kind.
        raise _not_now(parts, replace(chore, payload={"make": True}), refusal) from None
    except EdgeTrouble as trouble:
        await _fail(parts, row, type(trouble).__name__)
        raise _not_now(parts, chore, trouble) from None
    else:
        await _signed(parts, row, signed, now_rsa=refused)


async def _look_again(parts: Parts, chore: Chore, row: ProbeCertificate) -> None:
    """Look for a certificate of our key, three times; then give it up. What appears later is revoked as a stray."""
    now = parts.clock.now()
    since = datetime.fromisoformat(chore.payload.get("unclear_since", now.isoformat()))
    looks = int(chore.payload.get("looks", 0))
    rest = {name: value for name, value in chore.payload.items() if name not in {"unclear_since", "looks"}}
    try:
        signed = found(await parts.edge.live_certificates(), row.public_key_sha256)
    except EdgeTrouble:
        if looks + 1 < len(LOOK_AFTER):
            payload = {**rest, "unclear_since": since.isoformat(), "looks": looks + 1}
            raise RetryAt(max(since + LOOK_AFTER[looks + 1], now), payload) from None
        await _fail(parts, row, "unclear")
        raise RetryAt(_later(parts, chore), rest) from None
    await _signed(parts, row, signed)
    await _have_looked(parts)
    # From here on nothing is unclear any more.
    raise RetryAt(now, rest)


async def _signed(parts: Parts, row: ProbeCertificate, signed: Signed, *, now_rsa: bool = False) -> None:
    parts.vault.certified(row.public_id, signed.pem)
    async with parts.store.write() as tx:
        await tx.probes.move(
            row,
            State.ACTIVE,
            tag=Tag.PROBE_ISSUED,
            detail={"serial": signed.facts.serial, "fingerprint": signed.facts.fingerprint_sha256},
            cloudflare_id=signed.cloudflare_id,
            serial=signed.facts.serial,
            fingerprint_sha256=signed.facts.fingerprint_sha256,
            issued_at=signed.facts.not_before,
            expires_at=signed.facts.not_after,
        )
        await tx.zones.shift_used(parts.policy.zone, 1)
        if now_rsa:
            await tx.zones.needs_rsa(parts.policy.zone)


async def _fail(parts: Parts, row: ProbeCertificate, why: str) -> None:
    parts.vault.drop(row.public_id)
    async with parts.store.write() as tx:
        await tx.probes.move(row, State.FAILED, tag=Tag.PROBE_FAILED, detail={"why": why}, failed_at=tx.now)


async def _has_room(parts: Parts) -> bool:
    try:
        return len(await parts.edge.live_certificates()) < await parts.edge.certificate_quota()
    except EdgeTrouble:
        return False


async def _forget_old_keys(parts: Parts) -> None:
    """Only the newest revoked one is shown to the edge."""
    for row in (await _rows(parts, State.REVOKING, State.REVOKED))[1:]:
        parts.vault.drop(row.public_id)


async def _rows(parts: Parts, *states: State) -> tuple[ProbeCertificate, ...]:
    async with parts.store.read() as tx:
        return await tx.probes.in_state(*states)


async def _usable(parts: Parts, *states: State) -> bool:
    return bool(usable(await _rows(parts, *states), parts.vault, parts.clock.now()))


def _not_now(parts: Parts, chore: Chore, trouble: EdgeTrouble) -> RetryAt:
    _log.warning("no certificate to look at the edge with yet", trouble=type(trouble).__name__)
    if isinstance(trouble, Busy):
        return RetryAt(parts.clock.now() + timedelta(seconds=trouble.retry_after), chore.payload)
    if isinstance(trouble, Unclear):
        return RetryAt(_later(parts, chore), chore.payload)
    return RetryAt(parts.clock.now() + _STUCK_AGAIN, chore.payload)


def _later(parts: Parts, chore: Chore) -> datetime:
    seconds = _AGAIN_SECONDS[min(chore.attempts, len(_AGAIN_SECONDS) - 1)]
    return parts.clock.now() + timedelta(seconds=seconds)
