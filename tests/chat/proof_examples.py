"""Examples of what is told about proofs, for the tests of words."""

from datetime import UTC, datetime

from bot.model.proofs.probe_results import Cause, ProbeResult, Verdict
from bot.model.proofs.proofs import Attempt, AttemptKind, LockMode, Proof, ProofRed, ProofReport
from tests.chat import earlier_examples

OTHER_NAMES = ("photos2.example.com", "*.example.com", "example.com")
AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def proofs(hostile: str) -> tuple[Proof, ...]:
    """Each way to knock with each verdict, one host and one path a verdict, in each mode."""
    looks = [ProbeResult(verdict, 200, why) for verdict in Verdict for why in Cause]
    return tuple(
        Proof(
            kind=kind,
            subject="ha.example.com",
            label=hostile,
            mode=mode,
            tried=tuple(
                Attempt(trial, look, detail)
                for trial in AttemptKind
                for detail in {AttemptKind.PORT: ("8443",), AttemptKind.OTHER_NAME: OTHER_NAMES}.get(trial, ("",))
            ),
            at=AT,
        )
        for look in looks
        for kind in ("host", "path")
        for mode in LockMode
    )


def reports(hostile: str) -> list[ProofReport | ProofRed]:
    """Reports of one proof each, of all there can be at once, and of none."""
    every = proofs(hostile)
    return [
        *(ProofReport(proofs=(one,)) for one in every),
        *(ProofReport(proofs=every[:6], waiting=waiting, makes_certificates=bool(waiting)) for waiting in (0, 3)),
        *(ProofReport(proofs=(one,), earlier=earlier_examples.earlier(hostile)) for one in every[:3]),
        *(ProofReport(proofs=every[:1], names=names) for names in earlier_examples.names(hostile)),
        *(ProofReport(proofs=(), no_list=no_list, ours=ours) for no_list in (True, False) for ours in (True, False)),
        *(ProofRed((one,)) for one in every if one.ways_in),
    ]
