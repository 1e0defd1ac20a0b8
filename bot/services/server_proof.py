"""Proving the lock for whoever has the server: by the running bot, or here where none runs.

The keys of the bot's own certificates are in its memory alone. So a running bot does it, and without one certificates
are made for this once, and revoked at the end.
"""

from datetime import datetime, timedelta

from bot.errors import RetryAt
from bot.model.chores import Chore, ChoreKind
from bot.model.identity import new_public_id
from bot.model.proofs import Proof, ProofReport
from bot.services import probes
from bot.services.chores.probe import probe
from bot.services.parts import Parts
from bot.services.probes import PROBE
from bot.services.proof_orders import PROVE
from bot.services.proving import has_targets, prove

_LOOK_SECONDS = 0.3
_CLEARING = timedelta(seconds=30)
_ASKED_HERE = "asked_here"


async def by_the_bot(parts: Parts, within: timedelta) -> tuple[Proof, ...] | None:
    """Have the running bot prove all of it; ``None`` where it has not done so in time, and then it will not."""
    mark, until = new_public_id(), parts.clock.now() + within
    async with parts.store.write() as tx:
        before = (await tx.proofs.last(parts.policy.zone)).at
        await tx.chores.add(ChoreKind.PROVE, PROVE, payload={_ASKED_HERE: mark})
    try:
        while parts.clock.now() < until:
            await parts.clock.wait(_LOOK_SECONDS)
            async with parts.store.read() as tx:
                if not any(_is_marked(one, mark) for one in await tx.chores.of_subject(ChoreKind.PROVE, PROVE)):
                    proven = (await tx.proofs.last(parts.policy.zone)).at != before
                    return await tx.proofs.all() if proven else ()
    finally:
        async with parts.store.write() as tx:
            for one in await tx.chores.of_subject(ChoreKind.PROVE, PROVE):
                if _is_marked(one, mark):
                    await tx.chores.done(one.id)
    return None


async def here(parts: Parts, within: timedelta) -> ProofReport:
    """Prove all of it in this process. Nothing that was made for it stays valid, or unknown.

    Where Cloudflare gives no certificates in time, what needs them is unclear.
    """
    if not await has_targets(parts):
        return await prove(parts)
    try:
        await probes.pair(parts.store, parts.vault)
        await _carry_out(parts, parts.clock.now() + within)
        return await prove(parts)
    finally:
        await _clear(parts)


async def _clear(parts: Parts) -> None:
    """Without its key a certificate is of no use: what was made is revoked, and none is made after this."""
    parts.vault.clear()
    async with parts.store.write() as tx:
        for one in await tx.chores.of_subject(ChoreKind.PROBE, PROBE):
            await tx.chores.done(one.id)
        await tx.chores.add(ChoreKind.PROBE, PROBE)
    await _carry_out(parts, parts.clock.now() + _CLEARING)


async def _carry_out(parts: Parts, until: datetime) -> None:
    """Make and revoke as ordered; what does not come about in time stays ordered, and the bot goes on with it."""
    while parts.clock.now() < until:
        async with parts.store.read() as tx:
            chore = next(iter(await tx.chores.of_subject(ChoreKind.PROBE, PROBE)), None)
        if chore is None or chore.due_at > until:
            return
        if chore.due_at > parts.clock.now():
            await parts.clock.wait(_LOOK_SECONDS)
            continue
        await _do(parts, chore)


async def _do(parts: Parts, chore: Chore) -> None:
    later = None
    try:
        await probe(parts, chore)
    except RetryAt as retry:
        later = retry
    async with parts.store.write() as tx:
        if later is None:
            await tx.chores.done(chore.id)
        else:
            await tx.chores.put_off(chore, later.at, later.payload)


def _is_marked(chore: Chore, mark: str) -> bool:
    return bool(chore.payload.get(_ASKED_HERE) == mark)
