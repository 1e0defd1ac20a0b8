"""Proving the lock for whoever has the server: by the running bot, or here where none runs.

The keys of the bot's own certificates are in its memory alone. So a running bot does it, and without one certificates
are made for this once, and revoked at the end.
"""

from datetime import datetime, timedelta

from bot.errors import RetryAt
from bot.model.jobs import Job, JobKind
from bot.model.proofs.proofs import Proof, ProofReport
from bot.model.public_id import new_public_id
from bot.services.context import AppContext
from bot.services.proofs import probe_certificates
from bot.services.proofs.probe_certificates import PROBE
from bot.services.proofs.probe_job import probe
from bot.services.proofs.prove import has_targets, prove
from bot.services.protection.proof_schedule import PROVE

_LOOK_SECONDS = 0.3
_CLEARING = timedelta(seconds=30)
_ASKED_HERE = "asked_here"


async def by_the_bot(app: AppContext, within: timedelta) -> tuple[Proof, ...] | None:
    """Have the running bot prove all of it; ``None`` where it has not done so in time, and then it will not."""
    mark, until = new_public_id(), app.clock.now() + within
    async with app.store.write() as tx:
        before = (await tx.proofs.last(app.policy.zone)).at
        await tx.jobs.add(JobKind.PROVE, PROVE, payload={_ASKED_HERE: mark})
    try:
        while app.clock.now() < until:
            await app.clock.wait(_LOOK_SECONDS)
            async with app.store.read() as tx:
                if not any(_is_marked(one, mark) for one in await tx.jobs.of_subject(JobKind.PROVE, PROVE)):
                    proven = (await tx.proofs.last(app.policy.zone)).at != before
                    return await tx.proofs.all() if proven else ()
    finally:
        async with app.store.write() as tx:
            for one in await tx.jobs.of_subject(JobKind.PROVE, PROVE):
                if _is_marked(one, mark):
                    await tx.jobs.done(one.id)
    return None


async def here(app: AppContext, within: timedelta) -> ProofReport:
    """Prove all of it in this process. Nothing that was made for it stays valid, or unknown.

    Where Cloudflare gives no certificates in time, what needs them is unclear.
    """
    if not await has_targets(app):
        return await prove(app)
    try:
        await probe_certificates.pair(app.store, app.vault)
        await _carry_out(app, app.clock.now() + within)
        return await prove(app)
    finally:
        await _clear(app)


async def _clear(app: AppContext) -> None:
    """Without its key a certificate is of no use: what was made is revoked, and none is made after this."""
    app.vault.clear()
    async with app.store.write() as tx:
        for one in await tx.jobs.of_subject(JobKind.PROBE, PROBE):
            await tx.jobs.done(one.id)
        await tx.jobs.add(JobKind.PROBE, PROBE)
    await _carry_out(app, app.clock.now() + _CLEARING)


async def _carry_out(app: AppContext, until: datetime) -> None:
    """Make and revoke as ordered; what does not come about in time stays ordered, and the bot goes on with it."""
    while app.clock.now() < until:
        async with app.store.read() as tx:
            chore = next(iter(await tx.jobs.of_subject(JobKind.PROBE, PROBE)), None)
        if chore is None or chore.due_at > until:
            return
        if chore.due_at > app.clock.now():
            await app.clock.wait(_LOOK_SECONDS)
            continue
        await _do(app, chore)


async def _do(app: AppContext, job: Job) -> None:
    later = None
    try:
        await probe(app, job)
    except RetryAt as retry:
        later = retry
    async with app.store.write() as tx:
        if later is None:
            await tx.jobs.done(job.id)
        else:
            await tx.jobs.put_off(job, later.at, later.payload)


def _is_marked(job: Job, mark: str) -> bool:
    return bool(job.payload.get(_ASKED_HERE) == mark)
