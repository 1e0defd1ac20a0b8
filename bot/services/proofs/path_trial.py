"""An open path is tried, with and without a certificate, and what came of it is kept."""

from datetime import timedelta

from bot.errors import RetryAt, StaleAction
from bot.model.audit import AuditTag
from bot.model.jobs import Job
from bot.model.openings.paths import OpenPath, PathState
from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.proofs.proofs import AttemptKind, Proof
from bot.services.context import AppContext
from bot.services.openings import events
from bot.services.openings.jobs import path_of
from bot.services.proofs import results
from bot.services.proofs.prove import prove_path

_TRY_AGAIN_SECONDS = (1.0, 1.0, 2.0, 3.0, 5.0, 10.0, 30.0, 60.0)


_PASSING = frozenset({Cause.TIME_OUT, Cause.NO_CONNECTION, Cause.CUT_OFF, Cause.TOO_MANY})


async def try_path(app: AppContext, job: Job) -> None:
    """Request an open path without a certificate, and one beside it; keep what came of it."""
    path = await path_of(app, job)
    met_before = path.tried is not None and path.tried.verdict is not Verdict.BLOCKED
    wanted = job.payload.get("asked", False)
    if path.state is not PathState.OPEN or not (wanted or (path.can_be_tried and not met_before)):
        return
    if wanted:
        await _keep_try(app, path, await app.prober.look(path.url, method=path.try_method))
        return
    proof = await prove_path(app, path)
    look = next(one.look for one in proof.tried if one.trial is AttemptKind.PATH)
    again = _may_change(look) and not job.payload.get("once")
    if again and job.attempts < len(_TRY_AGAIN_SECONDS):
        raise RetryAt(app.clock.now() + timedelta(seconds=_TRY_AGAIN_SECONDS[job.attempts]))
    await _keep_try(app, path, look, proof)


async def _keep_try(app: AppContext, path: OpenPath, look: ProbeResult, proof: Proof | None = None) -> None:
    """Keep what a try met, and show it."""
    async with app.store.write() as tx:
        try:
            tried = await tx.paths.record(
                path,
                tag=AuditTag.PATH_TRIED,
                detail={"met": f"{look.verdict} {look.status or look.why}"},
                tried_verdict=look.verdict,
                tried_status=look.status,
            )
        except StaleAction:
            return
        if proof is not None:
            await results.store_proof(tx, (proof,))
        await events.refresh(tx, tried)


def _may_change(look: ProbeResult) -> bool:
    """Whether looking once more may tell something else: the edge has not got the rule yet, or nothing answered."""
    return look.verdict is Verdict.BLOCKED or look.why in _PASSING
