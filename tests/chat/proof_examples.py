"""Examples of what is told about proofs, for the tests of words."""

from datetime import UTC, datetime

from bot.model.probing import Look, Verdict, Why
from bot.model.proofs import Mode, Proof, ProofRed, ProofReport, Trial, Tried

AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def proofs(hostile: str) -> tuple[Proof, ...]:
    """Each way to knock with each verdict, one host and one path a verdict, in each mode."""
    looks = [Look(verdict, 200, why) for verdict in Verdict for why in Why]
    return tuple(
        Proof(
            kind=kind,
            subject="ha.example.com",
            label=hostile,
            mode=mode,
            tried=tuple(Tried(trial, look, "8443" if trial is Trial.PORT else "") for trial in Trial),
            at=AT,
        )
        for look in looks
        for kind in ("host", "path")
        for mode in Mode
    )


def reports(hostile: str) -> list[ProofReport | ProofRed]:
    """Reports of one proof each, of all there can be at once, and of none."""
    every = proofs(hostile)
    return [
        *(ProofReport(proofs=(one,)) for one in every),
        *(ProofReport(proofs=every[:6], waiting=waiting, makes_certificates=bool(waiting)) for waiting in (0, 3)),
        *(ProofReport(proofs=(), no_list=no_list, ours=ours) for no_list in (True, False) for ours in (True, False)),
        *(ProofRed((one,)) for one in every if one.ways_in),
    ]
